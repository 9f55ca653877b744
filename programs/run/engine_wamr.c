/*
 * rill-run: guests on WAMR.
 */
#include "../desktop/start_wamr.h"
#include "instance_wamr.h"
#include "run.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define MAX_INSTANCES 4096u
/** Cells of 32 bits: those of 64 take two. */
#define WAMR_CELLS (2u * MAX_CELLS)

const int engine_argument_count = 4;
const char *const engine_usage = "MODULE POOL_BYTES STACK_BYTES INSTANCES";

static struct rill_end ends[MAX_WORKS][RUN_HANDLES];
static struct rill_stream streams[MAX_WORKS][RUN_STREAMS];
static wasm_exec_env_t envs[MAX_WORKS];

/** Bytes of the pool. */
struct pool_use {
    uint32_t runtime;
    uint32_t module;
    uint32_t instance;
    uint32_t further_instance;
    uint32_t exec_env;
};

static struct pool_use use;

static void start_runtime(uint32_t pool_bytes)
{
    /* One runtime serves all guests of a row. */
    if (WORK_INDEX == 0u && !start_wamr(pool_bytes)) {
        fail("the pool is too small for the runtime", "");
    }
    if (!rill_wamr_register(job.imports, job.import_count, job.natives)) {
        fail("the pool is too small for the natives", "");
    }
}

/** Loads the module and makes its instances; the first one runs. */
static void set_up(const char *path, uint32_t pool_bytes, uint32_t stack_bytes, uint32_t instances)
{
    wasm_module_t module;
    wasm_module_inst_t first;
    uint32_t before = pool_bytes;
    uint32_t i;

    start_runtime(pool_bytes);
    use.runtime = before - pool_free();
    before = pool_free();
    module = load_module(path);
    use.module = before - pool_free();
    before = pool_free();
    first = make_instance(module, stack_bytes);
    use.instance = before - pool_free();
    before = pool_free();
    for (i = 1; i < instances; i++) {
        (void)make_instance(module, stack_bytes);
    }
    use.further_instance = instances > 1 ? (before - pool_free()) / (instances - 1) : 0;
    before = pool_free();
    envs[WORK_INDEX] = wasm_runtime_create_exec_env(first, stack_bytes);
    if (envs[WORK_INDEX] == NULL) {
        fail("the pool is too small for the execution environment", "");
    }
    use.exec_env = before - pool_free();
}

static bool returned(struct rill_guest *guest, const uint64_t *values)
{
    return lift_returned(&guest->host, values);
}

#ifdef RUN_IMPORTS
static bool called(struct rill_guest *guest, const struct rill_import *import, const uint64_t *args, uint64_t *result)
{
    return serve_import(&guest->host, (uint32_t)(import - job.imports), args, result);
}
#endif

void engine_start(char **arguments, const struct rill_port *port)
{
    const uint32_t instances = (uint32_t)strtoul(arguments[3], NULL, 10);

    if (instances == 0 || instances > MAX_INSTANCES) {
        fail("INSTANCES is out of range", arguments[3]);
    }
    set_up(arguments[0], (uint32_t)strtoul(arguments[1], NULL, 10), (uint32_t)strtoul(arguments[2], NULL, 10),
           instances);
    rill_host_init(&job.guest.host, ends[WORK_INDEX], RUN_HANDLES, streams[WORK_INDEX], RUN_STREAMS, port, NULL);
    job.guest.returned = returned;
#ifdef RUN_IMPORTS
    job.guest.called = called;
#endif
    rill_wamr_attach(&job.guest, wasm_runtime_get_module_inst(envs[WORK_INDEX]));
#ifdef RILL_WITH_LISTS
    rill_wamr_lists(&job.guest, envs[WORK_INDEX], (enum rill_encoding)job.encoding);
#endif
}

static wasm_module_inst_t instance(void)
{
    return wasm_runtime_get_module_inst(envs[WORK_INDEX]);
}

engine_function engine_find(const char *name)
{
    return wasm_runtime_lookup_function(instance(), name);
}

/* WAMR takes functions that it does not change by pointers that would let it. */
static wasm_function_inst_t wamr_function(engine_function function)
{
    return (wasm_function_inst_t)(uintptr_t)function;
}

uint32_t engine_param_count(engine_function function)
{
    return wasm_func_get_param_count(wamr_function(function), instance());
}

static bool is_wide(wasm_valkind_t kind)
{
    return kind == WASM_I64 || kind == WASM_F64;
}

const char *engine_call(engine_function function, uint64_t *cells)
{
    const uint32_t count = engine_param_count(function);
    wasm_valkind_t kinds[MAX_CELLS] = {WASM_I32};
    uint32_t words[WAMR_CELLS] = {0};
    uint32_t used = 0;
    uint32_t i;

    wasm_func_get_param_types(wamr_function(function), instance(), kinds);
    for (i = 0; i < count; i++) {
        words[used++] = (uint32_t)cells[i];
        if (is_wide(kinds[i])) {
            words[used++] = (uint32_t)(cells[i] >> 32);
        }
    }
    if (!wasm_runtime_call_wasm(envs[WORK_INDEX], wamr_function(function), used, words)) {
        return wasm_runtime_get_exception(instance());
    }
    if (wasm_func_get_result_count(wamr_function(function), instance()) == 1) {
        wasm_func_get_result_types(wamr_function(function), instance(), kinds);
        cells[0] = is_wide(kinds[0]) ? (uint64_t)words[1] << 32 | words[0] : words[0];
    }
    rill_wamr_refresh(&job.guest.host, instance());
    return NULL;
}

void engine_print_facts(void)
{
    mem_alloc_info_t info;

    memset(&info, 0, sizeof info);
    wasm_runtime_get_mem_alloc_info(&info);
    printf(",\"host_calls\":%" PRIu32, job.guest.calls);
    printf(",\"pool\":{\"runtime\":%" PRIu32 ",\"module\":%" PRIu32 ",\"instance\":%" PRIu32, use.runtime, use.module,
           use.instance);
    printf(",\"further_instance\":%" PRIu32 ",\"exec_env\":%" PRIu32 ",\"highest\":%" PRIu32 "}", use.further_instance,
           use.exec_env, info.highmark_size);
    printf(",\"host_bytes\":{\"end\":%u,\"stream\":%u,\"host\":%u}", (unsigned)sizeof(struct rill_end),
           (unsigned)sizeof(struct rill_stream), (unsigned)sizeof(struct rill_guest));
}

#ifdef RILL_WITH_CALL_STACK
/** Prints where each function of the guest's stood when it trapped. WAMR tells it as lines: `#00: 0x01a4 - name`. */
static void print_frames(void)
{
    static char text[1u << 16];
    const char *line = text;
    const char *separator = "";

    if (wasm_runtime_dump_call_stack_to_buf(envs[WORK_INDEX], text, sizeof text) == 0) {
        text[0] = '\0';
    }
    printf(",\"frames\":[");
    while ((line = strstr(line, "\n#")) != NULL) {
        const char *offset = strstr(line, ": 0x");

        if (offset == NULL) {
            break;
        }
        line = offset + 2;
        printf("%s%lu", separator, strtoul(line, NULL, 16));
        separator = ",";
    }
    printf("]");
}
#endif

void engine_print_frames(void)
{
#ifdef RILL_WITH_CALL_STACK
    print_frames();
#endif
}
