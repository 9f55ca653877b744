/*
 * Links the module of an image with the C host. See rill_image_wamr.h.
 */
#include "rill_image_wamr.h"

#include <string.h>

#ifdef RILL_IMAGE_FUNCTIONS
#define ELEMENT(type) rill_image_element(type)
#else
#define ELEMENT(type) (type)
#endif

/** Serves a call of which no short way is known. */
static void serve_any(wasm_exec_env_t env, const struct rill_guest *guest, uint8_t byte, uint64_t *args)
{
    const struct rill_image_import entry = rill_image_import_of(byte);
    struct rill_import import;

    import.element = guest != NULL ? ELEMENT(&guest->types[entry.type]) : NULL;
#ifdef RILL_WITH_TASKS
    if (entry.builtin == RILL_TASK_RETURN) {
        /* `rill pack` has compared the result's type; firmware calls entries without one. */
        import.element = NULL;
    }
#endif
    import.builtin = entry.builtin;
    import.is_async = entry.is_async;
    import.is_future = entry.is_future;
    rill_wamr_call(env, &import, args);
}

/* The attachment of a native is the entry of the image's import table, plus one so that it is not NULL. */
static void serve(wasm_exec_env_t env, uint64_t *args)
{
    const uint8_t byte = (uint8_t)((uintptr_t)wasm_runtime_get_function_attachment(env) - 1u);
    struct rill_guest *guest = wasm_runtime_get_custom_data(wasm_runtime_get_module_inst(env));
    const uint8_t what = byte & 0x3Fu;

    if (guest != NULL && (what == (RILL_READ | RILL_IMPORT_ASYNC) || what == (RILL_WRITE | RILL_IMPORT_ASYNC))
        && rill_wamr_copy_one(guest, what == (RILL_READ | RILL_IMPORT_ASYNC) ? RILL_READABLE : RILL_WRITABLE,
                              &guest->types[byte >> 6], args)) {
        return;
    }
    serve_any(env, guest, byte, args);
}

/* The core signature of a built-in: a guest whose import has another one is not linked. */
static const char *signature_of(struct rill_image_import import)
{
#ifdef RILL_IMAGE_FUNCTIONS
    static const char *const signatures[RILL_YIELD + 1u] = {
#else
    static const char *const signatures[RILL_IMAGE_BUILTINS] = {
#endif
        "()I",
        "(iii)i",
        "(iii)i",
        "(i)i",
        "(i)i",
        "(i)",
        "(i)",
        "()i",
        "(ii)i",
        "(ii)i",
        "(i)",
        "(ii)",
        "(i)i",
        "(i)",
        "(i)",
#ifdef RILL_IMAGE_FUNCTIONS
        NULL,
        "()",
        "()",
        "()",
        "()i",
        "(i)",
        "()i",
#endif
    };

    if (import.is_future != 0u && (import.builtin == RILL_READ || import.builtin == RILL_WRITE)) {
        return "(ii)i";
    }
    return signatures[import.builtin];
}

wasm_module_t rill_image_load(const struct rill_image *image, uint8_t *bytes, bool is_freeable, void *room, char *error,
                              uint32_t error_length)
{
    const uint32_t count = image->import_count;
    NativeSymbol *natives = room;
    /* SAFETY: RILL_IMAGE_LINK_BYTES counts a name of two characters behind each native. */
    char(*names)[2] = (char(*)[2])(natives + count);
    wasm_module_t module = NULL;
    LoadArgs arguments;
    uint32_t i;
#ifdef RILL_IMAGE_FUNCTIONS
    struct rill_image_row row = {NULL, NULL};
#endif

    for (i = 0u; i < count; i++) {
        const struct rill_image_import import = rill_image_import(image, i);
#ifdef RILL_IMAGE_FUNCTIONS
        const uint32_t entry = rill_image_import_entry(image, i);
#else
        const uint32_t entry = import.builtin | import.is_future * RILL_IMPORT_FUTURE
                               | import.is_async * RILL_IMPORT_ASYNC | (uint32_t)import.type << 6;
#endif
        names[i][0] = rill_image_import_letter(i);
        names[i][1] = '\0';
        natives[i].symbol = names[i];
        natives[i].func_ptr = (void *)(uintptr_t)serve;
        natives[i].signature = signature_of(import);
        natives[i].attachment = (void *)((uintptr_t)entry + 1u);
#ifdef RILL_IMAGE_FUNCTIONS
        if (rill_image_next_row(image, import, &row)) {
            natives[i].signature = row.signature;
            if (import.builtin == RILL_IMAGE_CALL) {
                natives[i].func_ptr = (void *)(uintptr_t)rill_image_call;
                /* WAMR only hands the attachment back. */
                natives[i].attachment = (void *)((uintptr_t)row.hash | import.is_async);
            }
        }
#endif
    }
    (void)memset(&arguments, 0, sizeof arguments);
    arguments.name = (char *)(uintptr_t) "";
    arguments.wasm_binary_freeable = is_freeable;
    if (wasm_runtime_register_natives_raw(RILL_IMAGE_MODULE, natives, count)) {
        module = wasm_runtime_load_ex(bytes, image->module_length, &arguments, error, error_length);
        (void)wasm_runtime_unregister_natives(RILL_IMAGE_MODULE, natives);
    }
    return module;
}
