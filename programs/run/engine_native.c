/*
 * rill-run: a guest that was translated to C and is part of the program.
 */
#include "native_exports.h"
#include "run.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const int engine_argument_count = 0;
const char *const engine_usage = "";

static struct rill_end ends[MAX_WORKS][RUN_HANDLES];
static struct rill_stream streams[MAX_WORKS][RUN_STREAMS];

#ifdef RUN_PIPES
#define MODULE (*guest_modules[WORK_INDEX])
#else
#define MODULE guest_module
#endif

static bool returned(struct rill_native *guest, const uint64_t *values)
{
    return lift_returned(&guest->host, values);
}

void engine_start(char **arguments, const struct rill_port *port)
{
    (void)arguments;
    job.guest = calloc(1, MODULE.instance_bytes);
    if (job.guest == NULL) {
        fail("out of memory", "");
    }
    rill_host_init(&job.guest->host, ends[WORK_INDEX], RUN_HANDLES, streams[WORK_INDEX], RUN_STREAMS, port, NULL);
    job.guest->returned = returned;
    if (!MODULE.init(job.guest)) {
        fail("the module does not instantiate", job.guest->host.trap);
    }
}

engine_function engine_find(const char *name)
{
    const struct native_export *item = MODULE.exports;

    while (item->name != NULL && strcmp(item->name, name) != 0) {
        item++;
    }
    return item->name != NULL ? item : NULL;
}

uint32_t engine_param_count(engine_function function)
{
    const char *signature = ((const struct native_export *)function)->signature;

    return (uint32_t)(strchr(signature, ')') - signature - 1);
}

const char *engine_call(engine_function function, uint64_t *cells)
{
    return ((const struct native_export *)function)->call(job.guest, cells) ? NULL : job.guest->host.trap;
}

void engine_print_facts(void)
{
    uint32_t left = 0;
    uint32_t i;

    /* A guest that ends has dropped its ends; its sets stay. */
    for (i = 0; i < RUN_HANDLES; i++) {
        left += ends[WORK_INDEX][i].kind != RILL_FREE && ends[WORK_INDEX][i].kind != RILL_SET ? 1u : 0u;
    }
    printf(",\"host_calls\":%" PRIu32 ",\"instance_bytes\":%lu,\"ends_left\":%" PRIu32, job.guest->calls,
           (unsigned long)MODULE.instance_bytes, left);
}

void engine_print_frames(void)
{
}
