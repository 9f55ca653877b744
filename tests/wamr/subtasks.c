/*
 * Subtasks: what they tell, and what cancelling and dropping them does. Prints a line `ok NAME` or `not ok NAME: what`
 * for each; exits 1 when one is not ok. Run under sanitizers.
 */
#include "one-call.h"

/// Subtasks ///

static const char *subtask_tells_where_it_is(void)
{
    return HOLDS(plain_subtask() && start_a() && rill_end_state(&ends[a.handle - 1u]) == RILL_CALL_STARTED
                 && ends[a.handle - 1u].at.call == &a && return_a() && ends[a.handle - 1u].at.call == NULL
                 && rill_end_state(&ends[a.handle - 1u]) == RILL_CALL_RETURNED);
}
static const char *subtask_that_was_started_inside(void)
{
    return HOLDS(calls(&a, &takes_nothing, true, NULL, 0, start_a) && (result & 15u) == RILL_CALL_STARTED);
}
static const char *poll_start_then_poll_return_then_drop(void)
{
    uint32_t code;

    set = 0;
    return HOLDS(plain_subtask() && join() && start_a() && rill_set_poll(&host, set, 8, &code)
                 && code == RILL_EVENT_SUBTASK && is_word(memory + 8, a.handle)
                 && is_word(memory + 12, RILL_CALL_STARTED) && return_a() && rill_set_poll(&host, set, 8, &code)
                 && code == RILL_EVENT_SUBTASK && is_word(memory + 12, RILL_CALL_RETURNED)
                 && rill_set_poll(&host, set, 8, &code) && code == RILL_EVENT_NONE && drop());
}
static const char *drop_before_told(void) { return TRAPS(plain_subtask() && resolve_a(), drop()); }
static const char *drop_when_started_is_told(void)
{
    uint32_t code;

    set = 0;
    return TRAPS(plain_subtask() && join() && start_a() && rill_set_poll(&host, set, 8, &code), drop());
}
static const char *drop_no_subtask(void) { return TRAPS(rill_set_new(&host, &set), rill_subtask_drop(&host, set)); }
static const char *drop_no_handle(void) { return TRAPS(true, rill_subtask_drop(&host, 1)); }
static const char *cancel_no_subtask(void)
{
    return TRAPS(rill_set_new(&host, &set), rill_subtask_cancel(&host, true, set, &state));
}
static const char *cancel_unasked_is_blocked(void)
{
    return HOLDS(plain_subtask() && cancel(true) && state == RILL_BLOCKED && asked == 0);
}
static const char *cancel_asks_once(void)
{
    return HOLDS(plain_subtask() && (a.on_cancel = on_cancel, cancel(true)) && state == RILL_BLOCKED && asked == 1
                 && !cancel(true) && host.trap != NULL && asked == 1);
}
static bool cancel_inside(void) { return !cancel(true) && host.trap != NULL && (host.trap = NULL, true); }
static const char *cancel_while_it_is_asked(void)
{
    when_asked = cancel_inside;
    return HOLDS(plain_subtask() && (a.on_cancel = on_cancel, cancel(true)) && asked == 1);
}
static const char *cancel_is_answered_at_once(void)
{
    when_asked = cancelled_a;
    return HOLDS(plain_subtask() && (a.on_cancel = on_cancel, cancel(true))
                 && state == RILL_CALL_CANCELLED_BEFORE_STARTED && drop());
}
static const char *cancel_started_is_answered_at_once(void)
{
    when_asked = cancelled_a;
    return HOLDS(plain_subtask() && start_a() && (a.on_cancel = on_cancel, cancel(true))
                 && state == RILL_CALL_CANCELLED_BEFORE_RETURNED && drop());
}
static const char *cancel_what_has_returned_asks_nobody(void)
{
    return HOLDS(plain_subtask() && (a.on_cancel = on_cancel, resolve_a()) && cancel(true)
                 && state == RILL_CALL_RETURNED && asked == 0 && drop());
}
static const char *cancel_what_is_told(void)
{
    return TRAPS(plain_subtask() && resolve_a() && cancel(true) && state == RILL_CALL_RETURNED, cancel(true));
}
static bool refuses(void) { return false; }
static const char *cancel_is_refused(void)
{
    when_asked = refuses;
    return TRAPS(plain_subtask() && (a.on_cancel = on_cancel, true), cancel(true));
}
static const char *sync_cancel_in_set(void) { return TRAPS((set = 0, plain_subtask()) && join(), cancel(false)); }
static const char *async_cancel_in_set(void)
{
    return HOLDS((set = 0, plain_subtask()) && join() && cancel(true) && state == RILL_BLOCKED);
}
static bool start_only(void) { return start_a() && then(return_a); }
static const char *sync_cancel_waits_until_it_is_resolved(void)
{
    return HOLDS(plain_subtask() && then(start_only) && cancel(false) && state == RILL_CALL_RETURNED && waits == 2);
}
static bool join_fails(void)
{
    return rill_end_state(&ends[a.handle - 1u]) == RILL_CALL_STARTING && rill_set_new(&host, &set)
           && !rill_join(&host, a.handle, set) && host.trap != NULL && (host.trap = NULL, true) && resolve_a();
}
static const char *sync_cancel_join_meanwhile(void)
{
    return HOLDS(plain_subtask() && then(join_fails) && cancel(false));
}
static const char *sync_cancel_then_join(void)
{
    return HOLDS((set = 0, plain_subtask()) && then(resolve_a) && cancel(false) && join());
}
static const char *sync_cancel_where_nothing_may_block(void)
{
    return HOLDS(plain_subtask() && may_not_block() && then(resolve_a) && !cancel(false) && host.trap != NULL
                 && waits == 0);
}
static const char *sync_cancel_waits_for_ever(void) { return TRAPS(plain_subtask(), cancel(false)); }
static const char *sync_cancel_and_a_trap_meanwhile(void)
{
    return HOLDS(plain_subtask() && then(set_trap) && !cancel(false) && waits == 1);
}
static const char *sync_cancel_of_what_is_resolved_does_not_wait(void)
{
    return HOLDS(plain_subtask() && resolve_a() && may_not_block() && cancel(false) && state == RILL_CALL_RETURNED
                 && waits == 0);
}
static const char *close_forgets_calls(void)
{
    begin_call(&a);
    rill_host_close(&host);
    return host.calls == NULL && !start_a() && !end_a() ? NULL : "a call outlives its guest";
}

