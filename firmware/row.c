#include "row.h"

#include "host.h"
#include "link.h"
#ifdef RILL_CONVERSES
#include "remote.h"
#endif
#include "watchdog.h"
#ifdef RILL_WITH_PIPES
#include "rill_pipe.h"
#endif

/* Guests that may be started, and that are: in their order. */
static uint8_t due;
static uint8_t started;
/* One has come on in this turn. */
static bool came_on;

static struct rill_host *host_of(uint32_t guest)
{
    return &row.guests[guest].instance->host;
}

/// What the guests answer ///

#ifdef RILL_WITH_PIPES
/* The guest's stream goes into the next one. */
static bool hand_on(row_instance *guest, const uint64_t *values)
{
    const struct row_guest *next = row.guests;
    uint32_t *handle;

    while (next[0].instance != guest) {
        next++;
    }
    next++;
    due++;
    handle = &next->arguments[next->piped_param];
    if (!rill_connect(&guest->host, (uint32_t)values[0], next[-1].result, &next->instance->host, next->piped, handle)) {
        return false;
    }
#ifdef RILL_WITH_LISTS
    if (next->space != NULL) {
        rill_pipe_space(&next->instance->host, *handle, next->space);
    }
#endif
    return true;
}
#endif

static bool answer_nothing(row_instance *guest, const uint64_t *values)
{
    (void)guest;
    (void)values;
    return true;
}

/// Tasks ///

/* A guest has come on, if it does not merely let time pass. @returns `is_done` */
static bool note(bool is_done, const uint32_t *code)
{
    came_on = came_on || !is_done || (*code & 15u) != RILL_CALLBACK_YIELD;
    return is_done;
}

static bool enter(struct rill_task *task, uint32_t *code)
{
    const struct row_guest *guest = task->context;

    return note(guest->enter(guest, code), code);
}

static bool run_callback(struct rill_task *task, const uint32_t event[3], uint32_t *code)
{
    const struct row_guest *guest = task->context;

    return note(guest->callback(guest, event, code), code);
}

/* Nobody cancels a task here. */
static void cancelled(struct rill_task *task)
{
    (void)task;
}

static const struct rill_task_port port = {enter, run_callback, cancelled};

/* Starts a guest that is due, or lets one go on. @returns whether one did */
static bool step(uint32_t index)
{
    const struct row_guest *guest = &row.guests[index];

    if (index == started && index < due) {
        started++;
        rill_tasks_init(guest->tasks, host_of(index), &port);
        guest->task->context = (void *)(uintptr_t)guest;
        (void)rill_task_call(guest->tasks, guest->task, NULL, true);
        return true;
    }
    return index < started && rill_task_is_ready(guest->task) && (rill_task_run(guest->task), true);
}

static bool are_all_done(void)
{
    uint32_t i;

    for (i = 0u; i < row.guest_count; i++) {
        if (i >= started || row.guests[i].task->is_ended == 0u) {
            return false;
        }
    }
    return true;
}

/* Whether a guest of the first one's host has an end of the stream. */
static bool is_of_guest(const struct rill_host *host, const struct rill_stream *stream)
{
    uint32_t i;

    for (i = 0u; i < host->end_count; i++) {
        if (host->ends[i].kind > RILL_SET && host->ends[i].stream == stream) {
            return true;
        }
    }
    return false;
}

/* Whether guests have handed on a stream from outside, all the way: its items pass them by. */
static bool flows(void)
{
    const struct rill_host *first = host_of(0u);
    uint32_t i;

    for (i = 0u; i < first->stream_count; i++) {
        if (first->streams[i].ends == 2u && !is_of_guest(first, &first->streams[i])) {
            return true;
        }
    }
    return false;
}

/// The row ///

