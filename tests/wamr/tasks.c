/*
 * Tasks: who may run when, what a cancellation does wherever it finds a task, waits that it ends, and what the tables
 * hold afterwards. Prints a line `ok NAME` or `not ok NAME: what` for each; exits 1 when one is not ok. Run under
 * sanitizers.
 */
#include "rill_list.h"
#include "rill_task.h"

#include "sequences.h"

#include <stdlib.h>
#include <string.h>

#define MEMORY_BYTES 64u
#define HANDLES 4u
#define STREAMS 2u
#define TASKS 2u
#define STEPS 4u
#define UNKNOWN_CODE 3u

static const uint16_t plan_u32[] = {RILL_OP_BYTES, 0, 4, RILL_OP_END};
static const struct rill_type u32 = {plan_u32, 4, 4, 1, 0};
static const struct rill_type other_type = {plan_u32, 4, 4, 1, 1};

/** What core code does, each time that it is entered, and what it answers; RILL_CALLBACK_WAIT: for the set. */
struct step {
    bool (*run)(void);
    uint32_t code;
};

static struct rill_end ends[HANDLES];
static struct rill_stream streams[STREAMS];
static struct rill_end end; /* the host's */
static struct rill_host host;
static struct rill_tasks tasks;
static struct rill_task task[TASKS];
static struct step steps[TASKS][STEPS];
static uint32_t at[TASKS];        /* how often core code was entered */
static uint32_t events[TASKS][3]; /* what the callback was called with last */
static uint32_t cancelled[TASKS]; /* how often the embedder heard of it */
static uint8_t *memory;
static uint8_t buffer[4];
static uint32_t r, set, code, packed, told, waits;
static bool (*meanwhile[STEPS])(void); /* while built-ins wait, one after the other */

static bool wait_a_little(void *context)
{
    bool (*const step)(void) = waits < STEPS ? meanwhile[waits] : NULL;

    (void)context;
    waits++;
    return step != NULL && step();
}

static const struct rill_port port = {wait_a_little, NULL};

static uint32_t index_of(const struct rill_task *of) { return (uint32_t)(of - task); }

static bool enter(struct rill_task *of, uint32_t *answer)
{
    const struct step *step = &steps[index_of(of)][at[index_of(of)]++];

    if (tasks.current != of || tasks.is_running == 0) {
        return false;
    }
    *answer = step->code;
    if (step->run != NULL && !step->run()) {
        return false;
    }
    *answer = step->code == RILL_CALLBACK_WAIT ? step->code | set << 4 : step->code;
    return true;
}

static bool callback(struct rill_task *of, const uint32_t event[3], uint32_t *answer)
{
    memcpy(events[index_of(of)], event, sizeof events[0]);
    return tasks.exclusive == of && enter(of, answer);
}

static void note_cancelled(struct rill_task *of) { cancelled[index_of(of)]++; }

static const struct rill_task_port task_port = {enter, callback, note_cancelled};

static void locate(struct rill_host *of) { rill_host_memory(of, memory, MEMORY_BYTES); }

static void *fresh(size_t byte_length)
{
    void *made = calloc(1, byte_length);

    if (made == NULL) {
        exit(2);
    }
    return made;
}

static void begin(void)
{
    free(memory);
    memory = fresh(MEMORY_BYTES);
    rill_host_init(&host, ends, HANDLES, streams, STREAMS, &port, NULL);
    host.locate = locate;
    rill_host_memory(&host, memory, MEMORY_BYTES);
    rill_tasks_init(&tasks, &host, &task_port);
    memset(task, 0, sizeof task);
    memset(steps, 0, sizeof steps);
    memset(at, 0, sizeof at);
    memset(events, 0xee, sizeof events);
    memset(cancelled, 0, sizeof cancelled);
    memset(meanwhile, 0, sizeof meanwhile);
    memset(&end, 0, sizeof end);
    set = code = packed = told = waits = 0;
}

/// Calls, short ///

#define A 0u
#define B 1u

static bool calls(uint32_t which, bool is_callback) { return rill_task_call(&tasks, &task[which], NULL, is_callback); }
static bool call_a(void) { return calls(A, true); }
static bool call_b(void) { return calls(B, true); }
static bool runs(uint32_t which) { return rill_task_run(&task[which]); }
static bool cancels(uint32_t which) { return rill_task_request_cancel(&task[which]); }
static bool cancel_a(void) { return cancels(A); }
static bool is_ready(uint32_t which) { return rill_task_is_ready(&task[which]); }
static bool is_state(uint32_t which, enum rill_task_state state) { return task[which].state == (uint8_t)state; }
static bool is_over(uint32_t which) { return task[which].is_ended && is_state(which, RILL_TASK_RESOLVED); }
static bool is_event(uint32_t which, uint32_t first, uint32_t second, uint32_t third)
{
    return events[which][0] == first && events[which][1] == second && events[which][2] == third;
}

static bool return_nothing(void) { return rill_task_return(&host, NULL); }
static bool give_up(void) { return rill_task_cancel(&host); }

/** What task `which` does when it is entered for the `nth` time. */
static void does(uint32_t which, uint32_t nth, bool (*run)(void), uint32_t answer)
{
    steps[which][nth].run = run;
    steps[which][nth].code = answer;
}

/** It answers with `answer` first, and returns when it is entered again. */
static void waits_then_returns(uint32_t which, uint32_t answer)
{
    does(which, 0, NULL, answer);
    does(which, 1, return_nothing, RILL_CALLBACK_EXIT);
}

