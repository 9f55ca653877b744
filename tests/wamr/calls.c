/*
 * The guest's calls of imported functions: which late, early and repeated steps of the embedder's do nothing, what
 * traps, and where arguments and results are. Prints a line `ok NAME` or `not ok NAME: what` for each; exits 1 when one
 * is not ok. Run under sanitizers.
 */
#include "one-call.h"

/// Calls inside of calls ///

static const char *outer_starts_while_inner_is_begun(void)
{
    return HOLDS((begin_call(&a), begin_call(&b), resolve_a()) && rill_call_end(&b, &result) && end_a()
                 && host.calls == NULL);
}
static const char *outer_ends_before_inner(void)
{
    return HOLDS((begin_call(&a), begin_call(&b), end_a()) && host.calls == &b && rill_call_start(&b, NULL, NULL)
                 && rill_call_end(&b, &result) && host.calls == NULL);
}
static const char *begin_again_while_begun(void)
{
    return HOLDS((begin_call(&a), begin_call(&b), begin_call(&b), host.calls == &b) && b.outer == &a && a.outer == NULL
                 && start_a() && rill_call_start(&b, NULL, NULL));
}
static const char *begin_again_the_outer_one(void)
{
    return HOLDS((begin_call(&a), begin_call(&b), begin_call(&a), host.calls == &a) && a.outer == &b
                 && b.outer == NULL);
}
static const char *end_twice(void)
{
    return HOLDS((begin_call(&a), end_a()) && !end_a() && host.trap == NULL && host.used == 1);
}
static const char *begin_forgets_what_the_call_held(void)
{
    memset(&a, 0xee, sizeof a);
    begin_call(&a);
    return HOLDS(a.handle == 0 && a.state == RILL_CALL_STARTING && a.on_cancel == NULL && a.context == NULL
                 && a.result == 0 && a.outer == NULL && host.calls == &a);
}

/// Stale calls ///

/** Late steps on it answer false and leave it and the guest as they were. */
static bool is_stale(void)
{
    struct rill_call before;
    bool is;

    memcpy(&before, &a, sizeof before);
    is = !start_a() && !return_a() && (rill_call_cancelled(&a), memcmp(&before, &a, sizeof before) == 0);
    return is && host.trap == NULL;
}

static const char *call_that_never_was(void) { return HOLDS(is_stale() && !end_a()); }
static const char *call_of_a_guest_that_trapped(void)
{
    return HOLDS((begin_call(&a), set_trap()) && !start_a() && a.state == RILL_CALL_STARTING
                 && (rill_call_cancelled(&a), a.state == RILL_CALL_STARTING));
}
static const char *started_call_of_a_guest_that_trapped(void)
{
    return HOLDS((begin_call(&a), start_a()) && set_trap() && !return_a() && a.state == RILL_CALL_STARTED);
}
static const char *subtask_of_an_empty_table(void) { return HOLDS(plain_subtask() && (next_guest(), is_stale())); }
static const char *subtask_whose_place_another_call_has(void)
{
    return HOLDS(plain_subtask() && (next_guest(), calls(&b, &takes_nothing, true, NULL, 0, NULL))
                 && b.handle == a.handle && is_stale() && rill_call_start(&b, NULL, NULL));
}
static const char *subtask_whose_place_a_set_has(void)
{
    return HOLDS(plain_subtask() && (next_guest(), rill_set_new(&host, &set)) && set == a.handle && is_stale());
}
static const char *call_that_is_begun_by_nobody(void)
{
    return HOLDS((begin_call(&a), next_guest(), is_stale()) && !end_a());
}
static const char *call_that_another_guest_has_begun(void)
{
    return HOLDS((begin_call(&a), next_guest(), begin_call(&b), is_stale()) && !end_a() && host.calls == &b);
}
static const char *start_twice(void) { return HOLDS((begin_call(&a), start_a()) && !start_a() && host.trap == NULL); }
static const char *return_before_start(void)
{
    return HOLDS((begin_call(&a), !return_a()) && a.state == RILL_CALL_STARTING && host.trap == NULL);
}
static const char *return_twice(void) { return HOLDS((begin_call(&a), resolve_a()) && is_stale()); }
static const char *cancelled_then_start(void)
{
    return HOLDS((begin_call(&a), cancelled_a()) && a.state == RILL_CALL_CANCELLED_BEFORE_STARTED && is_stale());
}
static const char *started_then_cancelled(void)
{
    return HOLDS((begin_call(&a), start_a()) && cancelled_a() && a.state == RILL_CALL_CANCELLED_BEFORE_RETURNED
                 && is_stale());
}