/* Tells which guest has trapped, and why. @returns whether none has */
static bool is_well(void)
{
    uint32_t i;

    for (i = 0u; i < row.guest_count; i++) {
        if (host_of(i)->trap != NULL) {
            link_text(RILL_TEXT("trapped "));
            link_decimal((int32_t)i);
            link_end();
#if defined(RILL_FIRMWARE_NATIVE) && defined(RILL_CONVERSES)
            if (i != 0u && (native_more.entry.flags & RILL_ENTRY_ARENA) != 0u) {
                remote_report_lack(host_of(i));
            }
#endif
            host_of(0u)->trap = host_of(i)->trap;
            return false;
        }
    }
    return true;
}

bool row_init(void)
{
    const struct row_guest *last = &row.guests[row.guest_count - 1u];
    const struct rill_host *first = host_of(0u);
    /* What the firmware does with a result is the last guest's. */
    bool (*const returned)(row_instance * guest, const uint64_t *values) = row.guests[0].instance->returned;
    uint32_t i;

    due = 1u;
    started = 0u;
    for (i = 0u; i < row.input_count; i++) {
        row.types[i] = *row.inputs[i].type;
    }
    for (i = 0u; i < row.guest_count; i++) {
        const struct row_guest *guest = &row.guests[i];

        if (guest->streams != NULL) {
            rill_host_init(host_of(i), guest->ends, guest->end_count, guest->streams, guest->stream_count, first->port,
                           first->context);
        }
#ifdef RILL_WITH_PIPES
        guest->instance->returned = hand_on;
#endif
    }
    last->instance->returned = last->result != NULL ? returned : answer_nothing;
    if (last->result != NULL) {
        row.types[row.input_count] = *last->result;
    }
    for (i = 0u; i < row.guest_count; i++) {
        if (!row.guests[i].init(&row.guests[i])) {
            return is_well();
        }
    }
    return true;
}

/* Gives each guest its streams from outside; the first one has been given all of them. */
static bool place_inputs(const uint32_t *arguments)
{
    uint32_t i;

    for (i = 0u; i < row.input_count; i++) {
        const struct row_input *input = &row.inputs[i];
        uint32_t *argument = &row.guests[input->guest].arguments[input->param];

        *argument = arguments[i];
#ifdef RILL_WITH_PIPES
        if (input->guest != 0u
            && !rill_connect(host_of(0u), arguments[i], &row.types[i], host_of(input->guest), input->type, argument)) {
            return false;
        }
#endif
    }
    return true;
}

/* Whether every guest behind the first one has dropped its ends; of the first one host.c knows. */
static bool are_all_closed(void)
{
    uint32_t guest;
    uint32_t i;

    for (guest = 1u; guest < row.guest_count; guest++) {
        for (i = 0u; i < row.guests[guest].end_count; i++) {
            if (row.guests[guest].ends[i].kind > RILL_SET) {
                host_of(guest)->trap = RILL_TEXT("streams left open");
                return false;
            }
        }
    }
    return true;
}

/* Time passes for the guests: until something comes, or of guests that pause only for what has come. */
static void pass(const struct rill_host *first, bool sleeps)
{
#ifdef RILL_PASSES
    if (!sleeps) {
        (void)host_pass(first->context);
        return;
    }
#else
    /* The tick ends each sleep. */
    (void)sleeps;
#endif
    (void)first->port->wait(first->context);
}

bool row_run(const uint32_t *arguments)
{
    const struct rill_host *first = host_of(0u);
    bool goes_on = place_inputs(arguments);

    while (goes_on && is_well() && (!are_all_done() || flows())) {
        bool stepped = false;
        uint32_t i;

        came_on = false;
        for (i = 0u; i < row.guest_count; i++) {
            stepped = step(i) || stepped;
        }
        if (stepped) {
            /* Who comes back to the firmware does not hang. */
            watchdog_feed();
        }
        if (!came_on) {
            pass(first, !stepped);
        }
    }
    (void)(first->trap == NULL && are_all_closed());
    return is_well();
}