/** It answers with `answer` first, and gives up when it is entered again. */
static void waits_then_gives_up(uint32_t which, uint32_t answer)
{
    does(which, 0, NULL, answer);
    does(which, 1, give_up, RILL_CALLBACK_EXIT);
}

/** A stream from the host whose readable end is in the set, with a read that waits. */
static bool reads_in_set(void)
{
    return rill_set_new(&host, &set) && rill_give(&host, &u32, false, &end, &r) && rill_join(&host, r, set)
           && rill_copy(&host, RILL_READABLE, &u32, false, true, r, 16, 1, &packed);
}
static bool host_writes(void) { return rill_end_copy(&host, &end, buffer, 1, false, &packed); }
static bool host_drops(void)
{
    rill_end_drop(&end);
    return true;
}
static bool set_trap(void)
{
    host.trap = "something else traps";
    return true;
}
static bool nothing_happens(void) { return true; }
static bool is_idle(void) { return tasks.exclusive == NULL && tasks.current == NULL && tasks.is_running == 0; }
/** No task waits for the set. */
static bool is_set_free(void) { return ends[set - 1u].length == 0; }

#define HOLDS(all) ((all) ? NULL : host.trap != NULL ? host.trap : "gave another result")
/** The call that must trap, after `before`, which must not. */
#define TRAPS(before, last)                                                                                            \
    (!(before) || host.trap != NULL ? "trapped too early"                                                              \
     : (last)                       ? "did not trap"                                                                   \
     : host.trap == NULL            ? "said no reason"                                                                 \
                                    : NULL)

/// Running and ending ///

static const char *return_and_exit(void)
{
    does(A, 0, return_nothing, RILL_CALLBACK_EXIT);
    return HOLDS(call_a() && is_over(A) && is_idle() && at[A] == 1 && !is_ready(A));
}
static const char *return_without_callback(void)
{
    does(A, 0, return_nothing, UNKNOWN_CODE);
    return HOLDS(calls(A, false) && is_over(A) && is_idle());
}
static const char *exit_without_return(void) { return TRAPS(true, call_a()); }
static const char *exit_without_return_or_callback(void) { return TRAPS(true, calls(A, false)); }
static const char *answer_unknown_code(void)
{
    does(A, 0, return_nothing, UNKNOWN_CODE);
    return TRAPS(true, call_a());
}
static const char *answer_wait_for_no_set(void)
{
    set = 3;
    does(A, 0, NULL, RILL_CALLBACK_WAIT);
    return TRAPS(true, call_a());
}
static const char *yield_then_run(void)
{
    waits_then_returns(A, RILL_CALLBACK_YIELD);
    return HOLDS(call_a() && !is_over(A) && is_idle() && is_ready(A) && runs(A) && is_event(A, RILL_EVENT_NONE, 0, 0)
                 && is_over(A) && at[A] == 2);
}
static const char *yield_yield_then_run(void)
{
    does(A, 0, NULL, RILL_CALLBACK_YIELD);
    does(A, 1, NULL, RILL_CALLBACK_YIELD);
    does(A, 2, return_nothing, RILL_CALLBACK_EXIT);
    return HOLDS(call_a() && runs(A) && !is_over(A) && is_ready(A) && runs(A) && is_over(A) && at[A] == 3);
}
static const char *wait_then_event_then_run(void)
{
    waits_then_returns(A, RILL_CALLBACK_WAIT);
    return HOLDS(reads_in_set() && call_a() && !is_set_free() && !is_ready(A) && runs(A) && at[A] == 1 && host_writes()
                 && is_ready(A) && runs(A) && is_event(A, RILL_EVENT_STREAM_READ, r, 16) && is_over(A)
                 && is_set_free());
}
static const char *wait_for_the_first_handle(void)
{
    waits_then_returns(A, RILL_CALLBACK_WAIT);
    return HOLDS(rill_give(&host, &u32, false, &end, &r) && r == 1 && rill_set_new(&host, &set)
                 && rill_join(&host, r, set) && rill_copy(&host, RILL_READABLE, &u32, false, true, r, 16, 1, &packed)
                 && call_a() && host_writes() && is_ready(A) && runs(A) && is_event(A, RILL_EVENT_STREAM_READ, 1, 16));
}
static const char *wait_in_a_full_table(void)
{
    uint32_t more;

    waits_then_returns(A, RILL_CALLBACK_WAIT);
    return HOLDS(reads_in_set() && rill_set_new(&host, &more) && rill_set_new(&host, &more) && call_a()
                 && !is_ready(A));
}
static const char *set_drop_while_a_task_waits_for_it(void)
{
    waits_then_returns(A, RILL_CALLBACK_WAIT);
    return TRAPS(rill_set_new(&host, &set) && call_a(), rill_set_drop(&host, set));
}
static const char *set_drop_while_two_tasks_wait_for_it(void)
{
    waits_then_returns(A, RILL_CALLBACK_WAIT);
    waits_then_returns(B, RILL_CALLBACK_WAIT);
    return TRAPS(reads_in_set() && call_a() && call_b() && ends[set - 1u].length == 2 && host_writes() && runs(A)
                     && ends[set - 1u].length == 1 && rill_join(&host, r, 0),
                 rill_set_drop(&host, set));
}
static const char *callback_traps(void)
{
    does(A, 0, NULL, RILL_CALLBACK_YIELD);
    does(A, 1, NULL, RILL_CALLBACK_EXIT);
    return TRAPS(call_a(), runs(A));
}

/// The guest is entered while its core code runs ///