/// All of them ///

static const struct sequence sequences[] = {
    {"subtask-tells-where-it-is", subtask_tells_where_it_is},
    {"subtask-that-was-started-inside", subtask_that_was_started_inside},
    {"poll-start-then-poll-return-then-drop", poll_start_then_poll_return_then_drop},
    {"drop-before-told", drop_before_told},
    {"drop-when-started-is-told", drop_when_started_is_told},
    {"drop-no-subtask", drop_no_subtask},
    {"drop-no-handle", drop_no_handle},
    {"cancel-no-subtask", cancel_no_subtask},
    {"cancel-unasked-is-blocked", cancel_unasked_is_blocked},
    {"cancel-asks-once", cancel_asks_once},
    {"cancel-while-it-is-asked", cancel_while_it_is_asked},
    {"cancel-is-answered-at-once", cancel_is_answered_at_once},
    {"cancel-started-is-answered-at-once", cancel_started_is_answered_at_once},
    {"cancel-what-has-returned-asks-nobody", cancel_what_has_returned_asks_nobody},
    {"cancel-what-is-told", cancel_what_is_told},
    {"cancel-is-refused", cancel_is_refused},
    {"sync-cancel-in-set", sync_cancel_in_set},
    {"async-cancel-in-set", async_cancel_in_set},
    {"sync-cancel-waits-until-it-is-resolved", sync_cancel_waits_until_it_is_resolved},
    {"sync-cancel-join-meanwhile", sync_cancel_join_meanwhile},
    {"sync-cancel-then-join", sync_cancel_then_join},
    {"sync-cancel-where-nothing-may-block", sync_cancel_where_nothing_may_block},
    {"sync-cancel-waits-for-ever", sync_cancel_waits_for_ever},
    {"sync-cancel-and-a-trap-meanwhile", sync_cancel_and_a_trap_meanwhile},
    {"sync-cancel-of-what-is-resolved-does-not-wait", sync_cancel_of_what_is_resolved_does_not_wait},
    {"close-forgets-calls", close_forgets_calls},
};

int main(void)
{
    const int code = run_sequences(sequences, sizeof sequences / sizeof sequences[0], begin);

    free(memory);
    return code;
}
