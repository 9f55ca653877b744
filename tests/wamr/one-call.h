/*
 * A guest that calls imported functions, and short names for what it and the embedder do: of calls.c and subtasks.c.
 */
#ifndef ONE_CALL_H
#define ONE_CALL_H
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
static uint32_t memory_bytes;
static uint8_t values[68];
static uint64_t result;
static uint32_t state, waits, asked, set;
static bool (*meanwhile)(void);
static bool (*when_asked)(void);

static inline bool wait_a_little(void *context)
{
    bool (*const step)(void) = meanwhile;

    (void)context;
    waits++;
    meanwhile = NULL;
    return step != NULL && step();
}

static const struct rill_port port = {wait_a_little, NULL};

static inline bool no_core(struct rill_task *task, uint32_t *code)
{
    (void)task;
    (void)code;
    return false;
}

static const struct rill_task_port task_port = {no_core, NULL, NULL};

static inline void locate(struct rill_host *of) { rill_host_memory(of, memory, memory_bytes); }

static inline void *fresh(size_t byte_length)
{
    void *made = calloc(1, byte_length);

    if (made == NULL) {
        exit(2);
    }
    return made;
}

/** The flat plan of words, one after the other. */
static inline void flatten_words(uint16_t *flat, uint32_t count)
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
static inline void next_guest(void)
{
    rill_host_init(&host, ends, HANDLES, streams, STREAMS, &port, NULL);
    rill_host_memory(&host, memory, MEMORY_BYTES);
    rill_tasks_init(&tasks, &host, &task_port);
    host.locate = locate;
}

static inline void begin(void)
{
    free(memory);
    memory_bytes = MEMORY_BYTES;
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
static inline bool calls(struct rill_call *call, const struct rill_func *func, bool is_async, const uint64_t *cells,
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
static inline bool subtask(const struct rill_func *func, const uint64_t *cells, size_t count)
{
    return calls(&a, func, true, cells, count, NULL) && (result & 15u) == RILL_CALL_STARTING && a.handle == result >> 4;
}
static inline bool plain_subtask(void) { return subtask(&takes_nothing, NULL, 0); }

static inline void begin_call(struct rill_call *call)
{
    static const uint64_t none;

    rill_call_begin(&host, call, &takes_nothing, true, &none);
}

static inline bool start_a(void) { return rill_call_start(&a, values, NULL); }

static inline bool return_a(void) { return rill_call_return(&a, values, NULL); }

static inline bool resolve_a(void) { return start_a() && return_a(); }

static inline bool end_a(void) { return rill_call_end(&a, &result); }

static inline bool cancel(bool is_async) { return rill_subtask_cancel(&host, is_async, a.handle, &state); }

static inline bool drop(void) { return rill_subtask_drop(&host, a.handle); }

static inline bool join(void) { return (set != 0 || rill_set_new(&host, &set)) && rill_join(&host, a.handle, set); }

static inline bool on_cancel(struct rill_call *call)
{
    (void)call;
    asked++;
    return when_asked == NULL || when_asked();
}

static inline bool cancelled_a(void)
{
    rill_call_cancelled(&a);
    return true;
}

static inline bool set_trap(void)
{
    host.trap = "something else traps";
    return true;
}

static inline bool nothing_happens(void) { return true; }

static inline bool then(bool (*step)(void))
{
    meanwhile = step;
    return true;
}

static inline bool may_not_block(void)
{
    rill_host_may_block(&host, false);
    return true;
}

static inline bool is_word(const uint8_t *at, uint32_t word)
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

#endif
