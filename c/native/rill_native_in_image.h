/*
 * rill_native_in_image: the runtime of a guest that is compiled into an image. For code that
 * `rill pack --format native-image` generates.
 */
#ifndef RILL_NATIVE_IN_IMAGE_H
#define RILL_NATIVE_IN_IMAGE_H

#include "rill_image_code.h"
#include "rill_native_trap.h"

#include <stdbool.h>
#include <stddef.h>

/* The headers of c/native pass instances on by this name. */
#define rill_native rill_image_instance

/** Ends the guest. Out of line: a guest has many places that may trap. */
RILL_NATIVE_NORETURN RILL_NATIVE_OUT_OF_LINE RILL_NATIVE_UNUSED static void
rill_native_trap(struct rill_image_instance *instance, enum rill_native_trap why)
{
    instance->calls->trap(instance, (uint32_t)why);
    for (;;) {
    }
}

#endif
