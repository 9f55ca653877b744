/*
 * Each transition of the C host that a guest must not make, and the edges of those that it may: named for the sequence.
 * Prints a line `ok NAME` or `not ok NAME: what` for each; exits 1 when one is not ok. Run under sanitizers.
 */
#include "rill_host.h"

#include "sequences.h"

#include <stdlib.h>
#include <string.h>

#define HANDLES 6u
#define STREAMS 3u
#define MEMORY_BYTES 64u

static const uint16_t plan_u32[] = {RILL_OP_BYTES, 0, 4, RILL_OP_END};
static const uint16_t plan_bool[] = {RILL_OP_BOOL, 0, RILL_OP_END};
static const uint16_t plan_char[] = {RILL_OP_CHAR, 0, RILL_OP_END};
static const uint16_t plan_f32[] = {RILL_OP_F32, 0, RILL_OP_END};
static const uint16_t plan_enum[] = {RILL_OP_ENUM, 0, 1, 3, RILL_OP_END};
/* option<bool> */
static const uint16_t plan_option[] = {RILL_OP_VARIANT, 0, 1, 2, 6, 8, RILL_OP_JUMP, 10, RILL_OP_BOOL, 1, RILL_OP_END};
static const uint16_t plan_flags[] = {RILL_OP_FLAGS, 0, 1, 3, RILL_OP_END};
/* record { bool, u32 }: three bytes of padding after the bool */
static const uint16_t plan_record[] = {RILL_OP_BOOL, 0, RILL_OP_BYTES, 4, 4, RILL_OP_END};
static const struct rill_type u32 = {plan_u32, 4, 4, 1, 0};
static const struct rill_type boolean = {plan_bool, 1, 1, 0, 1};
static const struct rill_type character = {plan_char, 4, 4, 0, 2};
static const struct rill_type f32 = {plan_f32, 4, 4, 1, 3};
static const struct rill_type enumeration = {plan_enum, 1, 1, 0, 4};
static const struct rill_type flags = {plan_flags, 1, 1, 0, 5};
static const struct rill_type option = {plan_option, 2, 1, 0, 7};
static const struct rill_type record = {plan_record, 8, 4, 0, 6};
static const struct rill_type block = {plan_u32, 64, 4, 1, 8};
/* record { u32, u32 }: plain bytes, but no number */
static const uint16_t plan_pair[] = {RILL_OP_BYTES, 0, 8, RILL_OP_END};
static const struct rill_type pair = {plan_pair, 8, 4, 0, 10};
static const struct rill_type page = {plan_u32, 65536, 4, 1, 9};

/// A world: one guest with memory of its own, exactly as long as it says ///

static struct rill_end ends[HANDLES];
static struct rill_stream streams[STREAMS];
static struct rill_end other; /* the host's end */
static struct rill_host host;
static uint8_t *memory;
static uint32_t r, w, set, packed, code; /* what the last calls gave */

static uint32_t waits; /* how often the host let time pass */

static bool (*meanwhile)(void); /* what happens then; NULL: nothing ever will */

static bool wait_a_little(void *context)
{
    bool (*const step)(void) = meanwhile;

    (void)context;
    waits++;
    meanwhile = NULL;
    return step != NULL && (step(), true);
}

static bool (*polled)(void); /* what happens while the guest polls; NULL: nothing */
static uint32_t polls;

static void poll_a_little(void *context)
{
    (void)context;
    polls++;
    if (polled != NULL) {
        (void)polled();
    }
}

static const struct rill_port port = {wait_a_little, poll_a_little};
static const struct rill_port port_without_poll = {wait_a_little, NULL};

static void begin(void)
{
    free(memory);
    memory = calloc(1, MEMORY_BYTES);
    if (memory == NULL) {
        exit(2);
    }
    memset(&other, 0, sizeof other);
    rill_host_init(&host, ends, HANDLES, streams, STREAMS, &port, NULL);
    rill_host_memory(&host, memory, MEMORY_BYTES);
    packed = code = 0;
    waits = polls = 0;
    meanwhile = polled = NULL;
}

/// Calls, short ///

static bool make(const struct rill_type *type) { return rill_new(&host, type, false, &r, &w); }

static bool make_future(void) { return rill_new(&host, &u32, true, &r, &w); }

static bool make_set(void) { return rill_set_new(&host, &set); }

