/*
 * Ends that the embedder holds, sets, and the end of a guest: named for the sequence. Prints a line `ok NAME` or `not
 * ok NAME: what` for each; exits 1 when one is not ok. Run under sanitizers.
 */
#include "one-guest.h"

/// Ends of the host's ///

/** The host writes `length` elements from its buffer. */
static bool host_copies(uint32_t length) { return rill_end_copy(&host, &other, host_bytes, length, false, &packed); }

static bool is_state(enum rill_state state) { return rill_end_state(&other) == (uint32_t)state; }

static bool is_zero(const struct rill_end *end)
{
    static const struct rill_end zero;

    return memcmp(end, &zero, sizeof zero) == 0;
}

static const char *give_then_drop_is_open_between(void)
{
    return HOLDS(!rill_end_is_open(&other) && give(&u32) && rill_end_is_open(&other)
                 && (rill_end_drop(&other), !rill_end_is_open(&other)) && is_zero(&other));
}
static const char *give_forgets_what_the_end_held(void)
{
    memset(&other, 0xee, sizeof other);
    return HOLDS(give(&u32) && is_state(RILL_IDLE) && !rill_end_has_event(&other) && read_at(0, 1) && host_copies(1)
                 && is(16));
}
static const char *take_that_traps_leaves_the_end(void)
{
    return HOLDS(make(&u32) && read_at(0, 1) && !take() && is_zero(&other));
}
static const char *give_back_zeroes_the_end(void)
{
    return HOLDS(make(&u32) && take() && rill_give_back(&host, &other, &r) && is_zero(&other) && write_at(0, 1)
                 && read_at(4, 1) && is(16));
}
static const char *give_back_what_is_none(void)
{
    return HOLDS(!rill_give_back(&host, &other, &r) && host.trap != NULL && host.used == 0);
}
static const char *is_awaited_while_the_guest_waits(void)
{
    return HOLDS(!rill_end_is_awaited(&other) && give(&u32) && !rill_end_is_awaited(&other) && read_at(0, 1)
                 && rill_end_is_awaited(&other) && host_copies(1) && !rill_end_is_awaited(&other));
}
static const char *is_awaited_not_by_a_copy_of_nothing(void)
{
    return HOLDS(give(&u32) && read_at(0, 0) && !rill_end_is_awaited(&other));
}
static const char *is_awaited_not_by_itself(void)
{
    return HOLDS(give(&u32) && host_copies(1) && is(RILL_BLOCKED) && !rill_end_is_awaited(&other));
}
static const char *is_awaited_until_nothing_is_left(void)
{
    return HOLDS(give(&u32) && read_at(0, 2) && host_copies(1) && rill_end_is_awaited(&other) && host_copies(1)
                 && !rill_end_is_awaited(&other));
}
static const char *ack_without_cancel_ends_no_copy(void)
{
    return HOLDS(give(&u32) && read_at(0, 1) && (rill_end_ack_cancel(&other), host_copies(1)) && is(16));
}
static const char *ack_on_an_end_that_is_none(void)
{
    return HOLDS((rill_end_ack_cancel(&other), rill_end_defer_cancel(&other), is_zero(&other)));
}
static const char *ack_ends_a_deferred_cancel(void)
{
    return HOLDS(make_set() && give(&u32) && (rill_end_defer_cancel(&other), read_at(0, 1)) && cancel_read(true)
                 && is(RILL_BLOCKED) && rill_join(&host, r, set) && poll_gives(RILL_EVENT_NONE)
                 && (rill_end_ack_cancel(&other), poll_gives(RILL_EVENT_STREAM_READ)) && memory[4] == RILL_CANCELLED
                 && drop_r());
}
static const char *copy_ends_a_deferred_cancel(void)
{
    return HOLDS(make_set() && give(&u32) && (rill_end_defer_cancel(&other), read_at(0, 1)) && cancel_read(true)
                 && rill_join(&host, r, set) && host_copies(1) && is(16) && poll_gives(RILL_EVENT_STREAM_READ)
                 && memory[4] == 16);
}
static const char *cancel_before_anything_moves(void)
{
    return HOLDS(give(&u32) && host_copies(1) && rill_end_cancel(&other) == RILL_CANCELLED && is_state(RILL_IDLE)
                 && read_at(0, 1) && is(RILL_BLOCKED));
}
static const char *cancel_after_some_have_moved(void)
{
    return HOLDS(give(&u32) && host_copies(2) && read_at(0, 1) && is(16) && rill_end_has_event(&other)
                 && rill_end_cancel(&other) == 16 && is_state(RILL_IDLE) && read_at(0, 1) && is(RILL_BLOCKED));
}
static const char *event_of_what_has_moved_in_two_steps(void)
{
    host_bytes[0] = 1;
    host_bytes[4] = 2;
    return HOLDS(give(&u32) && host_copies(2) && read_at(8, 1) && read_at(12, 1) && memory[8] == 1 && memory[12] == 2
                 && rill_end_event(&other) == 32 && is_state(RILL_IDLE));
}
static const char *dropped_end_tells_of_what_has_moved(void)
{
    return HOLDS(give(&u32) && host_copies(2) && read_at(0, 1) && drop_r()
                 && rill_end_event(&other) == (16u | RILL_DROPPED) && is_state(RILL_DONE));
}
static const char *copy_after_a_trap(void)
{
    return HOLDS(give(&u32) && read_at(0, 1) && !read_at(0, 1) && rill_end_is_open(&other) && host_copies(1)
                 && is(RILL_DROPPED) && is_state(RILL_DONE) && memory[0] == 0);
}
static const char *event_of_an_idle_end_after_close(void)
{
    return HOLDS(give(&u32) && host_copies(2) && read_at(0, 2) && rill_end_event(&other) == 32
                 && (rill_host_close(&host), rill_end_has_event(&other)) && rill_end_event(&other) == RILL_DROPPED
                 && is_state(RILL_DONE));
}
static const char *pair_arrives(void)
{
    memset(host_bytes, 7, sizeof host_bytes);
    return HOLDS(arrives(&pair, host_bytes) && is(16) && memcmp(memory, host_bytes, 8) == 0);
}
static const char *pair_leaves(void)
{
    memset(host_bytes, 0, sizeof host_bytes);
    return HOLDS(leaves(&pair, 9, host_bytes) && host_bytes[0] == 9 && host_bytes[7] == 9);
}

