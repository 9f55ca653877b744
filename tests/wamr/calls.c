/*
 * The guest's calls of imported functions: which late, early and repeated steps of the embedder's do nothing, what
 * traps, where arguments and results are, and what subtasks answer. Prints a line `ok NAME` or `not ok NAME: what` for
 * each; exits 1 when one is not ok. Run under sanitizers.
 */
#include "rill_call.h"
#include "rill_task.h"

#include "sequences.h"

#include <stdlib.h>
#include <string.h>

#define MEMORY_BYTES 96u
#define HANDLES 3u
#define STREAMS 2u

static const uint16_t plan_u32[] = {RILL_OP_BYTES, 0, 4, RILL_OP_END};
static const uint16_t plan_enum[] = {RILL_OP_ENUM, 0, 1, 3, RILL_OP_END};
static const uint16_t plan_two[] = {RILL_OP_BYTES, 0, 8, RILL_OP_END};
static const uint16_t plan_four[] = {RILL_OP_BYTES, 0, 16, RILL_OP_END};
static const uint16_t plan_five[] = {RILL_OP_BYTES, 0, 20, RILL_OP_END};
static const uint16_t plan_16[] = {RILL_OP_BYTES, 0, 64, RILL_OP_END};
static const uint16_t plan_17[] = {RILL_OP_BYTES, 0, 68, RILL_OP_END};
static const uint16_t flat_u32[] = {RILL_FLAT_BYTES, 0, 0, 4, RILL_FLAT_END};
static const uint16_t flat_enum[] = {RILL_FLAT_ENUM, 0, 0, 1, 3, RILL_FLAT_END};
static uint16_t flat_many[17u * 4u + 1u]; /* as many words, one a cell */
static uint16_t flat_16[16u * 4u + 1u];
static uint16_t flat_five[5u * 4u + 1u];
static uint16_t flat_four[4u * 4u + 1u];
static uint16_t flat_two[2u * 4u + 1u];
static const struct rill_type u32 = {plan_u32, 4, 4, 1, 0};
static const struct rill_type enumeration = {plan_enum, 1, 1, 0, 1};
static const struct rill_type two = {plan_two, 8, 4, 0, 2};
static const struct rill_type four = {plan_four, 16, 4, 0, 3};
static const struct rill_type five = {plan_five, 20, 4, 0, 4};
static const struct rill_type sixteen = {plan_16, 64, 4, 0, 5};
static const struct rill_type seventeen = {plan_17, 68, 4, 0, 6};

#define NOTHING                                                                                                        \
    {                                                                                                                  \
        NULL, NULL, 0                                                                                                  \
    }
#define ONE_WORD                                                                                                       \
    {                                                                                                                  \
        &u32, flat_u32, 1                                                                                              \
    }
static const struct rill_func takes_nothing = {NOTHING, NOTHING};
static const struct rill_func word_to_word = {ONE_WORD, ONE_WORD};
static const struct rill_func gives_word = {NOTHING, ONE_WORD};
static const struct rill_func gives_two = {NOTHING, {&two, flat_two, 2}};
static const struct rill_func gives_enum = {NOTHING, {&enumeration, flat_enum, 1}};
static const struct rill_func takes_enum = {{&enumeration, flat_enum, 1}, NOTHING};
static const struct rill_func takes_four = {{&four, flat_four, 4}, ONE_WORD};
static const struct rill_func takes_five = {{&five, flat_five, 5}, ONE_WORD};
static const struct rill_func takes_16 = {{&sixteen, flat_16, 16}, ONE_WORD};
static const struct rill_func takes_17 = {{&seventeen, flat_many, 17}, ONE_WORD};

static struct rill_end ends[HANDLES];
static struct rill_stream streams[STREAMS];
static struct rill_host host;
static struct rill_tasks tasks;
static struct rill_call a, b;
static uint8_t *memory;
static uint8_t values[68];
static uint64_t result;
static uint32_t state, waits, asked, set;
static bool (*meanwhile)(void);
static bool (*when_asked)(void);

static bool wait_a_little(void *context)
{
    bool (*const step)(void) = meanwhile;

    (void)context;
    waits++;
    meanwhile = NULL;
    return step != NULL && step();
}

static const struct rill_port port = {wait_a_little, NULL};

static bool no_core(struct rill_task *task, uint32_t *code)
{
    (void)task;
    (void)code;
    return false;
}

static const struct rill_task_port task_port = {no_core, NULL, NULL};

static void locate(struct rill_host *of) { rill_host_memory(of, memory, MEMORY_BYTES); }

static void *fresh(size_t byte_length)
{
    void *made = calloc(1, byte_length);

    if (made == NULL) {
        exit(2);
    }
    return made;
}

/** The flat plan of words, one after the other. */
static void flatten_words(uint16_t *flat, uint32_t count)
{
    uint32_t i;

    for (i = 0; i < count; i++) {
        flat[4u * i] = RILL_FLAT_BYTES;
        flat[4u * i + 1u] = (uint16_t)(4u * i);
        flat[4u * i + 2u] = (uint16_t)i;
        flat[4u * i + 3u] = 4;
    }
    flat[4u * count] = RILL_FLAT_END;
}