static bool start(enum rill_kind kind, const struct rill_type *type, uint32_t handle, uint32_t ptr, uint32_t length)
{
    return rill_copy(&host, kind, type, false, true, handle, ptr, length, &packed);
}
static bool read_at(uint32_t ptr, uint32_t length) { return start(RILL_READABLE, &u32, r, ptr, length); }

static bool write_at(uint32_t ptr, uint32_t length) { return start(RILL_WRITABLE, &u32, w, ptr, length); }

static bool read_sync(void) { return rill_copy(&host, RILL_READABLE, &u32, false, false, r, 0, 1, &packed); }

static bool cancel_read(bool is_async) { return rill_cancel(&host, RILL_READABLE, &u32, false, is_async, r, &packed); }

static bool cancel_write(void) { return rill_cancel(&host, RILL_WRITABLE, &u32, false, true, w, &packed); }

static bool drop_r(void) { return rill_drop(&host, RILL_READABLE, &u32, false, r); }

static bool drop_w(void) { return rill_drop(&host, RILL_WRITABLE, &u32, false, w); }

static bool future_copy(enum rill_kind kind, uint32_t handle)
{
    return rill_copy(&host, kind, &u32, true, true, handle, 0, 1, &packed);
}
static bool drop_future(enum rill_kind kind, uint32_t handle) { return rill_drop(&host, kind, &u32, true, handle); }

static bool give(const struct rill_type *type) { return rill_give(&host, type, false, &other, &r); }

static bool take(void) { return rill_take(&host, &u32, false, r, &other); }

static bool set_wait(void) { return rill_set_wait(&host, set, 0, &code); }

static bool is(uint32_t expected) { return packed == expected; }

static bool poll_gives(uint32_t expected) { return rill_set_poll(&host, set, 0, &code) && code == expected; }

/** The host writes one element of `type` from `bytes` while the guest's read waits at 0. */
static bool arrives(const struct rill_type *type, uint8_t *bytes)
{
    return give(type) && start(RILL_READABLE, type, r, 0, 1) && rill_end_copy(&host, &other, bytes, 1, false, &packed);
}

/** The guest's write of `byte`s waits and the host reads it. */
static bool leaves(const struct rill_type *type, uint8_t byte, uint8_t *to)
{
    memset(memory, byte, 8);
    return make(type) && rill_take(&host, type, false, r, &other) && start(RILL_WRITABLE, type, w, 0, 1)
           && rill_end_copy(&host, &other, to, 1, false, &packed);
}

/// What others do while a built-in of the guest's waits ///

static bool join_r(void) { return rill_join(&host, r, set); }

static bool drop_set(void) { return rill_set_drop(&host, set); }

/** The host reads what the guest's write offers: a bool where an enum's case should be. */
static bool read_bad_value(void)
{
    static uint8_t to[4];

    return rill_end_copy(&host, &other, to, 1, false, &packed);
}

/** Offers an enum without such a case from a stream whose readable end the host holds. */
static bool offer_bad_value(bool is_async)
{
    memory[0] = 3;
    return make(&enumeration) && rill_take(&host, &enumeration, false, r, &other)
           && rill_copy(&host, RILL_WRITABLE, &enumeration, false, is_async, w, 0, 1, &packed);
}

static bool then(bool (*step)(void))
{
    meanwhile = step;
    return true;
}

/// Sequences ///

/** The call that must trap, after `before`, which must not. @returns what went otherwise, or NULL */
#define TRAPS(before, last)                                                                                            \
    (!(before) || host.trap != NULL ? "trapped too early"                                                              \
     : (last)                       ? "did not trap"                                                                   \
     : host.trap == NULL            ? "said no reason"                                                                 \
                                    : NULL)
/** Calls that all do what they should. @returns what went otherwise, or NULL */
#define HOLDS(all) ((all) ? NULL : host.trap != NULL ? host.trap : "gave another result")

static uint8_t host_bytes[8];

/// Handles ///

