/*
 * Tasks: who may run when, and what a cancellation does wherever it finds a task. Prints a line `ok NAME` or `not ok
 * NAME: what` for each; exits 1 when one is not ok. Run under sanitizers.
 */
#include "two-tasks.h"

/// Running and ending ///

static const char *return_and_exit(void)
{
    task[A].context = &packed;
    does(A, 0, return_nothing, RILL_CALLBACK_EXIT);
    return HOLDS(call_a() && is_over(A) && is_idle() && at[A] == 1 && !is_ready(A) && task[A].context == &packed);
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
    /* Behind the table: what a look too far would take for a member with an event. */
    ends[HANDLES].kind = RILL_READABLE;
    ends[HANDLES].set = 1;
    ends[HANDLES].status = 8;
    return HOLDS(reads_in_set() && set == 1 && rill_set_new(&host, &more) && rill_set_new(&host, &more) && call_a()
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
    return tasks.current == NULL && tasks.is_running == 0 && calls(B, false) && is_over(B)
           && tasks.exclusive == &task[A] && host_writes();
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
static const char *cancel_inside_of_core_without_callback(void)
{
    does(B, 0, NULL, RILL_CALLBACK_YIELD);
    does(B, 1, NULL, RILL_CALLBACK_YIELD);
    does(A, 0, cancel_b_which_yields, RILL_CALLBACK_EXIT);
    return HOLDS(call_b() && calls(A, false) && is_over(A) && at[B] == 1 && is_state(B, RILL_TASK_PENDING_CANCEL));
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
/** It can neither go on nor be cancelled. */
static bool is_stale(uint32_t which) { return !is_ready(which) && !runs(which) && !cancels(which) && at[which] == 1; }
static const char *task_of_a_guest_that_trapped(void)
{
    waits_then_returns(A, RILL_CALLBACK_YIELD);
    return HOLDS(call_a() && is_ready(A) && set_trap() && is_stale(A));
}
static const char *task_of_tasks_that_serve_nobody(void)
{
    static struct rill_tasks others;

    waits_then_returns(A, RILL_CALLBACK_YIELD);
    return HOLDS(call_a() && (rill_tasks_init(&others, &host, &task_port), is_stale(A)) && host.trap == NULL);
}
static const char *close_forgets_tasks(void)
{
    rill_host_close(&host);
    return host.tasks == NULL && !call_a() && at[A] == 0 ? NULL : "tasks outlive their guest";
}
/** They serve it, and others do. */
static const char *close_tasks_of_a_live_host(void)
{
    static struct rill_tasks others;
    bool serves;

    rill_tasks_close(&tasks);
    serves = host.tasks == NULL && !call_a() && at[A] == 0;
    rill_tasks_init(&others, &host, &task_port);
    rill_tasks_close(&tasks);
    return HOLDS(serves && host.tasks == &others && host.trap == NULL);
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
    {"cancel-inside-of-core-without-callback", cancel_inside_of_core_without_callback},
    {"cancel-while-another-one-is-blocked", cancel_while_another_one_is_blocked},
    {"cancel-while-it-is-blocked-in-core", cancel_while_it_is_blocked_in_core},
    {"cancel-what-has-returned", cancel_what_has_returned},
    {"give-up-untold", give_up_untold},
    {"give-up-untold-is-told-so", give_up_untold_is_told_so},
    {"give-up-outside-of-tasks", give_up_outside_of_tasks},
    {"return-a-word", return_a_word},
    {"return-another-type", return_another_type},
    {"return-twice", return_twice},
    {"return-outside-of-any-task", return_outside_of_any_task},
    {"return-without-tasks", return_without_tasks},
    {"context-has-two-slots", context_has_two_slots},
    {"context-get-outside-of-any-task", context_get_outside_of_any_task},
    {"context-set-outside-of-any-task", context_set_outside_of_any_task},
    {"call-after-a-trap", call_after_a_trap},
    {"call-on-tasks-that-serve-nobody", call_on_tasks_that_serve_nobody},
    {"task-of-a-guest-that-trapped", task_of_a_guest_that_trapped},
    {"task-of-tasks-that-serve-nobody", task_of_tasks_that_serve_nobody},
    {"close-forgets-tasks", close_forgets_tasks},
    {"close-tasks-of-a-live-host", close_tasks_of_a_live_host},
    {"task-that-never-was", task_that_never_was},
};

int main(void)
{
    const int exit_code = run_sequences(sequences, sizeof sequences / sizeof sequences[0], begin);

    free(memory);
    return exit_code;
}
