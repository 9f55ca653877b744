/*
 * rill-run: the host's ends of the guest's streams and futures.
 */
#include "run.h"

#include <string.h>

static bool is_open(const struct file_end *end)
{
    return end->end.stream != NULL;
}

/** Whether the other end of `output` is an input of `work`. */
static bool is_input_of(const struct work *work, const struct file_end *output)
{
    uint32_t i;

    for (i = 0; i < work->input_count; i++) {
        if (is_open(&work->inputs[i]) && work->inputs[i].end.stream == output->end.stream) {
            return true;
        }
    }
    return false;
}

/** Whether the output is an input that a guest has handed on: both ends of that stream are the host's. */
static bool flows(void)
{
    if (!job.is_output_open || !is_open(&job.output)) {
        return false;
    }
#ifdef RUN_PIPES
    const struct work *work;

    for (work = works; work < works + work_count; work++) {
        if (is_input_of(work, &job.output)) {
            return true;
        }
    }
    return false;
#else
    return is_input_of(&job, &job.output);
#endif
}

/** Whether an end that copies only what the guest asks for has not been asked. */
static bool waits_to_be_asked(const struct file_end *end)
{
    return job.is_blocking && !rill_end_is_awaited(&end->end) && !(end->is_output && flows());
}

/** Items that a copy moved. */
static uint32_t progress_of(const struct file_end *end, uint32_t packed)
{
    return end->is_future ? (packed == RILL_COMPLETED ? 1u : 0u) : packed >> 4;
}

/** Takes in what a copy of the host's came to. */
static void take_in(struct file_end *end, uint32_t packed)
{
    const uint32_t progress = progress_of(end, packed);

    end->is_copying = false;
    end->items += progress;
    if (end->is_output) {
        write_items(end, progress);
        if (end->type != NULL) {
            memset(end->buffer, 0, (size_t)progress * end->type->elem_size);
        }
    } else {
        end->first += progress;
        end->filled -= progress;
    }
    if ((packed & 15u) == RILL_DROPPED || (end->is_future && progress != 0)) {
        rill_end_drop(&end->end);
    }
}

/** Whether the next copy of an open input needs items that are not in its buffer. */
static bool needs_items(const struct file_end *end)
{
    return is_open(end) && !end->is_output && !end->is_copying && end->filled == 0 && !end->is_over
           && !waits_to_be_asked(end);
}

/** How many items the next copy is of; 0 when the end is to be dropped. */
static uint32_t next_length(struct file_end *end)
{
    const uint32_t most = items_at_once(end);

    if (end->is_output) {
        return job.limit - end->items < most ? (uint32_t)(job.limit - end->items) : most;
    }
    if (end->filled == 0) {
        end->first = 0;
        end->filled = read_items(end, most);
    }
    return end->filled < most ? end->filled : most;
}

static uint8_t *place_of_next(const struct file_end *end)
{
    return end->type != NULL ? end->buffer + (size_t)end->first * end->type->elem_size : NULL;
}

/** Takes in what a copy came to, and starts one. @returns whether anything happened */
static bool pump_once(struct file_end *end)
{
    uint32_t length;
    uint32_t packed = 0;
    bool has_moved = false;

    if (is_open(end) && end->is_copying) {
        if (!rill_end_has_event(&end->end)) {
            return false;
        }
        take_in(end, rill_end_event(&end->end));
        has_moved = true;
    }
    if (!is_open(end) || waits_to_be_asked(end)) {
        return has_moved;
    }
    if (needs_items(end) && !has_items(end)) {
        return has_moved;
    }
    length = next_length(end);
    if (needs_items(end)) {
        return true; /* a part of an item has come */
    }
    if (length == 0) {
        rill_end_drop(&end->end);
        return true;
    }
    if (!rill_end_copy(GUEST_HOST, &end->end, place_of_next(end), length, false, &packed)) {
        return true; /* the guest trapped */
    }
    if (packed == RILL_BLOCKED) {
        end->is_copying = true;
    } else {
        take_in(end, packed);
    }
    return true;
}

/**
 * Lets an end go on; where copies are to be ready, until one of its own waits for the guest.
 * @returns whether anything happened
 */
static bool pump(struct file_end *end)
{
    bool has_moved = pump_once(end);

    while (job.is_ready && is_open(end) && !end->is_copying && pump_once(end)) {
        has_moved = true;
    }
    return has_moved;
}

/** Lets every end go on that can without waiting for the outside. @returns whether anything happened */
static bool pump_ready(void)
{
    bool has_moved = false;
    uint32_t i;

    for (i = 0; i < job.input_count; i++) {
        if (pump(&job.inputs[i])) {
            has_moved = true;
        }
    }
    return (job.is_output_open && pump(&job.output)) || has_moved;
}

#ifdef RUN_PIPES

/** Lets the ends and the calls of every guest go on. @returns whether anything happened */
static bool pump_works(void)
{
    struct work *running = working;
    bool has_moved = false;

    for (working = works; working < works + work_count; working++) {
        if (job.is_started) {
            has_moved = pump_ready() || has_moved;
            has_moved = pump_remote() || has_moved;
        }
    }
    working = running;
    return has_moved;
}

bool pump_all(void *context)
{
    (void)context;
    do {
        if (pump_works() || step_guests()) {
            return !is_any_trapped();
        }
    } while (!is_any_trapped() && wait_for_items(needs_items));
    return false;
}

#else

bool pump_all(void *context)
{
    (void)context;
    do {
        if (pump_ready() || pump_remote()) {
            return true;
        }
    } while (wait_for_items(needs_items));
    return false;
}

#endif

void poll_all(void *context)
{
    (void)context;
    (void)pump_ready();
    (void)pump_remote();
}

bool give_input(struct file_end *input, uint32_t *handle)
{
    if (input->is_piped) {
        *handle = job.piped_handle;
        return true;
    }
    if (!rill_give(GUEST_HOST, input->type, input->is_future, &input->end, handle)) {
        return false;
    }
    give_space(input);
    if (!job.is_blocking) {
        pump(input);
    }
    return true;
}

bool take_output(uint32_t handle)
{
#ifdef RUN_PIPES
    if (job.output.is_piped) {
        return connect_output(handle);
    }
#endif
    if (!rill_take(GUEST_HOST, job.output.type, job.output.is_future, handle, &job.output.end)) {
        return false;
    }
    job.is_output_open = true;
    give_space(&job.output);
    if (!job.is_blocking) {
        pump(&job.output);
    }
    return true;
}

const char *finish_ends(void)
{
    uint32_t i;

    while (GUEST_HOST->trap == NULL && flows() && pump_all(NULL)) {
    }
    if (job.is_output_open && is_open(&job.output) && job.output.is_copying) {
        take_in(&job.output, rill_end_cancel(&job.output.end));
    }
    close_items(&job.output);
    for (i = 0; i < job.input_count; i++) {
        struct file_end *input = &job.inputs[i];

        if (is_open(input) && input->is_copying) {
            input->items += progress_of(input, rill_end_cancel(&input->end));
        }
    }
    return job.is_output_open && job.output.is_future && job.output.items == 0
               ? "the host waits for the future in the result: nothing can end its wait"
               : NULL;
}
