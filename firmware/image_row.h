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

/** Takes everything away. */
void image_row_unload(struct guest_set *first);

#endif
