/*
 * Runs one function of a guest on WAMR: its streams from files, its result to a file. Reads what to do from a
 * descriptor (descriptor.c), prints facts as JSON.
 *
 *   rill-run MODULE DESCRIPTOR POOL_BYTES STACK_BYTES INSTANCES
 *
 * Files hold items in canonical layout, or a byte for each item of a stream without element type; they may be pipes.
 * Items with strings or lists are in chunks: two words, the items' count and the bytes of their space, then the items,
 * then the space, which holds UTF-8; addresses count from the space's start. Parameters and results that are values are
 * always such a chunk. Strings and lists need RILL_WITH_LISTS; a task that is called back, or calls built-ins on
 * itself, RILL_WITH_TASKS.
 */
#include "../desktop/start_wamr.h"
#include "run.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define MAX_INSTANCES 4096u
#define HANDLES 32
#define STREAMS 16

struct job job;
static struct rill_end ends[HANDLES];
static struct rill_stream streams[STREAMS];
static const struct rill_port port = {pump_all, poll_all};

void fail(const char *what, const char *detail)
{
    (void)fprintf(stderr, "rill-run: %s%s%s\n", what, detail[0] != '\0' ? ": " : "", detail);
    exit(2);
}

/** Bytes of the pool. */
struct pool_use {
    uint32_t runtime;
    uint32_t module;
    uint32_t instance;
    uint32_t further_instance;
    uint32_t exec_env;
};

/** The bytes that the pool has free. */
static uint32_t pool_free(void)
{
    mem_alloc_info_t info;

    return wasm_runtime_get_mem_alloc_info(&info) ? info.total_free_size : 0;
}

static void start_runtime(uint32_t pool_bytes)
{
    if (!start_wamr(pool_bytes)) {
        fail("the pool is too small for the runtime", "");
    }
    if (!rill_wamr_register(job.imports, job.import_count, job.natives)) {
        fail("the pool is too small for the natives", "");
    }
}

static wasm_module_t load(const char *path)
{
    char error[160] = "";
    uint32_t length = 0;
    uint8_t *bytes = read_whole_file(path, &length);
    wasm_module_t module;

    if (bytes == NULL) {
        fail("cannot be read", path);
    }
    module = wasm_runtime_load(bytes, length, error, sizeof error);
    if (module == NULL) {
        fail("the module does not load", error);
    }
    if (!rill_wamr_is_linked(module)) {
        fail("an import of the module has no native", "");
    }
    return module;
}

static wasm_module_inst_t instantiate(wasm_module_t module, uint32_t stack_bytes)
{
    char error[160] = "";
    wasm_module_inst_t instance = wasm_runtime_instantiate(module, stack_bytes, 0, error, sizeof error);

    if (instance == NULL) {
        fail("the module does not instantiate", error);
    }
    return instance;
}

/** Loads the module and makes its instances. @returns what code of the first one runs in */
static wasm_exec_env_t set_up(const char *path, uint32_t pool_bytes, uint32_t stack_bytes, uint32_t instances,
                              struct pool_use *use)
{
    wasm_module_t module;
    wasm_module_inst_t first;
    wasm_exec_env_t exec_env;
    uint32_t before = pool_bytes;
    uint32_t i;

    start_runtime(pool_bytes);
    use->runtime = before - pool_free();
    before = pool_free();
    module = load(path);
    use->module = before - pool_free();
    before = pool_free();
    first = instantiate(module, stack_bytes);
    use->instance = before - pool_free();
    before = pool_free();
    for (i = 1; i < instances; i++) {
        (void)instantiate(module, stack_bytes);
    }
    use->further_instance = instances > 1 ? (before - pool_free()) / (instances - 1) : 0;
    before = pool_free();
    exec_env = wasm_runtime_create_exec_env(first, stack_bytes);
    if (exec_env == NULL) {
        fail("the pool is too small for the execution environment", "");
    }
    use->exec_env = before - pool_free();
    return exec_env;
}