static const char *read_handle_0(void) { return TRAPS(make(&u32), start(RILL_READABLE, &u32, 0, 0, 1)); }
static const char *read_handle_never_given(void) { return TRAPS(make(&u32), start(RILL_READABLE, &u32, 3, 0, 1)); }
static const char *read_handle_beyond_table(void)
{
    return TRAPS(make(&u32), start(RILL_READABLE, &u32, HANDLES + 1u, 0, 1));
}
static const char *read_handle_all_ones(void)
{
    return TRAPS(make(&u32), start(RILL_READABLE, &u32, UINT32_MAX, 0, 1));
}
static const char *read_handle_of_16_bits_more(void)
{
    return TRAPS(make(&u32), start(RILL_READABLE, &u32, 0x10001u, 0, 1));
}
static const char *read_on_writable_end(void) { return TRAPS(make(&u32), start(RILL_READABLE, &u32, w, 0, 1)); }
static const char *write_on_readable_end(void) { return TRAPS(make(&u32), start(RILL_WRITABLE, &u32, r, 0, 1)); }
static const char *read_on_set(void) { return TRAPS(make_set(), start(RILL_READABLE, &u32, set, 0, 1)); }
static const char *read_other_type(void) { return TRAPS(make(&u32), start(RILL_READABLE, &f32, r, 0, 1)); }
static const char *read_typed_on_unit_stream(void) { return TRAPS(make(NULL), read_at(0, 1)); }
static const char *read_unit_on_typed_stream(void) { return TRAPS(make(&u32), start(RILL_READABLE, NULL, r, 0, 1)); }
static const char *stream_read_on_future(void) { return TRAPS(make_future(), read_at(0, 1)); }
static const char *future_read_on_stream(void) { return TRAPS(make(&u32), future_copy(RILL_READABLE, r)); }
static const char *new_table_full(void) { return TRAPS(make(&u32) && make(&u32) && make(&u32), make_set()); }
static const char *new_streams_full(void)
{
    return TRAPS(make(&u32) && make(&u32) && drop_r() && drop_w() && make(&u32) && make(&u32), make(&u32));
}
static const char *drop_then_new_gives_the_handle_freed_last(void)
{
    return HOLDS(make(&u32) && drop_w() && drop_r() && make_set() && set == 1);
}

/// Ranges ///

static const char *read_misaligned(void) { return TRAPS(make(&u32), read_at(2, 1)); }
static const char *read_one_byte_out(void) { return TRAPS(make(&u32), read_at(MEMORY_BYTES - 3u, 1)); }
static const char *read_one_element_out(void) { return TRAPS(make(&u32), read_at(MEMORY_BYTES, 1)); }
static const char *read_at_top_of_address_space(void) { return TRAPS(make(&u32), read_at(UINT32_MAX - 3u, 1)); }
static const char *read_length_wraps(void) { return TRAPS(make(&u32), read_at(4, 0x0fffffffu)); }
static const char *read_bytes_wrap(void)
{
    return TRAPS(make(&block), start(RILL_READABLE, &block, r, 0, 0x04000000u));
}
static const char *read_bytes_wrap_at_once(void)
{
    return TRAPS(make(&page), start(RILL_READABLE, &page, r, 0, 65536));
}
static const char *read_whole_memory(void)
{
    return HOLDS(make(&u32) && read_at(0, MEMORY_BYTES / 4u) && is(RILL_BLOCKED));
}
static const char *read_more_than_memory(void) { return TRAPS(make(&u32), read_at(0, MEMORY_BYTES / 4u + 1u)); }
static const char *read_length_2_to_28(void) { return TRAPS(make(&u32), read_at(0, 0x10000000u)); }
static const char *unit_read_length_2_to_28(void)
{
    return TRAPS(make(NULL), start(RILL_READABLE, NULL, r, 0, 0x10000000u));
}
static const char *unit_read_length_2_to_28_less_1(void)
{
    return HOLDS(make(NULL) && start(RILL_READABLE, NULL, r, 1, 0x0fffffffu));
}
static const char *read_up_to_the_last_byte(void)
{
    return HOLDS(make(&u32) && read_at(MEMORY_BYTES - 4u, 1) && is(RILL_BLOCKED));
}
static const char *read_nothing_from_anywhere(void)
{
    return HOLDS(make(&u32) && read_at(UINT32_MAX, 0) && is(RILL_BLOCKED));
}

/// Busy and done ///

