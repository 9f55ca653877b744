/*
 * Guests from images on WAMR: links the module of an image with the C host. No table is left behind in RAM: WAMR
 * resolves imports while it loads, and each import carries its meaning with it.
 */
#ifndef RILL_IMAGE_WAMR_H
#define RILL_IMAGE_WAMR_H

#include "rill_image.h"
#include "rill_wamr.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes of room for linking `count` imports: what WAMR wants to know of each, and its name. */
#define RILL_IMAGE_LINK_BYTES(count) ((uint32_t)((count) * (sizeof(NativeSymbol) + 2u)))

/**
 * Loads the module of an image.
 * @param image        open: rill_image_open has accepted it
 * @param bytes        the module: image->module itself where the interpreter leaves it alone (fast, `is_freeable`
 *                     true), else a copy of it in RAM at a multiple of 4
 * @param is_freeable  whether WAMR keeps no pointer into `bytes`
 * @param room         RILL_IMAGE_LINK_BYTES(image->import_count) bytes, aligned as a pointer
 * @param error        gets WAMR's text when it fails
 * @param error_length bytes of `error`
 * @returns the module; NULL when WAMR refuses it. Check rill_wamr_is_linked: an import of another signature is not
 *          linked
 * Lends: `room`, for the call; `bytes`, until the module is unloaded
 */
wasm_module_t rill_image_load(const struct rill_image *image, uint8_t *bytes, bool is_freeable, void *room, char *error,
                              uint32_t error_length);

#ifdef RILL_IMAGE_FUNCTIONS
/**
 * Serves one call of an imported function: the embedder's, which with RILL_IMAGE_FUNCTIONS has to define it. What is
 * called says wasm_runtime_get_function_attachment: the address of the row's hash (struct rill_image_row, at a multiple
 * of 4), plus 1 when the guest has lowered it with `async`.
 * @param env  what the guest's code runs in; its instance has the guest as custom data
 * @param args the core values, 64 bits each; the first gets the result, where there is one
 * Lends: `args`, for the call
 */
void rill_image_call(wasm_exec_env_t env, uint64_t *args);
#endif

#ifdef __cplusplus
}
#endif

#endif
