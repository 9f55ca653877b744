/*
 * Functions that guests import: those that the firmware implements itself, and all others, whose calls the computer
 * answers (remote.h). Each is known by its hash, so one of another signature is another function.
 */
#ifndef RILL_FUNCTIONS_H
#define RILL_FUNCTIONS_H

#include "rill_image.h"

/**
 * Names the image's functions that the firmware does not implement: a line `import HASH` each.
 * @returns how many there are
 */
uint32_t functions_name_missing(const struct rill_image *image);

#endif