static const char *read_read(void) { return TRAPS(make(&u32) && read_at(0, 1), read_at(0, 1)); }
static const char *read_drop(void) { return TRAPS(make(&u32) && read_at(0, 1), drop_r()); }
static const char *read_pass_on(void) { return TRAPS(make(&u32) && read_at(0, 1), take()); }
static const char *read_write_drop_before_event(void)
{
    return TRAPS(make(&u32) && read_at(0, 1) && write_at(4, 1), drop_r());
}
static const char *read_write_read_before_event(void)
{
    return TRAPS(make(&u32) && read_at(0, 1) && write_at(4, 1), read_at(0, 1));
}
static const char *cancel_idle(void) { return TRAPS(make(&u32), cancel_read(true)); }
static const char *cancel_cancel(void)
{
    return TRAPS(make(&u32) && read_at(0, 1) && cancel_read(true) && is(RILL_CANCELLED), cancel_read(true));
}
static const char *write_dropped_write(void)
{
    return TRAPS(make(&u32) && drop_r() && write_at(0, 1) && is(RILL_DROPPED), write_at(0, 1));
}
static const char *write_dropped_cancel(void)
{
    return TRAPS(make(&u32) && drop_r() && write_at(0, 1) && is(RILL_DROPPED), cancel_write());
}
static const char *read_dropped_pass_on(void)
{
    return TRAPS(make(&u32) && drop_w() && read_at(0, 1) && is(RILL_DROPPED), take());
}
static const char *drop_drop(void) { return TRAPS(make(&u32) && drop_r(), drop_r()); }
static const char *pass_on_in_set(void) { return TRAPS(make(&u32) && make_set() && rill_join(&host, r, set), take()); }
static const char *pass_on_read(void) { return TRAPS(make(&u32) && take(), read_at(0, 1)); }
static const char *cancel_write_then_read(void)
{
    return HOLDS(make(&u32) && write_at(0, 1) && cancel_write() && is(2) && read_at(4, 1));
}
static const char *write_dropped_drop(void)
{
    return HOLDS(make(&u32) && drop_r() && write_at(0, 1) && is(RILL_DROPPED) && drop_w());
}
static const char *read_write_cancel_read_gives_the_item(void)
{
    return HOLDS(make(&u32) && read_at(0, 1) && write_at(4, 1) && cancel_read(true) && is(16));
}

/// Deferred cancel ///

static const char *cancel_deferred_cancel(void)
{
    return TRAPS(give(&u32) && (rill_end_defer_cancel(&other), read_at(0, 1)) && cancel_read(true) && is(RILL_BLOCKED),
                 cancel_read(true));
}
static const char *cancel_deferred_drop(void)
{
    return TRAPS(give(&u32) && (rill_end_defer_cancel(&other), read_at(0, 1)) && cancel_read(true), drop_r());
}
static const char *cancel_deferred_waits_for_ever(void)
{
    return TRAPS(give(&u32) && (rill_end_defer_cancel(&other), read_at(0, 1)), cancel_read(false));
}
static const char *ack_without_cancel_changes_nothing(void)
{
    return HOLDS(give(&u32) && read_at(0, 1) && (rill_end_ack_cancel(&other), cancel_read(true)) && is(2));
}

/// Futures ///

static const char *future_drop_writable_unwritten(void) { return TRAPS(make_future(), drop_future(RILL_WRITABLE, w)); }
static const char *future_cancel_write_then_drop(void)
{
    return TRAPS(make_future() && future_copy(RILL_WRITABLE, w)
                     && rill_cancel(&host, RILL_WRITABLE, &u32, true, true, w, &packed) && is(2),
                 drop_future(RILL_WRITABLE, w));
}
static const char *future_read_read_again(void)
{
    return TRAPS(make_future() && future_copy(RILL_WRITABLE, w) && future_copy(RILL_READABLE, r) && is(0),
                 future_copy(RILL_READABLE, r));
}
static const char *future_drop_readable_then_write_then_drop(void)
{
    return HOLDS(make_future() && drop_future(RILL_READABLE, r) && future_copy(RILL_WRITABLE, w) && is(RILL_DROPPED)
                 && drop_future(RILL_WRITABLE, w));
}

/// Waiting ///