static const char *call_inside_of_core(void)
{
    does(A, 0, call_b, RILL_CALLBACK_EXIT);
    return HOLDS(!call_a() && strstr(host.trap, "while its core code runs") != NULL && at[B] == 0);
}
static const char *call_inside_of_a_callback(void)
{
    does(A, 0, NULL, RILL_CALLBACK_YIELD);
    does(A, 1, call_b, RILL_CALLBACK_EXIT);
    return HOLDS(call_a() && !runs(A) && strstr(host.trap, "while its core code runs") != NULL && at[B] == 0);
}
static bool call_b_must_fail(void) { return !call_b() && host.trap != NULL && (host.trap = NULL, return_nothing()); }
static const char *call_inside_of_core_is_told_so(void)
{
    does(A, 0, call_b_must_fail, RILL_CALLBACK_EXIT);
    return HOLDS(call_a() && at[B] == 0);
}
static bool run_b_must_fail(void) { return !runs(B) && host.trap != NULL && (host.trap = NULL, return_nothing()); }
static const char *run_inside_of_core(void)
{
    waits_then_returns(B, RILL_CALLBACK_YIELD);
    does(A, 0, run_b_must_fail, RILL_CALLBACK_EXIT);
    return HOLDS(call_b() && call_a() && is_over(A) && at[B] == 1 && is_ready(B));
}

/// Queues ///

static bool inc(void) { return rill_backpressure_inc(&host); }
static bool dec(void) { return rill_backpressure_dec(&host); }

static const char *backpressure_queues(void)
{
    does(A, 0, return_nothing, RILL_CALLBACK_EXIT);
    return HOLDS(inc() && inc() && call_a() && at[A] == 0 && is_state(A, RILL_TASK_INITIAL) && tasks.queued == 1
                 && dec() && !is_ready(A) && runs(A) && at[A] == 0 && dec() && is_ready(A) && runs(A) && is_over(A)
                 && tasks.queued == 0);
}
static const char *nobody_overtakes(void)
{
    does(A, 0, return_nothing, RILL_CALLBACK_EXIT);
    does(B, 0, return_nothing, RILL_CALLBACK_EXIT);
    return HOLDS(inc() && call_a() && dec() && call_b() && at[B] == 0 && tasks.queued == 2 && runs(A) && is_ready(B)
                 && runs(B) && is_over(B) && tasks.queued == 0);
}
static const char *backpressure_2_to_16(void)
{
    uint32_t i;

    for (i = 0; i < 65535u; i++) {
        if (!inc()) {
            return "trapped too early";
        }
    }
    return TRAPS(true, inc());
}
static const char *backpressure_below_0(void) { return TRAPS(inc() && dec(), dec()); }
static const char *backpressure_inc_without_tasks(void) { return TRAPS((host.tasks = NULL, true), inc()); }
static const char *backpressure_dec_without_tasks(void) { return TRAPS((host.tasks = NULL, true), dec()); }

static bool read_sync(void)
{
    return rill_copy(&host, RILL_READABLE, &u32, false, false, r, 16, 1, &packed) && tasks.current == &task[A]
           && tasks.is_running != 0 && return_nothing();
}
static bool others_are_called_then_written(void)
{
    return tasks.exclusive == &task[A] && is_ready(B) == false && call_b() && at[B] == 0 && is_ready(B) == false
           && host_writes();
}
static const char *blocked_task_keeps_others_with_a_callback_out(void)
{
    does(A, 0, read_sync, RILL_CALLBACK_EXIT);
    does(B, 0, return_nothing, RILL_CALLBACK_EXIT);
    meanwhile[0] = others_are_called_then_written;
    return HOLDS(rill_give(&host, &u32, false, &end, &r) && call_a() && is_over(A) && at[B] == 0 && is_ready(B)
                 && runs(B) && is_over(B));
}
static bool call_without_callback(void)
{
    return calls(B, false) && is_over(B) && tasks.exclusive == &task[A] && host_writes();
}
static const char *blocked_task_lets_those_without_a_callback_in(void)
{
    does(A, 0, read_sync, RILL_CALLBACK_EXIT);
    does(B, 0, return_nothing, RILL_CALLBACK_EXIT);
    meanwhile[0] = call_without_callback;
    return HOLDS(rill_give(&host, &u32, false, &end, &r) && call_a() && is_over(A) && is_idle());
}
static bool b_yields_and_is_not_ready(void) { return !is_ready(B) && runs(B) && at[B] == 1 && host_writes(); }
static const char *blocked_task_keeps_those_that_yield_out(void)
{
    waits_then_returns(B, RILL_CALLBACK_YIELD);
    does(A, 0, read_sync, RILL_CALLBACK_EXIT);
    meanwhile[0] = b_yields_and_is_not_ready;
    return HOLDS(rill_give(&host, &u32, false, &end, &r) && call_b() && call_a() && is_over(A) && is_ready(B));
}
static const char *wait_outside_of_tasks(void)
{
    meanwhile[0] = host_writes;
    return HOLDS(rill_give(&host, &u32, false, &end, &r)
                 && rill_copy(&host, RILL_READABLE, &u32, false, false, r, 16, 1, &packed) && is_idle());
}

/// Cancellations ///

