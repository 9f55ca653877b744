/*
 * Guests whose machine code lies in an image: runs it where it lies, and serves what it calls with rill_native.h. For
 * a firmware that was built with RILL_ALLOW_NATIVE.
 *
 * The code is trusted: it may do whatever the firmware may. What holds a guest is what was compiled into its code.
 */
#ifndef RILL_IMAGE_NATIVE_H
#define RILL_IMAGE_NATIVE_H

#include "rill_image.h"
#include "rill_image_code.h"
#include "rill_native.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One instance: as many bytes as rill_image_native_bytes says, at a multiple of 8. All else is private. */
struct rill_image_native {
    struct rill_native base;
    const struct rill_type *types; /* the image's element types, as rill_image_types fills them in */
    struct rill_image_instance instance RILL_NATIVE_ALIGNED;
};

/*
 * @param image of machine code: rill_image_open has accepted it, and `is_native` is set
 * @param guest its host set up by rill_host_init, `base.returned` and `types` set
 */

/**
 * What an instance takes.
 * @returns bytes
 */
uint32_t rill_image_native_bytes(const struct rill_image *image);

/**
 * Gives an instance its first values.
 * @returns false when the guest's start function traps
 */
bool rill_image_native_init(struct rill_image_native *guest, const struct rill_image *image);

/**
 * Calls the guest's function.
 * @param arguments one word for each parameter
 * @returns false when the guest traps, with the reason in `base.host.trap`; it must not run again
 */
bool rill_image_native_run(struct rill_image_native *guest, const struct rill_image *image, const uint32_t *arguments);

#ifdef __cplusplus
}
#endif

#endif