/** task.return. */
static bool take_result(struct rill_guest *of, const uint64_t *values)
{
    if (job.has_returned) {
        of->host.trap = "task.return is called twice";
        return false;
    }
    return lift_result(values, MAX_CELLS);
}

static void print_text(const char *text)
{
    printf("\"");
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') {
            printf("\\");
        }
        printf("%c", (unsigned char)*text < 32 ? ' ' : *text);
    }
    printf("\"");
}

#ifdef RILL_WITH_CALL_STACK
/** Prints where each function of the guest's stood when it trapped. WAMR tells it as lines: `#00: 0x01a4 - name`. */
static void print_frames(wasm_exec_env_t exec_env)
{
    static char text[1u << 16];
    const char *line = text;
    const char *separator = "";

    if (wasm_runtime_dump_call_stack_to_buf(exec_env, text, sizeof text) == 0) {
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

static void print_facts(const struct pool_use *use, const char *trap, wasm_exec_env_t exec_env)
{
    mem_alloc_info_t info;
    uint64_t items_in = 0;
    uint32_t i;

    memset(&info, 0, sizeof info);
    wasm_runtime_get_mem_alloc_info(&info);
    for (i = 0; i < job.input_count; i++) {
        items_in += job.inputs[i].is_future ? 0 : job.inputs[i].items;
    }
    printf("{\"items_in\":%" PRIu64 ",\"items_out\":%" PRIu64, items_in, job.output.is_future ? 0 : job.output.items);
    printf(",\"host_calls\":%" PRIu32 ",\"linear_memory_bytes\":%" PRIu32, job.guest.calls,
           job.guest.host.memory_bytes);
    printf(",\"pool\":{\"runtime\":%" PRIu32 ",\"module\":%" PRIu32 ",\"instance\":%" PRIu32, use->runtime, use->module,
           use->instance);
    printf(",\"further_instance\":%" PRIu32 ",\"exec_env\":%" PRIu32 ",\"highest\":%" PRIu32 "}", use->further_instance,
           use->exec_env, info.highmark_size);
    printf(",\"host_bytes\":{\"end\":%u,\"stream\":%u,\"host\":%u},\"trap\":", (unsigned)sizeof(struct rill_end),
           (unsigned)sizeof(struct rill_stream), (unsigned)sizeof(struct rill_guest));
    if (trap == NULL) {
        printf("null");
    } else {
        print_text(trap);
    }
#ifdef RILL_WITH_CALL_STACK
    print_frames(exec_env);
#else
    (void)exec_env;
#endif
#ifdef RILL_WITH_LISTS
    printf(",\"arena_missing\":%" PRIu32, trap != NULL ? rill_arena_missing(&job.guest.host) : 0);
#endif
    printf("}\n");
}

int main(int argc, char **argv)
{
    struct pool_use use;
    wasm_exec_env_t exec_env;
    uint32_t instances;
    const char *trap;
    const char *unfinished;

    if (argc != 6) {
        fail("usage: rill-run MODULE DESCRIPTOR POOL_BYTES STACK_BYTES INSTANCES", "");
    }
    read_descriptor(argv[2]);
    instances = (uint32_t)strtoul(argv[5], NULL, 10);
    if (instances == 0 || instances > MAX_INSTANCES) {
        fail("INSTANCES is out of range", argv[5]);
    }
    exec_env =
        set_up(argv[1], (uint32_t)strtoul(argv[3], NULL, 10), (uint32_t)strtoul(argv[4], NULL, 10), instances, &use);
    rill_host_init(&job.guest.host, ends, HANDLES, streams, STREAMS, &port, NULL);
    job.guest.returned = take_result;
    rill_wamr_attach(&job.guest, wasm_runtime_get_module_inst(exec_env));
#ifdef RILL_WITH_LISTS
    rill_wamr_lists(&job.guest, exec_env, (enum rill_encoding)job.encoding);
#endif
    trap = call_guest(exec_env);
    unfinished = finish_ends();
    print_facts(&use, trap != NULL ? trap : unfinished, exec_env);
    return 0;
}