static const char *cancel_queued(void)
{
    return HOLDS(inc() && call_a() && cancel_a() && is_over(A) && cancelled[A] == 1 && at[A] == 0 && tasks.queued == 0
                 && !is_ready(A) && cancel_a() && cancelled[A] == 1);
}
static const char *cancel_while_it_yields(void)
{
    waits_then_gives_up(A, RILL_CALLBACK_YIELD);
    return HOLDS(call_a() && cancel_a() && is_event(A, RILL_EVENT_TASK_CANCELLED, 0, 0) && cancelled[A] == 1
                 && is_over(A));
}
static const char *cancel_while_it_waits(void)
{
    waits_then_gives_up(A, RILL_CALLBACK_WAIT);
    return HOLDS(reads_in_set() && call_a() && cancel_a() && is_event(A, RILL_EVENT_TASK_CANCELLED, 0, 0)
                 && cancelled[A] == 1 && is_over(A) && is_set_free());
}
static const char *cancel_then_it_goes_on(void)
{
    does(A, 0, NULL, RILL_CALLBACK_YIELD);
    does(A, 1, NULL, RILL_CALLBACK_YIELD);
    does(A, 2, return_nothing, RILL_CALLBACK_EXIT);
    return HOLDS(call_a() && cancel_a() && is_state(A, RILL_TASK_CANCEL_DELIVERED) && cancel_a() && at[A] == 2
                 && is_ready(A) && runs(A) && is_event(A, RILL_EVENT_NONE, 0, 0) && is_over(A) && cancelled[A] == 0);
}
static bool cancel_itself(void) { return cancel_a() && is_state(A, RILL_TASK_PENDING_CANCEL) && cancel_a(); }
static const char *cancel_inside_of_core_is_told_at_its_answer(void)
{
    does(A, 0, cancel_itself, RILL_CALLBACK_YIELD);
    does(A, 1, give_up, RILL_CALLBACK_EXIT);
    return HOLDS(call_a() && is_event(A, RILL_EVENT_TASK_CANCELLED, 0, 0) && is_over(A) && cancelled[A] == 1);
}
static const char *cancel_inside_of_core_is_told_before_it_waits(void)
{
    does(A, 0, cancel_itself, RILL_CALLBACK_WAIT);
    does(A, 1, give_up, RILL_CALLBACK_EXIT);
    return HOLDS(reads_in_set() && host_writes() && call_a() && is_event(A, RILL_EVENT_TASK_CANCELLED, 0, 0)
                 && is_over(A) && is_set_free());
}
static bool cancel_b_which_yields(void)
{
    return cancels(B) && is_state(B, RILL_TASK_PENDING_CANCEL) && return_nothing();
}
static const char *cancel_inside_of_another_s_core(void)
{
    does(B, 0, NULL, RILL_CALLBACK_YIELD);
    does(B, 1, NULL, RILL_CALLBACK_YIELD);
    does(B, 2, give_up, RILL_CALLBACK_EXIT);
    does(A, 0, cancel_b_which_yields, RILL_CALLBACK_EXIT);
    return HOLDS(call_b() && call_a() && at[B] == 1 && runs(B) && at[B] == 3
                 && is_event(B, RILL_EVENT_TASK_CANCELLED, 0, 0) && is_over(B));
}
static bool cancel_b_then_write(void)
{
    return cancels(B) && is_state(B, RILL_TASK_PENDING_CANCEL) && at[B] == 1 && host_writes();
}
static const char *cancel_while_another_one_is_blocked(void)
{
    does(B, 0, NULL, RILL_CALLBACK_YIELD);
    does(B, 1, NULL, RILL_CALLBACK_YIELD);
    does(B, 2, give_up, RILL_CALLBACK_EXIT);
    does(A, 0, read_sync, RILL_CALLBACK_EXIT);
    meanwhile[0] = cancel_b_then_write;
    return HOLDS(rill_give(&host, &u32, false, &end, &r) && call_b() && call_a() && runs(B) && is_over(B)
                 && cancelled[B] == 1);
}
static bool cancel_a_then_write(void) { return cancel_a() && is_state(A, RILL_TASK_PENDING_CANCEL) && host_writes(); }
static const char *cancel_while_it_is_blocked_in_core(void)
{
    does(A, 0, read_sync, RILL_CALLBACK_EXIT);
    meanwhile[0] = cancel_a_then_write;
    return HOLDS(rill_give(&host, &u32, false, &end, &r) && call_a() && is_over(A) && cancelled[A] == 0);
}
static const char *cancel_what_has_returned(void)
{
    does(A, 0, return_nothing, RILL_CALLBACK_YIELD);
    does(A, 1, NULL, RILL_CALLBACK_EXIT);
    return HOLDS(call_a() && cancel_a() && is_state(A, RILL_TASK_RESOLVED) && at[A] == 1 && runs(A) && is_over(A)
                 && is_event(A, RILL_EVENT_NONE, 0, 0));
}
static const char *give_up_untold(void)
{
    does(A, 0, give_up, RILL_CALLBACK_EXIT);
    return HOLDS(!call_a() && host.trap != NULL && cancelled[A] == 0);
}
static bool give_up_must_fail(void) { return !give_up() && host.trap != NULL && (host.trap = NULL, return_nothing()); }
static const char *give_up_untold_is_told_so(void)
{
    does(A, 0, give_up_must_fail, RILL_CALLBACK_EXIT);
    return HOLDS(call_a());
}
static const char *give_up_outside_of_tasks(void) { return TRAPS(true, give_up()); }

/// Waits in core code that a cancellation ends ///

static bool wait_cancellable(void) { return rill_set_wait_cancellable(&host, set, 8, &code); }
static bool poll_cancellable(void) { return rill_set_poll_cancellable(&host, set, 8, &code); }

static bool is_word(const uint8_t *bytes, uint32_t value)
{
    return bytes[0] == value && bytes[1] == 0 && bytes[3] == 0;
}