/// Ranges of more than 2^16 elements, which nothing reads ///

/** A read of 65,537 words from a memory of `memory_bytes`, in which nothing ever arrives. */
static bool reads_many(uint32_t memory_bytes)
{
    rill_host_memory(&host, memory, memory_bytes);
    return make(&u32) && read_at(0, 65537);
}
static const char *read_many_up_to_the_last_byte(void) { return HOLDS(reads_many(4u * 65537u) && is(RILL_BLOCKED)); }
static const char *read_many_one_byte_too_many(void) { return TRAPS(true, reads_many(4u * 65537u - 1u)); }
static const char *read_many_of_one_byte(void)
{
    rill_host_memory(&host, memory, 65536);
    return TRAPS(make(&boolean), start(RILL_READABLE, &boolean, r, 0, 65537));
}

/// Sets ///

static bool write_1(void) { return host_copies(1); }
static bool trap_in_between(void)
{
    host.trap = "something else traps";
    return false;
}
/** The guest's read from the host is in the set. */
static bool reads_in_set(void) { return make_set() && give(&u32) && rill_join(&host, r, set) && read_at(16, 1); }

static const char *poll_brings_an_event(void)
{
    polled = write_1;
    return HOLDS(reads_in_set() && poll_gives(RILL_EVENT_STREAM_READ) && polls == 1 && memory[0] == r
                 && memory[4] == 16);
}
static const char *poll_does_not_ask_when_there_is_an_event(void)
{
    return HOLDS(reads_in_set() && host_copies(1) && poll_gives(RILL_EVENT_STREAM_READ) && polls == 0);
}
static const char *poll_without_an_event_says_so(void)
{
    code = 7;
    memset(memory, 0xee, 8);
    return HOLDS(reads_in_set() && poll_gives(RILL_EVENT_NONE) && polls == 1 && memory[0] == 0 && memory[7] == 0);
}
static const char *poll_and_a_trap_meanwhile(void)
{
    polled = trap_in_between;
    return HOLDS(reads_in_set() && !rill_set_poll(&host, set, 0, &code));
}
static const char *poll_where_nothing_polls(void)
{
    host.port = &port_without_poll;
    return HOLDS(reads_in_set() && poll_gives(RILL_EVENT_NONE));
}
static const char *poll_starves_nobody(void)
{
    uint32_t first, first_w;

    return HOLDS(make_set() && make(&u32) && (first = r, first_w = w, read_at(16, 1)) && write_at(20, 1)
                 && rill_join(&host, first, set) && make(&u32) && read_at(24, 1) && write_at(28, 1)
                 && rill_join(&host, r, set) && poll_gives(RILL_EVENT_STREAM_READ) && memory[0] == first
                 && start(RILL_READABLE, &u32, first, 16, 1) && start(RILL_WRITABLE, &u32, first_w, 20, 1)
                 && poll_gives(RILL_EVENT_STREAM_READ) && memory[0] == r && poll_gives(RILL_EVENT_STREAM_READ)
                 && memory[0] == first && poll_gives(RILL_EVENT_NONE));
}
static const char *poll_in_a_memory_of_8_bytes(void)
{
    rill_host_memory(&host, memory, 8);
    return HOLDS(make_set() && poll_gives(RILL_EVENT_NONE));
}
static const char *poll_in_a_memory_of_7_bytes(void)
{
    rill_host_memory(&host, memory, 7);
    return TRAPS(make_set(), rill_set_poll(&host, set, 0, &code));
}
static const char *poll_tells_every_byte_of_the_count(void)
{
    return HOLDS(make(NULL) && make_set() && rill_join(&host, r, set) && start(RILL_READABLE, NULL, r, 0, 0x0abcdef1u)
                 && start(RILL_WRITABLE, NULL, w, 0, 0x0abcdef1u) && is(0xabcdef10u)
                 && poll_gives(RILL_EVENT_STREAM_READ) && memcmp(memory + 4, "\x10\xef\xcd\xab", 4) == 0);
}
static const char *set_drop_in_a_full_table(void)
{
    return HOLDS(make(&u32) && make(&u32) && make_set() && make_set() && rill_set_drop(&host, set));
}
static const char *events_of_writes_and_futures(void)
{
    return HOLDS(make(&u32) && make_set() && rill_join(&host, w, set) && write_at(0, 1) && read_at(16, 1)
                 && poll_gives(RILL_EVENT_STREAM_WRITE) && make_future() && rill_join(&host, w, set)
                 && future_copy(RILL_WRITABLE, w) && future_copy(RILL_READABLE, r)
                 && poll_gives(RILL_EVENT_FUTURE_WRITE) && memory[4] == RILL_COMPLETED);
}
static const char *wait_for_what_comes_meanwhile(void)
{
    return HOLDS(reads_in_set() && then(write_1) && set_wait() && code == RILL_EVENT_STREAM_READ && waits == 1
                 && rill_join(&host, r, 0) && rill_set_drop(&host, set));
}