/** Another guest on the same tables. */
static void next_guest(void)
{
    rill_host_init(&host, ends, HANDLES, streams, STREAMS, &port, NULL);
    rill_host_memory(&host, memory, MEMORY_BYTES);
    rill_tasks_init(&tasks, &host, &task_port);
    host.locate = locate;
}

static void begin(void)
{
    free(memory);
    memory = fresh(MEMORY_BYTES);
    flatten_words(flat_many, 17);
    flatten_words(flat_16, 16);
    flatten_words(flat_five, 5);
    flatten_words(flat_four, 4);
    flatten_words(flat_two, 2);
    next_guest();
    memset(&a, 0, sizeof a);
    memset(&b, 0, sizeof b);
    memset(values, 0, sizeof values);
    result = 0;
    state = waits = asked = 0;
    meanwhile = when_asked = NULL;
}

/// Calls, short ///

/** The guest passes `count` cells, which are gone when its call instruction has answered. */
static bool calls(struct rill_call *call, const struct rill_func *func, bool is_async, const uint64_t *cells,
                  size_t count, bool (*inside)(void))
{
    uint64_t *args = fresh((count + (count == 0 ? 1u : 0u)) * sizeof *args);
    bool done;

    if (count > 0) {
        memcpy(args, cells, count * sizeof *args);
    }
    rill_call_begin(&host, call, func, is_async, args);
    done = (inside == NULL || inside()) && rill_call_end(call, &result);
    free(args);
    return done;
}

/** As a subtask, which nobody has started. */
static bool subtask(const struct rill_func *func, const uint64_t *cells, size_t count)
{
    return calls(&a, func, true, cells, count, NULL) && (result & 15u) == RILL_CALL_STARTING && a.handle == result >> 4;
}
static bool plain_subtask(void) { return subtask(&takes_nothing, NULL, 0); }

static void begin_call(struct rill_call *call)
{
    static const uint64_t none;

    rill_call_begin(&host, call, &takes_nothing, true, &none);
}

static bool start_a(void) { return rill_call_start(&a, values, NULL); }

static bool return_a(void) { return rill_call_return(&a, values, NULL); }

static bool resolve_a(void) { return start_a() && return_a(); }

static bool end_a(void) { return rill_call_end(&a, &result); }

static bool cancel(bool is_async) { return rill_subtask_cancel(&host, is_async, a.handle, &state); }

static bool drop(void) { return rill_subtask_drop(&host, a.handle); }

static bool join(void) { return (set != 0 || rill_set_new(&host, &set)) && rill_join(&host, a.handle, set); }

static bool on_cancel(struct rill_call *call)
{
    (void)call;
    asked++;
    return when_asked == NULL || when_asked();
}

static bool cancelled_a(void)
{
    rill_call_cancelled(&a);
    return true;
}

static bool set_trap(void)
{
    host.trap = "something else traps";
    return true;
}

static bool nothing_happens(void) { return true; }

static bool then(bool (*step)(void))
{
    meanwhile = step;
    return true;
}

static bool may_not_block(void)
{
    rill_host_may_block(&host, false);
    return true;
}

static bool is_word(const uint8_t *at, uint32_t word)
{
    const uint8_t bytes[4] = {(uint8_t)word, (uint8_t)(word >> 8), (uint8_t)(word >> 16), (uint8_t)(word >> 24)};

    return memcmp(at, bytes, sizeof bytes) == 0;
}

#define HOLDS(all) ((all) ? NULL : host.trap != NULL ? host.trap : "gave another result")
#define TRAPS(before, last)                                                                                            \
    (!(before) || host.trap != NULL ? "trapped too early"                                                              \
     : (last)                       ? "did not trap"                                                                   \
     : host.trap == NULL            ? "said no reason"                                                                 \
                                    : NULL)

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
                 && a.result == 0);
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
    return rill_set_new(&host, &set) && !rill_join(&host, a.handle, set) && host.trap != NULL
           && (host.trap = NULL, true) && resolve_a();
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
static const char *word_in_word_out(void)
{
    const uint64_t one[2] = {1, 0};

    expected = 1;
    return HOLDS(calls(&a, &word_to_word, false, one, 1, answer_77) && result == 77);
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
    {"sync-waits-twice", sync_waits_twice},
    {"sync-waits-for-ever", sync_waits_for_ever},
    {"sync-that-is-resolved-does-not-wait", sync_that_is_resolved_does_not_wait},
    {"sync-where-nothing-may-block", sync_where_nothing_may_block},
    {"sync-and-a-trap-meanwhile", sync_and_a_trap_meanwhile},
    {"sync-call-becomes-no-subtask", sync_call_becomes_no_subtask},
    {"table-full", table_full},
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
    {"word-in-word-out", word_in_word_out},
};

int main(void)
{
    const int code = run_sequences(sequences, sizeof sequences / sizeof sequences[0], begin);

    free(memory);
    return code;
}
