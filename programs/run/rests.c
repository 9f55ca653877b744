/*
 * rill-run: tells whoever feeds it from connections how far the guests are, a line of JSON each time that none of them
 * can go on, and one when all have ended:
 *
 *   {"out":ITEMS,"reads":true,"over":false,"inputs":[[DESCRIPTOR,ITEMS,true]],"unread":[false]}
 *
 * `out` counts the items of the result. `reads`: each guest but the first waits to read from the one before, or never
 * will again. Of an input the items that its guest has taken, and whether it waits for more. `unread` is of each guest:
 * nobody will ever read what it answers with, which it has not ended.
 */
#define _POSIX_C_SOURCE 200809L

#include "run.h"

#include "rill_internal.h"

#include <inttypes.h>
#include <stdlib.h>

static FILE *lines;

static const char *truth(bool value)
{
    return value ? "true" : "false";
}

/** Whether a guest waits to read from the one before, or never will again. */
static bool reads(const struct work *of)
{
    const struct rill_stream *piped = of->piped_stream;

    return piped != NULL && (piped->is_dropped || (piped->pending != NULL && piped->pending->kind == RILL_READABLE));
}

/** Whether the readable end is gone of what a guest, which has not dropped its own end, answers with. */
static bool is_unread(const struct rill_stream *piped, const struct file_end *last)
{
#ifdef RUN_PIPES
    return piped != NULL && piped->is_dropped && piped->ends != 0 && piped->peer == NULL && last->end.stream != piped;
#else
    (void)last;
    return piped != NULL;
#endif
}

/** The inputs that come over descriptors. @returns what stands in front of the next one */
static const char *tell_inputs(const struct work *of, const char *before)
{
    uint32_t i;

    for (i = 0; i < of->input_count; i++) {
        const struct file_end *input = &of->inputs[i];
        const bool asks = input->filled == 0 && rill_end_is_awaited(&input->end);

        if (input->path != NULL && input->path[0] == '#') {
            (void)fprintf(lines, "%s[%s,%" PRIu64 ",%s]", before, input->path + 1, input->items, truth(asks));
            before = ",";
        }
    }
    return before;
}

void tell_rest(bool is_over)
{
    const struct work *of;
    const struct work *last = FIRST_WORK + WORK_COUNT - 1;
    const char *before = "";
    bool all_read = true;

    if (rests_descriptor == 0) {
        return;
    }
    lines = lines != NULL ? lines : fdopen(rests_descriptor, "w");
    if (lines == NULL) {
        fail("cannot be opened", "the descriptor of rests");
    }
    (void)fprintf(lines, "{\"inputs\":[");
    for (of = FIRST_WORK; of <= last; of++) {
        before = tell_inputs(of, before);
        all_read = all_read && (of == FIRST_WORK || reads(of));
    }
    (void)fprintf(lines, "],\"unread\":[");
    for (of = FIRST_WORK; of <= last; of++) {
        (void)fprintf(lines, "%s,", truth(of < last && is_unread(of[1].piped_stream, &last->output)));
    }
    (void)fprintf(lines, "false],\"reads\":%s,\"over\":%s,\"out\":%" PRIu64 "}\n", truth(all_read), truth(is_over),
                  last->output.items);
    (void)fflush(lines);
}