/// Arguments and results ///

static const uint64_t cells[18] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 0};
static uint32_t expected; /* words that the arguments are */

/** The arguments are 1, 2, 3…; the result is 77. */
static bool answer_77(void)
{
    uint32_t i;

    if (!start_a()) {
        return false;
    }
    for (i = 0; i < expected; i++) {
        if (!is_word(values + 4u * i, i + 1u)) {
            return false;
        }
    }
    values[0] = 77;
    values[1] = values[2] = values[3] = 0;
    return return_a();
}

/** The words 1, 2, 3… in memory from `at` on. */
static void put_words(uint32_t at, uint32_t count)
{
    uint32_t i;

    for (i = 0; i < count; i++) {
        memory[at + 4u * i] = (uint8_t)(i + 1u);
    }
}

static const char *sync_16_cells_are_flat(void)
{
    expected = 16;
    return HOLDS(calls(&a, &takes_16, false, cells, 16, answer_77) && result == 77);
}
static const char *sync_17_cells_are_in_memory(void)
{
    const uint64_t address = MEMORY_BYTES - 68u;

    expected = 17;
    put_words((uint32_t)address, 17);
    return HOLDS(calls(&a, &takes_17, false, &address, 1, answer_77) && result == 77);
}
static const char *async_4_cells_are_flat_and_the_result_s_address_comes_behind(void)
{
    const uint64_t five_cells[5] = {1, 2, 3, 4, 40};

    expected = 4;
    return HOLDS(calls(&a, &takes_four, true, five_cells, 5, answer_77) && result == RILL_CALL_RETURNED
                 && is_word(memory + 40, 77));
}
static const char *async_5_cells_are_in_memory(void)
{
    const uint64_t addresses[2] = {MEMORY_BYTES - 20u, 40};

    expected = 5;
    put_words(MEMORY_BYTES - 20u, 5);
    return HOLDS(calls(&a, &takes_five, true, addresses, 2, answer_77) && is_word(memory + 40, 77));
}
static const char *subtask_keeps_its_cells(void)
{
    const uint64_t five_cells[5] = {1, 2, 3, 4, 40};

    expected = 4;
    return HOLDS(subtask(&takes_four, five_cells, 5) && answer_77() && is_word(memory + 40, 77));
}
static const char *subtask_keeps_its_addresses(void)
{
    const uint64_t addresses[2] = {MEMORY_BYTES - 20u, 40};

    expected = 5;
    put_words(MEMORY_BYTES - 20u, 5);
    return HOLDS(subtask(&takes_five, addresses, 2) && answer_77() && is_word(memory + 40, 77));
}
static const char *subtask_without_a_result_has_no_address(void)
{
    const uint64_t cell = 2;

    return HOLDS(subtask(&takes_enum, &cell, 1) && start_a() && values[0] == 2 && return_a());
}
static const char *sync_result_of_two_cells_goes_to_memory(void)
{
    const uint64_t address = 88;

    values[0] = 1;
    values[4] = 2;
    return HOLDS(calls(&a, &gives_two, false, &address, 1, resolve_a) && is_word(memory + 88, 1)
                 && is_word(memory + 92, 2));
}

