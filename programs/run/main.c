/*
 * Runs one function of a guest: its streams from files, its result to a file. Reads what to do from a
 * descriptor (descriptor.c), prints facts as JSON.
 *
 *   rill-run DESCRIPTOR MODULE POOL_BYTES STACK_BYTES INSTANCES
 *   rill-run DESCRIPTOR                                          a guest that was translated to C
 *
 * Files hold items in canonical layout, or a byte for each item of a stream without element type; they may be pipes.
 * Items with strings or lists are in chunks: two words, the items' count and the bytes of their space, then the items,
 * then the space, which holds UTF-8; addresses count from the space's start. Parameters and results that are values are
 * always such a chunk. Strings and lists need RILL_WITH_LISTS; a task that is called back, or calls built-ins on
 * itself, RILL_WITH_TASKS.
 */
#include "run.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#ifndef RUN_PIPES
struct work job;
static const struct rill_port port = {pump_all, poll_all};
#endif

void fail(const char *what, const char *detail)
{
    (void)fprintf(stderr, "rill-run: %s%s%s\n", what, detail[0] != '\0' ? ": " : "", detail);
    exit(2);
}

bool lift_returned(struct rill_host *host, const uint64_t *values)
{
    if (job.has_returned) {
        host->trap = "task.return is called twice";
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

void print_facts(const char *trap)
{
    uint64_t items_in = 0;
    uint32_t i;

    for (i = 0; i < job.input_count; i++) {
        items_in += job.inputs[i].is_future ? 0 : job.inputs[i].items;
    }
    printf("{\"items_in\":%" PRIu64 ",\"items_out\":%" PRIu64, items_in, job.output.is_future ? 0 : job.output.items);
    printf(",\"linear_memory_bytes\":%" PRIu32, GUEST_HOST->memory_bytes);
    engine_print_facts();
    printf(",\"trap\":");
    if (trap == NULL) {
        printf("null");
    } else {
        print_text(trap);
    }
    engine_print_frames();
#ifdef RILL_WITH_LISTS
    printf(",\"arena_missing\":%" PRIu32, trap != NULL ? rill_arena_missing(GUEST_HOST) : 0);
#endif
    printf("}\n");
}

#ifndef RUN_PIPES
int main(int argc, char **argv)
{
    const char *trap;
    const char *unfinished;

    if (argc != 2 + engine_argument_count) {
        fail("usage: rill-run DESCRIPTOR", engine_usage);
    }
    read_descriptor(argv[1]);
    engine_start(argv + 2, &port);
    trap = call_guest();
    unfinished = finish_ends();
    if (trap == NULL && unfinished == NULL) {
        tell_rest(true);
    }
    print_facts(trap != NULL ? trap : unfinished);
    return 0;
}
#endif