/** The last event was the read's. */
static bool was_read(void)
{
    return code == RILL_EVENT_STREAM_READ && is_word(memory + 8, r) && is_word(memory + 12, 16) && is_set_free()
           && task[A].core_wait == 0;
}
/** The last one was the cancellation. */
static bool was_cancelled(void)
{
    return code == RILL_EVENT_TASK_CANCELLED && is_word(memory + 8, 0) && is_word(memory + 12, 0) && is_set_free()
           && task[A].core_wait == 0 && is_state(A, RILL_TASK_CANCEL_DELIVERED);
}
static bool wait_for_read(void) { return wait_cancellable() && was_read() && return_nothing(); }
static bool wait_for_cancel(void)
{
    memset(memory + 8, 0xee, 8);
    return wait_cancellable() && was_cancelled() && give_up();
}

static const char *wait_and_there_is_an_event(void)
{
    does(A, 0, wait_for_read, RILL_CALLBACK_EXIT);
    return HOLDS(reads_in_set() && host_writes() && call_a() && is_over(A) && waits == 0);
}
static const char *wait_and_an_event_comes(void)
{
    does(A, 0, wait_for_read, RILL_CALLBACK_EXIT);
    meanwhile[0] = nothing_happens;
    meanwhile[1] = host_writes;
    return HOLDS(reads_in_set() && call_a() && is_over(A) && waits == 2);
}
static bool cancel_a_at_once(void) { return cancel_a() && is_state(A, RILL_TASK_CANCEL_DELIVERED); }
static const char *wait_and_a_cancellation_comes(void)
{
    does(A, 0, wait_for_cancel, RILL_CALLBACK_EXIT);
    meanwhile[0] = nothing_happens;
    meanwhile[1] = cancel_a_at_once;
    return HOLDS(reads_in_set() && call_a() && is_over(A) && cancelled[A] == 1 && waits == 2);
}
static bool cancel_a_and_write(void) { return cancel_a_at_once() && host_writes(); }
static const char *wait_and_both_come(void)
{
    does(A, 0, wait_for_cancel, RILL_CALLBACK_EXIT);
    meanwhile[0] = cancel_a_and_write;
    return HOLDS(reads_in_set() && call_a() && is_over(A) && cancelled[A] == 1 && waits == 1);
}
static bool cancel_then_wait(void) { return cancel_itself() && wait_for_cancel(); }
static const char *wait_and_the_cancellation_was_there(void)
{
    does(A, 0, cancel_then_wait, RILL_CALLBACK_EXIT);
    return HOLDS(reads_in_set() && host_writes() && call_a() && is_over(A) && waits == 0);
}
static bool leave_set_then_read_sync(void)
{
    return wait_cancellable() && was_read() && rill_join(&host, r, 0) && read_sync();
}
static const char *wait_then_leave_the_set_then_block(void)
{
    does(A, 0, leave_set_then_read_sync, RILL_CALLBACK_EXIT);
    meanwhile[0] = host_writes;
    meanwhile[1] = cancel_a_then_write;
    return HOLDS(reads_in_set() && call_a() && is_over(A) && waits == 2 && cancelled[A] == 0);
}
static bool drop_set_must_fail(void)
{
    return rill_join(&host, r, 0) && !rill_set_drop(&host, set) && host.trap != NULL
           && (host.trap = NULL, rill_join(&host, r, set)) && host_writes();
}
static const char *wait_and_the_set_is_dropped_meanwhile(void)
{
    does(A, 0, wait_for_read, RILL_CALLBACK_EXIT);
    meanwhile[0] = drop_set_must_fail;
    return HOLDS(reads_in_set() && call_a() && is_over(A));
}
static const char *wait_for_ever(void)
{
    does(A, 0, wait_cancellable, RILL_CALLBACK_EXIT);
    return TRAPS(reads_in_set(), call_a());
}
static const char *wait_and_a_trap_meanwhile(void)
{
    does(A, 0, wait_cancellable, RILL_CALLBACK_EXIT);
    meanwhile[0] = set_trap;
    return HOLDS(reads_in_set() && !call_a() && waits == 1);
}
static bool wait_must_fail(void)
{
    return !wait_cancellable() && host.trap != NULL && (host.trap = NULL, return_nothing());
}
static const char *wait_where_nothing_may_block(void)
{
    rill_host_may_block(&host, false);
    does(A, 0, wait_must_fail, RILL_CALLBACK_EXIT);
    return HOLDS(reads_in_set() && call_a() && waits == 0);
}
static const char *wait_for_no_set(void)
{
    set = 4;
    does(A, 0, wait_must_fail, RILL_CALLBACK_EXIT);
    return HOLDS(call_a() && waits == 0);
}
static const char *wait_outside_of_any_task(void) { return TRAPS(reads_in_set() && host_writes(), wait_cancellable()); }
static bool cancel_then_wait_at_no_place(void)
{
    return cancel_itself() && !rill_set_wait_cancellable(&host, set, 6, &code) && host.trap != NULL
           && (host.trap = NULL, give_up());
}
static const char *cancellation_has_no_place(void)
{
    does(A, 0, cancel_then_wait_at_no_place, RILL_CALLBACK_EXIT);
    return HOLDS(reads_in_set() && call_a() && is_over(A));
}

