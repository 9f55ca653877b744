/*
 * rill_image_code: what a firmware and the machine code in an image (rill_image.h) agree on. Its version is in
 * RILL_IMAGE_NATIVE: a change of anything here is a new one.
 *
 * The code runs wherever it lies and has no variables of its own: what it changes lies in its instance, which the
 * firmware gives it. The code keeps to the procedure call standard of its core; on Cortex-M it is Thumb.
 *
 *   offset bytes of an instance, at a multiple of 8; `pool` of the image's header says how many there are
 *        0     4 calls      the firmware's functions
 *        4     4 depth      calls on the stack, of functions that may call themselves
 *        8       linear memory, `memory` of the image's header says how many bytes; all zeros before the first call
 *                the code's own: globals
 */
#ifndef RILL_IMAGE_CODE_H
#define RILL_IMAGE_CODE_H

#include <stdint.h>

struct rill_image_instance;

/** What the code calls. Each may jump out of it, to whoever called its entry. */
struct rill_image_calls {
    /**
     * A built-in.
     * @param import its entry in the image's import table
     * @param a      its arguments, in order; 0 behind the last
     * @returns its result, 0 without
     */
    uint64_t (*call)(struct rill_image_instance *instance, uint32_t import, uint32_t a, uint32_t b, uint32_t c);
    /**
     * A stream's read or write of one element, declared with `async`: what most calls are.
     * @param import as above
     * @param handle of the end
     * @param ptr    the element's address in linear memory
     * @returns the packed result
     */
    uint32_t (*copy_one)(struct rill_image_instance *instance, uint32_t import, uint32_t handle, uint32_t ptr);
    /** Ends the guest, and does not come back. @param why enum rill_native_trap */
    void (*trap)(struct rill_image_instance *instance, uint32_t why);
};

/** What an instance begins with. */
struct rill_image_instance {
    const struct rill_image_calls *calls;
    uint32_t depth;
};

/**
 * The entry, where the code begins.
 * @param arguments of the exported function, one word each; NULL to give the instance its first values
 */
typedef void (*rill_image_code_entry)(struct rill_image_instance *instance, const uint32_t *arguments);

#endif