/// The end of a guest ///

static const char *close_makes_ends_stale(void)
{
    return HOLDS(give(&u32) && host_copies(1) && (rill_host_close(&host), !rill_end_is_open(&other))
                 && rill_end_has_event(&other) && rill_end_event(&other) == RILL_DROPPED);
}
static const char *close_forgets_memory(void)
{
    host.memory_stays = 1;
    rill_host_close(&host);
    return host.memory == NULL && host.memory_bytes == 0 && host.memory_stays == 0 ? NULL : "memory is still known";
}
static const char *close_says_so(void)
{
    rill_host_close(&host);
    return host.trap != NULL ? NULL : "a guest that was ended may go on";
}
static const char *close_keeps_the_trap(void)
{
    host.trap = "the guest's own";
    rill_host_close(&host);
    return strcmp(host.trap, "the guest's own") == 0 ? NULL : host.trap;
}
#ifdef RILL_MAY_REENTER
static void locate(struct rill_host *of) { rill_host_memory(of, memory, MEMORY_BYTES); }
#endif
static const char *close_forgets_who_located_memory(void)
{
#ifdef RILL_MAY_REENTER
    host.locate = locate;
    rill_host_close(&host);
    return host.locate == NULL ? NULL : "an embedder that is gone would be called";
#else
    return NULL;
#endif
}
static const char *init_lets_built_ins_wait(void)
{
    rill_host_may_block(&host, false);
    begin();
    return HOLDS(host.may_block != 0 && host.trap == NULL && host.used == 0 && host.free == 0);
}
static const char *init_gives_handles_from_1_on(void)
{
    return HOLDS(make(&u32) && drop_r() && (begin(), make(&u32)) && r == 1 && w == 2);
}
static const char *streams_serve_the_next_guest(void)
{
    return HOLDS(make(&u32) && make(&u32) && make(&u32) && (begin(), make(&u32)) && make(&u32) && make(&u32));
}

