/*
 * Each transition of the C host that a guest must not make, and the edges of those that it may: named for the sequence.
 * Prints a line `ok NAME` or `not ok NAME: what` for each; exits 1 when one is not ok. Run under sanitizers.
 */
#include "one-guest.h"

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
};

int main(void)
{
    const int code = run_sequences(sequences, sizeof sequences / sizeof sequences[0], begin);

    free(memory);
    return code;
}
