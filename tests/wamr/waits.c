/*
 * What a task waits for in core code: events, cancellations, time, and memory that moves meanwhile. Prints a line `ok
 * NAME` or `not ok NAME: what` for each; exits 1 when one is not ok. Run under sanitizers.
 */
#include "two-tasks.h"

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
static bool yield_must_fail(void) { return !yield(true) && (host.trap = NULL, return_nothing()); }
static const char *yield_says_that_the_guest_has_trapped(void)
{
    does(A, 0, yield_must_fail, RILL_CALLBACK_EXIT);
    meanwhile[0] = set_trap;
    return HOLDS(call_a() && is_over(A));
}
static const char *yield_outside_of_any_task(void)
{
    return HOLDS(yield(true) && told == 0 && waits == 1 && (host.tasks = NULL, yield(true)) && told == 0 && waits == 2);
}

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

/// All of them ///

static const struct sequence sequences[] = {
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
    {"yield-says-that-the-guest-has-trapped", yield_says_that_the_guest_has_trapped},
    {"yield-outside-of-any-task", yield_outside_of_any_task},
    {"core-moves-memory-then-the-host-writes", core_moves_memory_then_the_host_writes},
    {"core-moves-memory-then-values-are-lifted", core_moves_memory_then_values_are_lifted},
    {"core-moves-memory-and-traps", core_moves_memory_and_traps},
    {"memory-moves-while-a-task-waits", memory_moves_while_a_task_waits},
    {"memory-moves-and-a-cancellation-comes", memory_moves_and_a_cancellation_comes},
};

int main(void)
{
    const int exit_code = run_sequences(sequences, sizeof sequences / sizeof sequences[0], begin);

    free(memory);
    return exit_code;
}
