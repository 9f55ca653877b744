/*
 * The entry of a guest whose parameters or result are more than streams, or that goes back to the firmware while it
 * waits: the computer gives the arguments and takes the result (remote.h). The same for images and for guests as C;
 * engine.h is what differs.
 */
#ifndef RILL_ENTRY_H
#define RILL_ENTRY_H

#include "engine.h"
#include "remote.h"

#ifndef RILL_FIRMWARE_NATIVE
/** Bytes that the words of the entry's parameters take; there is room for a result in their place. */
uint32_t entry_bytes(const struct rill_image *image);

/** Core values of the image's result that is no stream: what task.return takes. */
uint32_t entry_result_cells(const struct rill_image *image);
#endif

/** Calls the entry. @param context a struct entry_call. @returns 1; 0 when the guest has trapped */
int entry_run(void *context);

/**
 * The guest calls task.return with a value.
 * @param count its core values
 * @returns as `returned` of struct rill_guest
 */
bool entry_returned(remote_guest *guest, const uint64_t *values, uint32_t count);

#endif