static const char *result_s_address_misaligned(void)
{
    const uint64_t address = 86;

    return TRAPS(true, calls(&a, &gives_two, false, &address, 1, resolve_a));
}
static const char *result_s_address_out_of_memory(void)
{
    const uint64_t address = 92;

    return TRAPS(true, calls(&a, &gives_two, false, &address, 1, resolve_a));
}
static const char *arguments_misaligned(void)
{
    const uint64_t addresses[2] = {42, 40};

    return TRAPS(subtask(&takes_five, addresses, 2), start_a());
}
static const char *arguments_out_of_memory(void)
{
    const uint64_t addresses[2] = {MEMORY_BYTES - 16u, 40};

    return TRAPS(subtask(&takes_five, addresses, 2), start_a());
}
static const char *argument_last_case(void)
{
    const uint64_t cell = 2;

    return HOLDS(calls(&a, &takes_enum, false, &cell, 1, resolve_a) && values[0] == 2);
}
static const char *argument_no_case(void)
{
    const uint64_t cell = 3;

    return TRAPS((rill_call_begin(&host, &a, &takes_enum, true, &cell), true), start_a());
}
static const char *flat_result_is_no_value(void)
{
    values[0] = 3;
    return TRAPS((rill_call_begin(&host, &a, &gives_enum, false, NULL), start_a()), return_a());
}
static const char *result_in_memory_is_no_value(void)
{
    const uint64_t address = 40;

    values[0] = 3;
    return TRAPS((rill_call_begin(&host, &a, &gives_enum, true, &address), start_a()), return_a());
}
static const char *word_in_word_out(void)
{
    const uint64_t one[2] = {1, 0};

    expected = 1;
    return HOLDS(calls(&a, &word_to_word, false, one, 1, answer_77) && result == 77);
}

/// Waiting for a synchronous call ///

/** Memory is elsewhere from now on; nobody has said so. */
static bool move_memory(void)
{
    uint8_t *moved = fresh(MEMORY_BYTES);

    memcpy(moved, memory, MEMORY_BYTES);
    free(memory);
    memory = moved;
    return true;
}

static bool move_then_resolve(void)
{
    values[0] = 9;
    return move_memory() && resolve_a();
}
static bool move_then_return(void) { return move_memory() && return_a(); }
static bool grow_memory(void)
{
    uint8_t *grown = fresh(2u * MEMORY_BYTES);

    memcpy(grown, memory, MEMORY_BYTES);
    free(memory);
    memory = grown;
    memory_bytes = 2u * MEMORY_BYTES;
    return true;
}
static bool grow_then_resolve(void) { return grow_memory() && resolve_a(); }
/** It was started before memory grows: only its result is left. */
static bool start_then_grow_then_return(void) { return grow_memory() && return_a(); }
static bool start_then_wait_again(void) { return start_a() && then(move_then_return); }

static const char *sync_waits_and_memory_moves(void)
{
    const uint64_t address = 40;

    return HOLDS(then(move_then_resolve) && calls(&a, &gives_two, false, &address, 1, NULL) && waits == 1
                 && memory[40] == 9);
}
static const char *sync_waits_and_memory_with_the_arguments_moves(void)
{
    const uint64_t address = MEMORY_BYTES - 68u;

    expected = 17;
    put_words((uint32_t)address, 17);
    return HOLDS(then(move_then_resolve) && calls(&a, &takes_17, false, &address, 1, NULL) && is_word(values + 64, 17));
}
static const char *sync_waits_and_memory_grows_to_where_the_result_goes(void)
{
    const uint64_t address = 2u * MEMORY_BYTES - 8u;

    values[0] = 9;
    return HOLDS(then(start_then_grow_then_return) && calls(&a, &gives_two, false, &address, 1, start_a)
                 && is_word(memory + address, 9));
}
static const char *sync_waits_and_memory_grows_to_where_the_arguments_are(void)
{
    const uint64_t address = 2u * MEMORY_BYTES - 68u;

    return HOLDS(then(grow_then_resolve) && calls(&a, &takes_17, false, &address, 1, NULL));
}
static const char *sync_waits_twice(void)
{
    return HOLDS(then(start_then_wait_again) && calls(&a, &takes_nothing, false, NULL, 0, NULL) && waits == 2);
}
static const char *sync_waits_for_ever(void)
{
    return TRAPS(then(nothing_happens), calls(&a, &takes_nothing, false, NULL, 0, NULL));
}
static const char *sync_that_is_resolved_does_not_wait(void)
{
    return HOLDS(may_not_block() && calls(&a, &gives_word, false, NULL, 0, resolve_a) && waits == 0);
}
static const char *sync_where_nothing_may_block(void)
{
    return HOLDS(may_not_block() && !calls(&a, &takes_nothing, false, NULL, 0, NULL) && host.trap != NULL && waits == 0
                 && host.calls == NULL);
}
static const char *sync_and_a_trap_meanwhile(void)
{
    return HOLDS(then(set_trap) && !calls(&a, &takes_nothing, false, NULL, 0, NULL) && waits == 1);
}
static const char *sync_call_becomes_no_subtask(void)
{
    return HOLDS(calls(&a, &takes_nothing, false, NULL, 0, resolve_a) && host.used == 0);
}
static const char *table_full(void)
{
    return TRAPS(plain_subtask() && plain_subtask() && plain_subtask(), plain_subtask());
}

