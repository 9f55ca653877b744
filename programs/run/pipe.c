/*
 * rill-pipe: guests in a row, each one's stream is a parameter of the next. Reads a descriptor for each (descriptor.c),
 * prints a JSON array of what each came to (main.c).
 *
 *   rill-pipe POOL_BYTES STACK_BYTES DESCRIPTOR MODULE [DESCRIPTOR MODULE ...]
 *   rill-pipe DESCRIPTOR...                                                      guests that were translated to C
 *
 * All run on one stack: a guest is started when the one before has answered and waits. One at most waits inside its
 * function; the others go on meanwhile.
 */
#include "run.h"

#include "rill_internal.h"

#include <stdlib.h>

struct work works[MAX_WORKS];
struct work *working = works;
uint32_t work_count;

static const char *traps[MAX_WORKS];
static uint32_t next; /* where the search for a guest that may go on begins */
static const struct rill_port port = {pump_all, poll_all};

/** Notes that the guest at work has trapped. */
static void note_trap(const char *trap)
{
    if (trap != NULL && traps[WORK_INDEX] == NULL) {
        traps[WORK_INDEX] = trap;
    }
}

bool is_any_trapped(void)
{
    struct work *running = working;
    bool found = false;

    for (working = works; working < works + work_count; working++) {
        note_trap(GUEST_HOST->trap);
        found = found || traps[WORK_INDEX] != NULL;
    }
    working = running;
    return found;
}

/** Starts the guest, or lets it go on. @returns whether it did */
static bool step_guest(void)
{
    if (!job.is_started) {
        if (!job.is_due) {
            return false;
        }
        job.is_started = true;
        note_trap(start_guest());
        return true;
    }
    return resume_guest();
}

bool step_guests(void)
{
    struct work *running = working;
    bool has_gone_on = false;
    uint32_t left;

    for (left = work_count; left != 0 && !has_gone_on; left--) {
        working = &works[next];
        next = (next + 1u) % work_count;
        has_gone_on = step_guest();
    }
    working = running;
    return has_gone_on;
}

/** The parameter that the next guest gets. */
static struct file_end *piped_input(struct work *of)
{
    uint32_t i = 0;

    while (i < of->input_count && !of->inputs[i].is_piped) {
        i++;
    }
    if (i == of->input_count) {
        fail("a guest has no parameter for the stream of the one before", of->call);
    }
    return &of->inputs[i];
}

bool connect_output(uint32_t handle)
{
    struct rill_host *from = GUEST_HOST;
    const struct rill_type *element = job.output.type;
    struct work *running = working;
    struct file_end *input;
    bool done;

    working++;
    input = piped_input(working);
    done = rill_connect(from, handle, element, GUEST_HOST, input->type, &job.piped_handle);
    if (done && input->has_texts) {
#ifdef RILL_WITH_LISTS
        input->space = make_space();
        rill_pipe_space(GUEST_HOST, job.piped_handle, &input->space);
#endif
    }
    job.is_due = done;
    if (done) {
        job.piped_stream = rill_shared(rill_entry(GUEST_HOST, job.piped_handle)->stream);
    }
    working = running;
    return done;
}

static bool are_all_done(void)
{
    bool done = true;

    for (working = works; working < works + work_count && done; working++) {
        done = is_guest_done();
    }
    return done;
}

/** Runs all guests to their end, or up to a trap. */
static void run_guests(void)
{
    while (!is_any_trapped() && !are_all_done()) {
        working = works;
        if (!pump_all(NULL) && !is_any_trapped()) {
            note_trap("the guests wait for ever: nothing can end their wait");
        }
    }
}

/** Starts the engine for the guest at work. @param arguments from its descriptor on */
static void set_up(char **arguments, char *pool_bytes, char *stack_bytes)
{
    char one[] = "1";
    char *of_engine[] = {arguments[1], pool_bytes, stack_bytes, one};

    read_descriptor(arguments[0]);
    engine_start(of_engine, &port);
}

/** The last guest's output first: what others have handed on may still flow there. */
static void tell(void)
{
    for (working = works + work_count; working-- > works;) {
        note_trap(finish_ends());
    }
    working = works;
    if (!is_any_trapped()) {
        tell_rest(true);
    }
    for (working = works; working < works + work_count; working++) {
        printf(working == works ? "[" : ",");
        print_facts(traps[WORK_INDEX]);
    }
    printf("]\n");
}

int main(int argc, char **argv)
{
    const int first = engine_argument_count == 0 ? 1 : 3;
    const int each = engine_argument_count == 0 ? 1 : 2;
    int at;

    if (argc <= first || (argc - first) % each != 0 || (argc - first) / each > (int)MAX_WORKS) {
        fail("usage: rill-pipe, and for each guest DESCRIPTOR", engine_usage);
    }
    work_count = (uint32_t)((argc - first) / each);
    for (at = first; at < argc; at += each) {
        working = &works[(at - first) / each];
        set_up(argv + at, argv[1], argv[2]);
    }
    works[0].is_due = true;
    working = works;
    run_guests();
    tell();
    return 0;
}
