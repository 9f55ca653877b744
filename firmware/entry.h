/*
 * The entry of an image whose parameters or result are more than streams: the computer gives the arguments and takes
 * the result (remote.h).
 */
#ifndef RILL_ENTRY_H
#define RILL_ENTRY_H

#include "rill_image_wamr.h"

/** The name of the export that a sync entry's result is given back to, if there is one. */
#define ENTRY_POST_RETURN "p"

/** Bytes that the words of the entry's parameters take; there is room for a result in their place. */
uint32_t entry_bytes(const struct rill_image *image);

/** A task of an entry. */
struct entry_call {
    const struct rill_image *image;
    struct rill_guest *guest;
    wasm_exec_env_t env;
    wasm_function_inst_t entry;
    uint32_t *words; /* of its parameters; the streams' handles are there already */
};

/** Calls the entry. @param context a struct entry_call. @returns 1; 0 when the guest has trapped */
int entry_run(void *context);

/** The guest calls task.return with a value. @returns as `returned` of struct rill_guest */
bool entry_returned(const struct rill_image *image, struct rill_guest *guest, const uint64_t *values);

#endif
