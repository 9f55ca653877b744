/*
 * Images in a row: guests that go back to the firmware when they wait live beside each other on one native stack, and
 * the stream of each is a parameter of the one behind it, whose image says which. Nobody is in between: row.h.
 */
#ifndef RILL_IMAGE_ROW_H
#define RILL_IMAGE_ROW_H

#include "guest.h"

/** Images in a row at most. */
#ifndef IMAGE_ROW_MAX
#define IMAGE_ROW_MAX 8u
#endif

/**
 * Loads the images of a row, makes an instance of each, and ties them.
 * @param first  with the first image open
 * @param images where all of them lie
 * @param count  of them, at most IMAGE_ROW_MAX
 * @param limits as for the first image alone
 * @param at     gets the place in the row of the image that an error is of
 * @returns 0, a RILL_ERR_IMAGE_* or a GUEST_ERR_* code, with `first->text`; in all cases image_row_unload is due
 */
int image_row_load(struct guest_set *first, const uint8_t *const *images, uint32_t count,
                   const struct rill_image_limits *limits, uint32_t *at);

/** Runs all guests to their end. @returns 0, GUEST_ERR_TRAP or GUEST_ERR_HUNG */
int image_row_run(struct guest_set *first);

/** Whether a guest of the row imports a function that the firmware lacks. @param at gets its place in the row */
bool image_row_lacks_functions(uint32_t *at);

/** Whether it is a guest's of the row. */
bool image_row_has(const struct rill_host *host);

/** Places for calls of the guest, which may be alone: see calls.h. */
uint32_t image_row_calls(const struct rill_host *host);

/** Returns the calls whose time has come of all guests of the row; of this one, if it is alone. @returns whether any */
int image_row_tell_time(const struct rill_host *host);

/** When the first of those calls is due; CALLS_NEVER. */
uint64_t image_row_next_due(const struct rill_host *host);

/** Takes everything away. */
void image_row_unload(struct guest_set *first);

#endif