/// All of them ///

static const struct sequence sequences[] = {
    {"give-then-drop-is-open-between", give_then_drop_is_open_between},
    {"give-forgets-what-the-end-held", give_forgets_what_the_end_held},
    {"take-that-traps-leaves-the-end", take_that_traps_leaves_the_end},
    {"give-back-zeroes-the-end", give_back_zeroes_the_end},
    {"give-back-what-is-none", give_back_what_is_none},
    {"is-awaited-while-the-guest-waits", is_awaited_while_the_guest_waits},
    {"is-awaited-not-by-a-copy-of-nothing", is_awaited_not_by_a_copy_of_nothing},
    {"is-awaited-not-by-itself", is_awaited_not_by_itself},
    {"is-awaited-until-nothing-is-left", is_awaited_until_nothing_is_left},
    {"ack-without-cancel-ends-no-copy", ack_without_cancel_ends_no_copy},
    {"ack-on-an-end-that-is-none", ack_on_an_end_that_is_none},
    {"ack-ends-a-deferred-cancel", ack_ends_a_deferred_cancel},
    {"copy-ends-a-deferred-cancel", copy_ends_a_deferred_cancel},
    {"cancel-before-anything-moves", cancel_before_anything_moves},
    {"cancel-after-some-have-moved", cancel_after_some_have_moved},
    {"event-of-what-has-moved-in-two-steps", event_of_what_has_moved_in_two_steps},
    {"dropped-end-tells-of-what-has-moved", dropped_end_tells_of_what_has_moved},
    {"copy-after-a-trap", copy_after_a_trap},
    {"event-of-an-idle-end-after-close", event_of_an_idle_end_after_close},
    {"pair-arrives", pair_arrives},
    {"pair-leaves", pair_leaves},
    {"read-many-up-to-the-last-byte", read_many_up_to_the_last_byte},
    {"read-many-one-byte-too-many", read_many_one_byte_too_many},
    {"read-many-of-one-byte", read_many_of_one_byte},
    {"poll-brings-an-event", poll_brings_an_event},
    {"poll-does-not-ask-when-there-is-an-event", poll_does_not_ask_when_there_is_an_event},
    {"poll-without-an-event-says-so", poll_without_an_event_says_so},
    {"poll-and-a-trap-meanwhile", poll_and_a_trap_meanwhile},
    {"poll-where-nothing-polls", poll_where_nothing_polls},
    {"poll-starves-nobody", poll_starves_nobody},
    {"poll-in-a-memory-of-8-bytes", poll_in_a_memory_of_8_bytes},
    {"poll-in-a-memory-of-7-bytes", poll_in_a_memory_of_7_bytes},
    {"poll-tells-every-byte-of-the-count", poll_tells_every_byte_of_the_count},
    {"set-drop-in-a-full-table", set_drop_in_a_full_table},
    {"events-of-writes-and-futures", events_of_writes_and_futures},
    {"wait-for-what-comes-meanwhile", wait_for_what_comes_meanwhile},
    {"close-makes-ends-stale", close_makes_ends_stale},
    {"close-forgets-memory", close_forgets_memory},
    {"close-says-so", close_says_so},
    {"close-keeps-the-trap", close_keeps_the_trap},
    {"close-forgets-who-located-memory", close_forgets_who_located_memory},
    {"init-lets-built-ins-wait", init_lets_built_ins_wait},
    {"init-gives-handles-from-1-on", init_gives_handles_from_1_on},
    {"streams-serve-the-next-guest", streams_serve_the_next_guest},
};

int main(void)
{
    const int code = run_sequences(sequences, sizeof sequences / sizeof sequences[0], begin);

    free(memory);
    return code;
}