/// All of them ///

static const struct sequence sequences[] = {
    {"outer-starts-while-inner-is-begun", outer_starts_while_inner_is_begun},
    {"outer-ends-before-inner", outer_ends_before_inner},
    {"begin-again-while-begun", begin_again_while_begun},
    {"begin-again-the-outer-one", begin_again_the_outer_one},
    {"end-twice", end_twice},
    {"begin-forgets-what-the-call-held", begin_forgets_what_the_call_held},
    {"call-that-never-was", call_that_never_was},
    {"call-of-a-guest-that-trapped", call_of_a_guest_that_trapped},
    {"started-call-of-a-guest-that-trapped", started_call_of_a_guest_that_trapped},
    {"subtask-of-an-empty-table", subtask_of_an_empty_table},
    {"subtask-whose-place-another-call-has", subtask_whose_place_another_call_has},
    {"subtask-whose-place-a-set-has", subtask_whose_place_a_set_has},
    {"call-that-is-begun-by-nobody", call_that_is_begun_by_nobody},
    {"call-that-another-guest-has-begun", call_that_another_guest_has_begun},
    {"start-twice", start_twice},
    {"return-before-start", return_before_start},
    {"return-twice", return_twice},
    {"cancelled-then-start", cancelled_then_start},
    {"started-then-cancelled", started_then_cancelled},
    {"sync-16-cells-are-flat", sync_16_cells_are_flat},
    {"sync-17-cells-are-in-memory", sync_17_cells_are_in_memory},
    {"async-4-cells-are-flat-and-the-result's-address-comes-behind",
     async_4_cells_are_flat_and_the_result_s_address_comes_behind},
    {"async-5-cells-are-in-memory", async_5_cells_are_in_memory},
    {"subtask-keeps-its-cells", subtask_keeps_its_cells},
    {"subtask-keeps-its-addresses", subtask_keeps_its_addresses},
    {"subtask-without-a-result-has-no-address", subtask_without_a_result_has_no_address},
    {"sync-result-of-two-cells-goes-to-memory", sync_result_of_two_cells_goes_to_memory},
    {"result's-address-misaligned", result_s_address_misaligned},
    {"result's-address-out-of-memory", result_s_address_out_of_memory},
    {"arguments-misaligned", arguments_misaligned},
    {"arguments-out-of-memory", arguments_out_of_memory},
    {"argument-last-case", argument_last_case},
    {"argument-no-case", argument_no_case},
    {"flat-result-is-no-value", flat_result_is_no_value},
    {"result-in-memory-is-no-value", result_in_memory_is_no_value},
    {"sync-waits-and-memory-moves", sync_waits_and_memory_moves},
    {"sync-waits-and-memory-with-the-arguments-moves", sync_waits_and_memory_with_the_arguments_moves},
    {"sync-waits-and-memory-grows-to-where-the-result-goes", sync_waits_and_memory_grows_to_where_the_result_goes},
    {"sync-waits-and-memory-grows-to-where-the-arguments-are", sync_waits_and_memory_grows_to_where_the_arguments_are},
    {"sync-waits-twice", sync_waits_twice},
    {"sync-waits-for-ever", sync_waits_for_ever},
    {"sync-that-is-resolved-does-not-wait", sync_that_is_resolved_does_not_wait},
    {"sync-where-nothing-may-block", sync_where_nothing_may_block},
    {"sync-and-a-trap-meanwhile", sync_and_a_trap_meanwhile},
    {"sync-call-becomes-no-subtask", sync_call_becomes_no_subtask},
    {"table-full", table_full},
    {"word-in-word-out", word_in_word_out},
};

int main(void)
{
    const int code = run_sequences(sequences, sizeof sequences / sizeof sequences[0], begin);

    free(memory);
    return code;
}
