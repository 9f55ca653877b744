/*
 * rill-conform: the module on WAMR.
 */
#include "../desktop/start_wamr.h"
#include "conform.h"

#include <stdio.h>
#include <string.h>

#define POOL_BYTES (4u << 20)
#define STACK_BYTES 16384u
#define IMPORTS_MAX 128u

const int engine_argument_count = 1;

static struct rill_import imports[IMPORTS_MAX];
static char import_texts[IMPORTS_MAX][2][64];
static NativeSymbol natives[IMPORTS_MAX];
static uint32_t import_type[IMPORTS_MAX];
static uint32_t import_count;
static void (*serve)(wasm_exec_env_t exec_env, uint64_t *args); /* rill_wamr.c's native */
static wasm_module_t module;
static wasm_module_inst_t instance;
static wasm_exec_env_t exec_env;

void engine_import(void)
{
    struct rill_import *import = &imports[import_count];

    if (import_count == IMPORTS_MAX) {
        fail("too many imports");
    }
    (void)snprintf(import_texts[import_count][0], sizeof import_texts[0][0], "%s", word());
    (void)snprintf(import_texts[import_count][1], sizeof import_texts[0][1], "%s", word());
    import->module = "host";
    import->name = import_texts[import_count][0];
    import->signature = import_texts[import_count][1];
    import->builtin = (uint8_t)number();
    import_type[import_count] = number();
    import->is_async = (uint8_t)number();
    import->is_future = (uint8_t)number();
    if (import->builtin == RILL_TASK_RETURN) {
        import->element = &return_types[import_type[import_count] - TYPES];
    }
    import_count++;
}

/** As rill_wamr.c's native, but what may go the short way is tried both ways before. */
static void serve_both_ways(wasm_exec_env_t env, uint64_t *args)
{
    const struct rill_import *import = wasm_runtime_get_function_attachment(env);

    if ((import->builtin == RILL_READ || import->builtin == RILL_WRITE) && import->is_async != 0
        && import->is_future == 0) {
        rill_wamr_refresh(CONFORM_HOST, instance);
        try_both_ways(import->builtin == RILL_READ ? RILL_READABLE : RILL_WRITABLE, import->element, (uint32_t)args[0],
                      (uint32_t)args[1], (uint32_t)args[2]);
    }
    serve(env, args);
}

static bool register_both_ways(void)
{
    uint32_t i;

    if (!rill_wamr_register(imports, import_count, natives) || !wasm_runtime_unregister_natives("host", natives)) {
        return false;
    }
    for (i = 0; i < import_count; i++) {
        serve = (void (*)(wasm_exec_env_t, uint64_t *))(uintptr_t)natives[i].func_ptr;
        natives[i].func_ptr = (void *)(uintptr_t)serve_both_ways;
    }
    return wasm_runtime_register_natives_raw("host", natives, import_count);
}

static uint32_t take_turn(wasm_exec_env_t env, uint32_t code, uint32_t handle, uint32_t payload)
{
    uint32_t answer = 0;

    (void)env;
    if (!run_turn(code, handle, payload, &answer) && wasm_runtime_get_exception(instance) == NULL) {
        wasm_runtime_set_exception(instance, "the script has no such turn");
    }
    return answer;
}

void engine_load(char **arguments)
{
    static NativeSymbol turn = {"turn", NULL, "(iii)i", NULL};
    char error[128];
    uint32_t length = 0;
    uint8_t *bytes = read_whole_file(arguments[0], &length);

    if (bytes == NULL) {
        fail("the module cannot be read");
    }
    if (!start_wamr(POOL_BYTES)) {
        fail("WAMR does not start");
    }
    turn.func_ptr = (void *)(uintptr_t)take_turn;
    if (!register_both_ways() || !wasm_runtime_register_natives("conform", &turn, 1)) {
        fail("WAMR takes no natives");
    }
    module = wasm_runtime_load(bytes, length, error, sizeof error);
    if (module == NULL) {
        fail(error);
    }
    if (!rill_wamr_is_linked(module)) {
        fail("an import of the module has no native");
    }
}

void engine_instance(void)
{
    char error[128] = "";

    if (instance != NULL) {
        wasm_runtime_destroy_exec_env(exec_env);
        wasm_runtime_deinstantiate(instance);
    }
    instance = wasm_runtime_instantiate(module, STACK_BYTES, 0, error, sizeof error);
    exec_env = instance != NULL ? wasm_runtime_create_exec_env(instance, STACK_BYTES) : NULL;
    if (exec_env == NULL) {
        fail(error);
    }
    memset(&conform.guest, 0, sizeof conform.guest);
}

static bool guest_returned(struct rill_guest *guest, const uint64_t *values)
{
    return returned(&guest->host, values);
}

static bool guest_called(struct rill_guest *guest, const struct rill_import *import, const uint64_t *args,
                         uint64_t *result)
{
    return serve_call(&guest->host, import->is_async != 0, args, result);
}

void engine_attach(void)
{
    conform.guest.returned = guest_returned;
    conform.guest.called = guest_called;
    rill_wamr_attach(&conform.guest, instance);
    rill_wamr_lists(&conform.guest, exec_env, RILL_UTF8);
}

/** Says of the import of that name what is not in the module: its type in this script, its function in this call. */
static void bind_import(const char *name)
{
    uint32_t i;

    for (i = 0; i < import_count; i++) {
        if (strcmp(imports[i].name, name) == 0) {
            if (imports[i].builtin == RILL_IMPORT_CALL) {
                imports[i].func = conform.func_at_hand;
            } else if (import_type[i] < TYPES) {
                imports[i].element = conform.type_of[import_type[i]];
            }
        }
    }
}

bool engine_call(const char *name, uint32_t argc, uint32_t *argv)
{
    wasm_function_inst_t function = wasm_runtime_lookup_function(instance, name);

    if (function == NULL) {
        fail(name);
    }
    bind_import(name);
    return wasm_runtime_call_wasm(exec_env, function, argc, argv);
}

const char *engine_trap(void)
{
    return wasm_runtime_get_exception(instance);
}