static bool poll_for_nothing(void) { return poll_cancellable() && code == RILL_EVENT_NONE && return_nothing(); }
static bool poll_for_read(void) { return poll_cancellable() && was_read() && return_nothing(); }
static bool cancel_then_poll(void)
{
    memset(memory + 8, 0xee, 8);
    return cancel_itself() && poll_cancellable() && was_cancelled() && give_up();
}
static bool poll_must_fail(void)
{
    return !poll_cancellable() && host.trap != NULL && (host.trap = NULL, return_nothing());
}
static const char *poll_and_there_is_nothing(void)
{
    code = 7;
    does(A, 0, poll_for_nothing, RILL_CALLBACK_EXIT);
    return HOLDS(reads_in_set() && call_a() && is_over(A));
}
static const char *poll_and_there_is_an_event(void)
{
    does(A, 0, poll_for_read, RILL_CALLBACK_EXIT);
    return HOLDS(reads_in_set() && host_writes() && call_a() && is_over(A));
}
static const char *poll_and_there_is_a_cancellation(void)
{
    does(A, 0, cancel_then_poll, RILL_CALLBACK_EXIT);
    return HOLDS(reads_in_set() && host_writes() && call_a() && is_over(A));
}
static const char *poll_no_set(void)
{
    set = 4;
    does(A, 0, poll_must_fail, RILL_CALLBACK_EXIT);
    return HOLDS(call_a());
}
static bool cancel_then_poll_no_set(void) { return cancel_itself() && poll_must_fail(); }
static const char *poll_no_set_and_there_is_a_cancellation(void)
{
    set = 4;
    does(A, 0, cancel_then_poll_no_set, RILL_CALLBACK_EXIT);
    return HOLDS(call_a() && is_over(A));
}
static const char *poll_outside_of_any_task(void) { return TRAPS(reads_in_set() && host_writes(), poll_cancellable()); }

/// Yields in core code ///

static bool yield(bool is_cancellable)
{
    told = 7;
    return rill_yield(&host, is_cancellable, &told);
}
static bool yield_untold(void) { return yield(true) && told == 0 && task[A].core_wait == 0 && return_nothing(); }
static bool yield_told(void) { return yield(true) && told == 1 && task[A].core_wait == 0 && give_up(); }
static bool yield_not_cancellable(void) { return yield(false) && told == 0 && return_nothing(); }
static bool cancel_then_yield(void) { return cancel_itself() && yield_told(); }
static bool cancel_then_yield_not_cancellable(void) { return cancel_itself() && yield_not_cancellable(); }

static const char *yield_lets_time_pass(void)
{
    does(A, 0, yield_untold, RILL_CALLBACK_EXIT);
    meanwhile[0] = nothing_happens;
    return HOLDS(call_a() && is_over(A) && waits == 1);
}
static const char *yield_where_nothing_can_happen(void)
{
    does(A, 0, yield_untold, RILL_CALLBACK_EXIT);
    return HOLDS(call_a() && is_over(A) && waits == 1);
}
static const char *yield_and_a_cancellation_comes(void)
{
    does(A, 0, yield_told, RILL_CALLBACK_EXIT);
    meanwhile[0] = cancel_a_at_once;
    return HOLDS(call_a() && is_over(A) && cancelled[A] == 1 && waits == 1);
}
static const char *yield_and_the_cancellation_was_there(void)
{
    does(A, 0, cancel_then_yield, RILL_CALLBACK_EXIT);
    return HOLDS(call_a() && is_over(A) && cancelled[A] == 1 && waits == 0);
}
static const char *yield_is_not_told_where_it_is_not_cancellable(void)
{
    does(A, 0, cancel_then_yield_not_cancellable, RILL_CALLBACK_EXIT);
    return HOLDS(call_a() && is_over(A) && cancelled[A] == 0 && waits == 1);
}
static bool cancel_a_pending(void) { return cancel_a() && is_state(A, RILL_TASK_PENDING_CANCEL); }
static const char *yield_not_cancellable_and_a_cancellation_comes(void)
{
    does(A, 0, yield_not_cancellable, RILL_CALLBACK_EXIT);
    meanwhile[0] = cancel_a_pending;
    return HOLDS(call_a() && is_over(A) && waits == 1);
}
static const char *yield_where_nothing_may_block(void)
{
    rill_host_may_block(&host, false);
    does(A, 0, yield_untold, RILL_CALLBACK_EXIT);
    return HOLDS(call_a() && is_over(A) && waits == 0);
}
static const char *yield_and_a_trap_meanwhile(void)
{
    does(A, 0, yield_untold, RILL_CALLBACK_EXIT);
    meanwhile[0] = set_trap;
    return HOLDS(!call_a() && waits == 1 && told == 0);
}
static const char *yield_outside_of_any_task(void)
{
    return HOLDS(yield(true) && told == 0 && waits == 1 && (host.tasks = NULL, yield(true)) && told == 0 && waits == 2);
}

/// Results and context ///

static bool return_word(void) { return rill_task_return(&host, &u32); }
static bool return_other_must_fail(void)
{
    return !rill_task_return(&host, &other_type) && host.trap != NULL && (host.trap = NULL, return_word());
}
static bool return_twice_must_fail(void)
{
    return return_nothing() && !return_nothing() && host.trap != NULL && (host.trap = NULL, true);
}
static const char *return_a_word(void)
{
    does(A, 0, return_word, RILL_CALLBACK_EXIT);
    return HOLDS(rill_task_call(&tasks, &task[A], &u32, true) && is_over(A));
}
static const char *return_another_type(void)
{
    does(A, 0, return_other_must_fail, RILL_CALLBACK_EXIT);
    return HOLDS(rill_task_call(&tasks, &task[A], &u32, true) && is_over(A));
}
static const char *return_twice(void)
{
    does(A, 0, return_twice_must_fail, RILL_CALLBACK_EXIT);
    return HOLDS(call_a() && is_over(A));
}
static const char *return_outside_of_any_task(void) { return TRAPS(true, return_nothing()); }
static const char *return_without_tasks(void) { return TRAPS((host.tasks = NULL, true), return_nothing()); }