static const char *sync_read_waits_for_ever(void) { return TRAPS(make(&u32), read_sync()); }
static const char *sync_read_in_set(void)
{
    return TRAPS(make(&u32) && make_set() && rill_join(&host, r, set) && write_at(0, 1), read_sync());
}
static const char *sync_cancel_in_set(void)
{
    return TRAPS(make(&u32) && make_set() && rill_join(&host, r, set) && read_at(0, 1), cancel_read(false));
}
static const char *sync_read_where_nothing_may_block(void)
{
    return HOLDS((rill_host_may_block(&host, false), make(&u32)) && !read_sync() && host.trap != NULL && waits == 0);
}
static const char *wait_where_nothing_may_block(void)
{
    return HOLDS((rill_host_may_block(&host, false), make_set()) && !set_wait() && host.trap != NULL && waits == 0);
}
static const char *wait_for_ever(void) { return TRAPS(make_set(), rill_set_wait(&host, set, 0, &code)); }
static const char *wait_on_end(void) { return TRAPS(make(&u32), rill_set_wait(&host, r, 0, &code)); }
static const char *wait_no_set(void) { return TRAPS(make_set(), rill_set_wait(&host, 7, 0, &code)); }
static const char *poll_misaligned(void) { return TRAPS(make_set(), rill_set_poll(&host, set, 2, &code)); }
static const char *poll_out_of_memory(void)
{
    return TRAPS(make_set(), rill_set_poll(&host, set, MEMORY_BYTES - 4u, &code));
}
static const char *poll_at_top_of_address_space(void)
{
    return TRAPS(make_set(), rill_set_poll(&host, set, UINT32_MAX - 3u, &code));
}
static const char *poll_without_memory(void)
{
    return TRAPS((rill_host_memory(&host, NULL, 0), make_set()), rill_set_poll(&host, set, 0, &code));
}
static const char *poll_in_the_last_8_bytes(void)
{
    return HOLDS(make_set() && rill_set_poll(&host, set, MEMORY_BYTES - 8u, &code) && code == 0);
}
static const char *set_drop_with_member(void)
{
    return TRAPS(make(&u32) && make_set() && rill_join(&host, r, set), rill_set_drop(&host, set));
}
static const char *set_drop_drop(void)
{
    return TRAPS(make_set() && rill_set_drop(&host, set), rill_set_drop(&host, set));
}
static const char *set_drop_on_end(void) { return TRAPS(make(&u32), rill_set_drop(&host, r)); }
static const char *join_set(void) { return TRAPS(make_set(), rill_join(&host, set, set)); }
static const char *join_no_waitable(void) { return TRAPS(make_set(), rill_join(&host, 9, set)); }
static const char *join_no_set(void) { return TRAPS(make(&u32), rill_join(&host, r, 9)); }
static const char *join_end_as_set(void) { return TRAPS(make(&u32), rill_join(&host, r, w)); }
static const char *join_set_of_16_bits_more(void)
{
    return TRAPS(make(&u32) && make_set(), rill_join(&host, r, set + 0x10000u));
}
static const char *join_drop_leaves_the_set(void)
{
    return HOLDS(make(&u32) && make_set() && rill_join(&host, r, set) && drop_r() && rill_set_drop(&host, set));
}
static const char *join_leave_keeps_the_event(void)
{
    return HOLDS(make(&u32) && make_set() && read_at(0, 1) && write_at(4, 1) && poll_gives(0)
                 && rill_join(&host, r, set) && poll_gives(RILL_EVENT_STREAM_READ));
}

/// Values ///

static const char *bool_within_one_instance(void)
{
    return TRAPS(make(&boolean) && start(RILL_READABLE, &boolean, r, 0, 1), start(RILL_WRITABLE, &boolean, w, 1, 1));
}
static const char *char_surrogate_leaves(void) { return TRAPS(true, leaves(&character, 0xd8, host_bytes)); }
static const char *enum_out_of_range_leaves(void) { return TRAPS(true, leaves(&enumeration, 3, host_bytes)); }
static const char *enum_last_case_leaves(void)
{
    return HOLDS(leaves(&enumeration, 2, host_bytes) && host_bytes[0] == 2);
}
static const char *bool_leaves_as_1(void) { return HOLDS(leaves(&boolean, 0x80, host_bytes) && host_bytes[0] == 1); }
static const char *flags_leave_without_unknown_bits(void)
{
    return HOLDS(leaves(&flags, 0xfd, host_bytes) && host_bytes[0] == 5);
}
static const char *nan_leaves_canonical(void)
{
    return HOLDS(leaves(&f32, 0xff, host_bytes) && host_bytes[3] == 0x7f && host_bytes[2] == 0xc0
                 && host_bytes[0] == 0);
}
static const char *record_arrives_without_padding(void)
{
    return HOLDS((memset(memory, 0xee, 8), memset(host_bytes, 1, 8), arrives(&record, host_bytes)) && memory[0] == 1
                 && memory[1] == 0xee && memory[3] == 0xee && memory[4] == 1);
}

