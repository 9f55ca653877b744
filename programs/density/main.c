/*
 * How many guests live at once: makes many instances of one module, each with its own host, lets each wait inside of
 * its function, and counts what they take of WAMR's pool. All share one native stack and one execution environment,
 * for their functions are called back. In the end every one of them passes an item on.
 *
 *   rill-density MODULE DESCRIPTOR POOL_BYTES STACK_BYTES GUESTS
 *
 * The descriptor is one of rill-run's, of a function with a callback that takes and gives streams of u32.
 */
#include "../desktop/start_wamr.h"
#include "../run/instance_wamr.h"
#include "../run/run.h"
#include "rill_task.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define MAX_GUESTS 1000000u
#define HANDLES 6
#define STREAMS 2
#define ITEM 21u

/** One guest with all that the host has for it. */
struct live {
    struct rill_guest guest; /* first: `of_guest` finds the rest by it */
    struct rill_tasks tasks;
    struct rill_task task;
    struct rill_end ends[HANDLES];
    struct rill_stream streams[STREAMS];
    struct rill_end source;
    struct rill_end sink;
    uint32_t item;
};

struct work job;
static wasm_exec_env_t env;

void fail(const char *what, const char *detail)
{
    (void)fprintf(stderr, "rill-density: %s%s%s\n", what, detail[0] != '\0' ? ": " : "", detail);
    exit(2);
}

/* Nobody answers: these guests import no functions. */
bool is_remote_awaited(void)
{
    return false;
}

void remote_sleeps(void)
{
}

static void require(const struct live *live, bool is_well, const char *what)
{
    if (!is_well) {
        fail(what, live->guest.host.trap != NULL ? live->guest.host.trap : "");
    }
}

/// One guest ///

/** Calls an export of the guest's in the one execution environment. @returns false for a trap */
static bool call(struct live *live, const char *prefix, uint32_t count, uint32_t *cells)
{
    char name[512];
    wasm_module_inst_t instance = live->guest.instance;
    wasm_function_inst_t function;

    (void)snprintf(name, sizeof name, "%s%s", prefix, job.call);
    function = wasm_runtime_lookup_function(instance, name);
    wasm_runtime_set_module_inst(env, instance);
    return function != NULL && wasm_runtime_call_wasm(env, function, count, cells);
}

static bool enter(struct rill_task *task, uint32_t *code)
{
    struct live *live = task->context;
    uint32_t cells[2] = {0, 0};

    if (!rill_give(&live->guest.host, job.inputs[0].type, false, &live->source, &cells[0])
        || !call(live, "", 1, cells)) {
        return false;
    }
    *code = cells[0];
    return true;
}

static bool call_back(struct rill_task *task, const uint32_t event[3], uint32_t *code)
{
    uint32_t cells[3] = {event[0], event[1], event[2]};

    if (!call(task->context, "[callback]", 3, cells)) {
        return false;
    }
    *code = cells[0];
    return true;
}

static void cancelled(struct rill_task *task)
{
    (void)task;
}

static bool wait_for_nothing(void *context)
{
    (void)context;
    return false;
}

static const struct rill_task_port task_port = {enter, call_back, cancelled};
static const struct rill_port port = {wait_for_nothing, NULL};

/** task.return: the stream that the guest answers with. */
static bool take_result(struct rill_guest *of_guest, const uint64_t *values)
{
    struct live *live = (struct live *)(void *)of_guest;

    return rill_take(&of_guest->host, job.output.type, false, (uint32_t)values[0], &live->sink);
}

/** Lets a new guest run until it waits for its first item. */
static void start(struct live *live, wasm_module_inst_t instance)
{
    memset(live, 0, sizeof *live);
    rill_host_init(&live->guest.host, live->ends, HANDLES, live->streams, STREAMS, &port, NULL);
    live->guest.returned = take_result;
    live->task.context = live;
    rill_wamr_attach(&live->guest, instance);
    rill_tasks_init(&live->tasks, &live->guest.host, &task_port);
    require(live, rill_task_call(&live->tasks, &live->task, NULL, true), "the guest traps at its start");
    require(live, !live->task.is_ended, "the guest does not wait");
}