static bool is_slot(uint32_t slot, uint32_t expected)
{
    uint32_t value = 99;

    return rill_context_get(&host, slot, &value) && value == expected;
}
static bool use_slots(void)
{
    return is_slot(0, 0) && is_slot(1, 0) && rill_context_set(&host, 0, 5) && rill_context_set(&host, 1, 6)
           && is_slot(0, 5) && is_slot(1, 6) && rill_context_set(&host, 3, 8) && is_slot(1, 8) && is_slot(2, 5)
           && return_nothing();
}
static const char *context_has_two_slots(void)
{
    does(A, 0, use_slots, RILL_CALLBACK_YIELD);
    does(B, 0, use_slots, RILL_CALLBACK_EXIT);
    return HOLDS(call_a() && call_b() && task[A].slots[0] == 5 && task[A].slots[1] == 8);
}
static const char *context_get_outside_of_any_task(void) { return TRAPS(true, rill_context_get(&host, 0, &code)); }
static const char *context_set_outside_of_any_task(void) { return TRAPS(true, rill_context_set(&host, 0, 1)); }

/// Memory that moves ///

/** Memory is elsewhere from now on; nobody has said so. */
static bool move_memory(void)
{
    uint8_t *moved = fresh(MEMORY_BYTES);

    memcpy(moved, memory, MEMORY_BYTES);
    free(memory);
    memory = moved;
    return true;
}
static bool move_then_return(void) { return return_nothing() && move_memory(); }
static bool move_then_trap(void)
{
    (void)move_memory();
    memory[0] = 77;
    return false;
}
static const char *core_moves_memory_then_the_host_writes(void)
{
    buffer[0] = 5;
    does(A, 0, move_then_return, RILL_CALLBACK_EXIT);
    return HOLDS(reads_in_set() && call_a() && host_writes() && memory[16] == 5);
}
static const char *core_moves_memory_then_values_are_lifted(void)
{
    uint8_t value[4] = {1, 2, 3, 4};

    does(A, 0, move_then_return, RILL_CALLBACK_EXIT);
    does(B, 0, move_then_return, RILL_CALLBACK_EXIT);
    return HOLDS(call_a() && rill_lower(&host, plan_u32, value, NULL, 20, NULL) && memory[20] == 1 && call_b()
                 && (memory[20] = 9, rill_lift(&host, plan_u32, 20, NULL, value, NULL)) && value[0] == 9);
}
static const char *core_moves_memory_and_traps(void)
{
    does(A, 0, move_then_trap, RILL_CALLBACK_EXIT);
    return !call_a() && rill_arena_missing(&host) == 77u ? NULL : "gave another result";
}
static bool move_then_drop(void) { return move_memory() && host_drops(); }
static bool wait_for_drop(void)
{
    return rill_set_wait(&host, set, 8, &code) && memory[12] == RILL_DROPPED && return_nothing();
}
static const char *memory_moves_while_a_task_waits(void)
{
    does(A, 0, wait_for_drop, RILL_CALLBACK_EXIT);
    meanwhile[0] = move_then_drop;
    return HOLDS(reads_in_set() && call_a());
}
static bool move_then_cancel(void) { return move_memory() && cancel_a_at_once(); }
static const char *memory_moves_and_a_cancellation_comes(void)
{
    does(A, 0, wait_for_cancel, RILL_CALLBACK_EXIT);
    meanwhile[0] = move_then_cancel;
    return HOLDS(reads_in_set() && call_a() && is_over(A));
}

/// Tasks of another guest ///

static const char *call_after_a_trap(void)
{
    task[A].state = RILL_TASK_RESOLVED;
    return HOLDS(set_trap() && !call_a() && at[A] == 0 && is_state(A, RILL_TASK_RESOLVED));
}
static const char *call_on_tasks_that_serve_nobody(void)
{
    static struct rill_tasks others;

    rill_tasks_init(&others, &host, &task_port);
    return HOLDS(!call_a() && host.trap == NULL && at[A] == 0);
}
static const char *task_that_never_was(void)
{
    return HOLDS(!is_ready(A) && !runs(A) && !cancel_a() && host.trap == NULL);
}

/// All of them ///