/// The host's ends after a trap ///

static const char *trap_in_the_host_s_read_then_close(void)
{
    return HOLDS(!leaves(&enumeration, 9, host_bytes) && host.trap != NULL && rill_end_state(&other) == RILL_IDLE
                 && (rill_end_drop(&other), true));
}

static const char *wait_bad_value_meanwhile(void)
{
    return TRAPS(offer_bad_value(true) && make_set() && then(read_bad_value), set_wait());
}
static const char *sync_write_bad_value_meanwhile(void) { return TRAPS(then(read_bad_value), offer_bad_value(false)); }
static const char *sync_write_bad_value_ends_the_wait(void)
{
    return HOLDS(then(read_bad_value) && !offer_bad_value(false) && waits == 1);
}
static const char *sync_read_join_meanwhile(void)
{
    return HOLDS(make(&u32) && make_set() && then(join_r) && !read_sync() && waits == 1);
}
static const char *wait_set_drop_meanwhile(void)
{
    return HOLDS(make_set() && then(drop_set) && !set_wait() && waits == 1);
}
static const char *poll_no_set(void) { return TRAPS(make(&u32), rill_set_poll(&host, r, 0, &code)); }
static const char *give_table_full(void)
{
    return TRAPS(make(&u32) && make(&u32) && make_set() && make_set(), give(&u32));
}
static const char *take_no_end(void) { return TRAPS((r = 5, true), take()); }
static const char *give_back_table_full(void)
{
    return TRAPS(make(&u32) && take() && make(&u32) && make_set() && make_set() && make_set(),
                 rill_give_back(&host, &other, &r));
}
static const char *option_out_of_range_leaves(void) { return TRAPS(true, leaves(&option, 2, host_bytes)); }
static const char *option_some_leaves(void)
{
    return HOLDS(leaves(&option, 1, host_bytes) && host_bytes[0] == 1 && host_bytes[1] == 1);
}
static const char *cancel_no_end(void) { return TRAPS((r = 5, true), cancel_read(true)); }

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
static const char *close_forgets_who_located_memory(void)
{
#ifdef RILL_MAY_REENTER
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
    {"read-handle-0", read_handle_0},
    {"read-handle-never-given", read_handle_never_given},
    {"read-handle-beyond-table", read_handle_beyond_table},
    {"read-handle-all-ones", read_handle_all_ones},
    {"read-handle-of-16-bits-more", read_handle_of_16_bits_more},
    {"read-on-writable-end", read_on_writable_end},
    {"write-on-readable-end", write_on_readable_end},
    {"read-on-set", read_on_set},
    {"read-other-type", read_other_type},
    {"read-typed-on-unit-stream", read_typed_on_unit_stream},
    {"read-unit-on-typed-stream", read_unit_on_typed_stream},
    {"stream-read-on-future", stream_read_on_future},
    {"future-read-on-stream", future_read_on_stream},
    {"new-table-full", new_table_full},
    {"new-streams-full", new_streams_full},
    {"drop-then-new-gives-the-handle-freed-last", drop_then_new_gives_the_handle_freed_last},
    {"read-misaligned", read_misaligned},
    {"read-one-byte-out", read_one_byte_out},
    {"read-one-element-out", read_one_element_out},
    {"read-at-top-of-address-space", read_at_top_of_address_space},
    {"read-length-wraps", read_length_wraps},
    {"read-bytes-wrap", read_bytes_wrap},
    {"read-bytes-wrap-at-once", read_bytes_wrap_at_once},
    {"read-whole-memory", read_whole_memory},
    {"read-more-than-memory", read_more_than_memory},
    {"read-length-2-to-28", read_length_2_to_28},
    {"unit-read-length-2-to-28", unit_read_length_2_to_28},
    {"unit-read-length-2-to-28-less-1", unit_read_length_2_to_28_less_1},
    {"read-up-to-the-last-byte", read_up_to_the_last_byte},
    {"read-nothing-from-anywhere", read_nothing_from_anywhere},
    {"read-read", read_read},
    {"read-drop", read_drop},
    {"read-pass-on", read_pass_on},
    {"read-write-drop-before-event", read_write_drop_before_event},
    {"read-write-read-before-event", read_write_read_before_event},
    {"cancel-idle", cancel_idle},
    {"cancel-cancel", cancel_cancel},
    {"write-dropped-write", write_dropped_write},
    {"write-dropped-cancel", write_dropped_cancel},
    {"read-dropped-pass-on", read_dropped_pass_on},
    {"drop-drop", drop_drop},
    {"pass-on-in-set", pass_on_in_set},
    {"pass-on-read", pass_on_read},
    {"cancel-write-then-read", cancel_write_then_read},
    {"write-dropped-drop", write_dropped_drop},
    {"read-write-cancel-read-gives-the-item", read_write_cancel_read_gives_the_item},
    {"cancel-deferred-cancel", cancel_deferred_cancel},
    {"cancel-deferred-drop", cancel_deferred_drop},
    {"cancel-deferred-waits-for-ever", cancel_deferred_waits_for_ever},
    {"ack-without-cancel-changes-nothing", ack_without_cancel_changes_nothing},
    {"future-drop-writable-unwritten", future_drop_writable_unwritten},
    {"future-cancel-write-then-drop", future_cancel_write_then_drop},
    {"future-read-read-again", future_read_read_again},
    {"future-drop-readable-then-write-then-drop", future_drop_readable_then_write_then_drop},
    {"sync-read-waits-for-ever", sync_read_waits_for_ever},
    {"sync-read-in-set", sync_read_in_set},
    {"sync-cancel-in-set", sync_cancel_in_set},
    {"sync-read-where-nothing-may-block", sync_read_where_nothing_may_block},
    {"wait-where-nothing-may-block", wait_where_nothing_may_block},
    {"wait-for-ever", wait_for_ever},
    {"wait-on-end", wait_on_end},
    {"wait-no-set", wait_no_set},
    {"poll-misaligned", poll_misaligned},
    {"poll-out-of-memory", poll_out_of_memory},
    {"poll-at-top-of-address-space", poll_at_top_of_address_space},
    {"poll-without-memory", poll_without_memory},
    {"poll-in-the-last-8-bytes", poll_in_the_last_8_bytes},
    {"set-drop-with-member", set_drop_with_member},
    {"set-drop-drop", set_drop_drop},
    {"set-drop-on-end", set_drop_on_end},
    {"join-set", join_set},
    {"join-no-waitable", join_no_waitable},
    {"join-no-set", join_no_set},
    {"join-end-as-set", join_end_as_set},
    {"join-set-of-16-bits-more", join_set_of_16_bits_more},
    {"join-drop-leaves-the-set", join_drop_leaves_the_set},
    {"join-leave-keeps-the-event", join_leave_keeps_the_event},
    {"bool-within-one-instance", bool_within_one_instance},
    {"char-surrogate-leaves", char_surrogate_leaves},
    {"enum-out-of-range-leaves", enum_out_of_range_leaves},
    {"enum-last-case-leaves", enum_last_case_leaves},
    {"bool-leaves-as-1", bool_leaves_as_1},
    {"flags-leave-without-unknown-bits", flags_leave_without_unknown_bits},
    {"nan-leaves-canonical", nan_leaves_canonical},
    {"record-arrives-without-padding", record_arrives_without_padding},
    {"trap-in-the-host's-read-then-close", trap_in_the_host_s_read_then_close},
    {"wait-bad-value-meanwhile", wait_bad_value_meanwhile},
    {"sync-write-bad-value-meanwhile", sync_write_bad_value_meanwhile},
    {"sync-write-bad-value-ends-the-wait", sync_write_bad_value_ends_the_wait},
    {"sync-read-join-meanwhile", sync_read_join_meanwhile},
    {"wait-set-drop-meanwhile", wait_set_drop_meanwhile},
    {"poll-no-set", poll_no_set},
    {"give-table-full", give_table_full},
    {"take-no-end", take_no_end},
    {"give-back-table-full", give_back_table_full},
    {"option-out-of-range-leaves", option_out_of_range_leaves},
    {"option-some-leaves", option_some_leaves},
    {"cancel-no-end", cancel_no_end},
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