/** Copies one item at an end of the host's, which the guest then gets to know of. */
static void copy(struct live *live, struct rill_end *end)
{
    uint32_t packed = 0;

    require(live, rill_end_copy(&live->guest.host, end, (uint8_t *)&live->item, 1, false, &packed),
            "the guest traps by a copy");
    require(live, packed == ((1u << 4) | RILL_COMPLETED), "the guest does not wait for the item");
    while (rill_task_is_ready(&live->task)) {
        require(live, rill_task_run(&live->task), "the guest traps when it is called back");
    }
}

/** Passes an item through the guest. */
static void pass_item(struct live *live)
{
    live->item = ITEM;
    copy(live, &live->source);
    copy(live, &live->sink);
    require(live, live->item == 2 * ITEM, "the item came out wrong");
}

/// All of them ///

/** Bytes of the pool, by whose they are. */
struct use {
    uint64_t instances;
    uint64_t hosts;
};

/** Makes guests until there are `count`, and adds up what they take. */
static void make(struct live **all, uint32_t from, uint32_t count, wasm_module_t module, uint32_t stack_bytes,
                 struct use *use)
{
    uint32_t i;

    for (i = from; i < count; i++) {
        uint32_t before = pool_free();
        wasm_module_inst_t instance = make_instance(module, stack_bytes);

        use->instances += before - pool_free();
        before = pool_free();
        all[i] = wasm_runtime_malloc(sizeof *all[i]);
        if (all[i] == NULL) {
            fail("the pool is too small for the guests", "");
        }
        use->hosts += before - pool_free();
        if (env == NULL) {
            env = wasm_runtime_create_exec_env(instance, stack_bytes);
        }
        before = pool_free();
        start(all[i], instance);
        use->instances += before - pool_free();
    }
}

int main(int argc, char **argv)
{
    uint32_t guests;
    uint32_t pool_bytes;
    uint32_t stack_bytes;
    uint32_t shared;
    uint32_t i;
    wasm_module_t module;
    struct live **all;
    struct use few = {0, 0};
    struct use more = {0, 0};

    if (argc != 6) {
        fail("usage: rill-density MODULE DESCRIPTOR POOL_BYTES STACK_BYTES GUESTS", "");
    }
    read_descriptor(argv[2]);
    pool_bytes = (uint32_t)strtoul(argv[3], NULL, 10);
    stack_bytes = (uint32_t)strtoul(argv[4], NULL, 10);
    guests = (uint32_t)strtoul(argv[5], NULL, 10);
    if (guests < 2 || guests > MAX_GUESTS) {
        fail("GUESTS is out of range", argv[5]);
    }
    all = calloc(guests, sizeof(struct live *));
    if (all == NULL || !start_wamr(pool_bytes) || !rill_wamr_register(job.imports, job.import_count, job.natives)) {
        fail("there is no memory for the runtime", "");
    }
    module = load_module(argv[1]);
    make(all, 0, guests / 2, module, stack_bytes, &few);
    shared = pool_bytes - pool_free() - (uint32_t)(few.instances + few.hosts);
    make(all, guests / 2, guests, module, stack_bytes, &more);
    for (i = 0; i < guests; i++) {
        pass_item(all[i]);
    }
    printf("{\"guests\":%" PRIu32 ",\"shared\":%" PRIu32 ",\"first_half\":{\"instances\":%" PRIu64 ",\"hosts\":%" PRIu64
           "},\"second_half\":{\"instances\":%" PRIu64 ",\"hosts\":%" PRIu64 "},\"memory\":%" PRIu32 "}\n",
           guests, shared, few.instances, few.hosts, more.instances, more.hosts, all[0]->guest.host.memory_bytes);
    free(all);
    return 0;
}