static const struct sequence sequences[] = {
    {"return-and-exit", return_and_exit},
    {"return-without-callback", return_without_callback},
    {"exit-without-return", exit_without_return},
    {"exit-without-return-or-callback", exit_without_return_or_callback},
    {"answer-unknown-code", answer_unknown_code},
    {"answer-wait-for-no-set", answer_wait_for_no_set},
    {"yield-then-run", yield_then_run},
    {"yield-yield-then-run", yield_yield_then_run},
    {"wait-then-event-then-run", wait_then_event_then_run},
    {"wait-for-the-first-handle", wait_for_the_first_handle},
    {"wait-in-a-full-table", wait_in_a_full_table},
    {"set-drop-while-a-task-waits-for-it", set_drop_while_a_task_waits_for_it},
    {"set-drop-while-two-tasks-wait-for-it", set_drop_while_two_tasks_wait_for_it},
    {"callback-traps", callback_traps},
    {"call-inside-of-core", call_inside_of_core},
    {"call-inside-of-a-callback", call_inside_of_a_callback},
    {"call-inside-of-core-is-told-so", call_inside_of_core_is_told_so},
    {"run-inside-of-core", run_inside_of_core},
    {"backpressure-queues", backpressure_queues},
    {"nobody-overtakes", nobody_overtakes},
    {"backpressure-2-to-16", backpressure_2_to_16},
    {"backpressure-below-0", backpressure_below_0},
    {"backpressure-inc-without-tasks", backpressure_inc_without_tasks},
    {"backpressure-dec-without-tasks", backpressure_dec_without_tasks},
    {"blocked-task-keeps-others-with-a-callback-out", blocked_task_keeps_others_with_a_callback_out},
    {"blocked-task-lets-those-without-a-callback-in", blocked_task_lets_those_without_a_callback_in},
    {"blocked-task-keeps-those-that-yield-out", blocked_task_keeps_those_that_yield_out},
    {"wait-outside-of-tasks", wait_outside_of_tasks},
    {"cancel-queued", cancel_queued},
    {"cancel-while-it-yields", cancel_while_it_yields},
    {"cancel-while-it-waits", cancel_while_it_waits},
    {"cancel-then-it-goes-on", cancel_then_it_goes_on},
    {"cancel-inside-of-core-is-told-at-its-answer", cancel_inside_of_core_is_told_at_its_answer},
    {"cancel-inside-of-core-is-told-before-it-waits", cancel_inside_of_core_is_told_before_it_waits},
    {"cancel-inside-of-another's-core", cancel_inside_of_another_s_core},
    {"cancel-while-another-one-is-blocked", cancel_while_another_one_is_blocked},
    {"cancel-while-it-is-blocked-in-core", cancel_while_it_is_blocked_in_core},
    {"cancel-what-has-returned", cancel_what_has_returned},
    {"give-up-untold", give_up_untold},
    {"give-up-untold-is-told-so", give_up_untold_is_told_so},
    {"give-up-outside-of-tasks", give_up_outside_of_tasks},
    {"wait-and-there-is-an-event", wait_and_there_is_an_event},
    {"wait-and-an-event-comes", wait_and_an_event_comes},
    {"wait-and-a-cancellation-comes", wait_and_a_cancellation_comes},
    {"wait-and-both-come", wait_and_both_come},
    {"wait-and-the-cancellation-was-there", wait_and_the_cancellation_was_there},
    {"wait-then-leave-the-set-then-block", wait_then_leave_the_set_then_block},
    {"wait-and-the-set-is-dropped-meanwhile", wait_and_the_set_is_dropped_meanwhile},
    {"wait-for-ever", wait_for_ever},
    {"wait-and-a-trap-meanwhile", wait_and_a_trap_meanwhile},
    {"wait-where-nothing-may-block", wait_where_nothing_may_block},
    {"wait-for-no-set", wait_for_no_set},
    {"wait-outside-of-any-task", wait_outside_of_any_task},
    {"cancellation-has-no-place", cancellation_has_no_place},
    {"poll-and-there-is-nothing", poll_and_there_is_nothing},
    {"poll-and-there-is-an-event", poll_and_there_is_an_event},
    {"poll-and-there-is-a-cancellation", poll_and_there_is_a_cancellation},
    {"poll-no-set", poll_no_set},
    {"poll-no-set-and-there-is-a-cancellation", poll_no_set_and_there_is_a_cancellation},
    {"poll-outside-of-any-task", poll_outside_of_any_task},
    {"yield-lets-time-pass", yield_lets_time_pass},
    {"yield-where-nothing-can-happen", yield_where_nothing_can_happen},
    {"yield-and-a-cancellation-comes", yield_and_a_cancellation_comes},
    {"yield-and-the-cancellation-was-there", yield_and_the_cancellation_was_there},
    {"yield-is-not-told-where-it-is-not-cancellable", yield_is_not_told_where_it_is_not_cancellable},
    {"yield-not-cancellable-and-a-cancellation-comes", yield_not_cancellable_and_a_cancellation_comes},
    {"yield-where-nothing-may-block", yield_where_nothing_may_block},
    {"yield-and-a-trap-meanwhile", yield_and_a_trap_meanwhile},
    {"yield-outside-of-any-task", yield_outside_of_any_task},
    {"return-a-word", return_a_word},
    {"return-another-type", return_another_type},
    {"return-twice", return_twice},
    {"return-outside-of-any-task", return_outside_of_any_task},
    {"return-without-tasks", return_without_tasks},
    {"context-has-two-slots", context_has_two_slots},
    {"context-get-outside-of-any-task", context_get_outside_of_any_task},
    {"context-set-outside-of-any-task", context_set_outside_of_any_task},
    {"core-moves-memory-then-the-host-writes", core_moves_memory_then_the_host_writes},
    {"core-moves-memory-then-values-are-lifted", core_moves_memory_then_values_are_lifted},
    {"core-moves-memory-and-traps", core_moves_memory_and_traps},
    {"memory-moves-while-a-task-waits", memory_moves_while_a_task_waits},
    {"memory-moves-and-a-cancellation-comes", memory_moves_and_a_cancellation_comes},
    {"call-after-a-trap", call_after_a_trap},
    {"call-on-tasks-that-serve-nobody", call_on_tasks_that_serve_nobody},
    {"task-that-never-was", task_that_never_was},
};

int main(void)
{
    const int exit_code = run_sequences(sequences, sizeof sequences / sizeof sequences[0], begin);

    free(memory);
    return exit_code;
}
