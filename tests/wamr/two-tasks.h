/*
 * A guest with two tasks, and short names for what they and the embedder do: of tasks.c and waits.c.
 */
#ifndef TWO_TASKS_H
#define TWO_TASKS_H
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

static struct rill_end ends[HANDLES + 1u]; /* the last one is not the host's */
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

static inline bool wait_a_little(void *context)
{
    bool (*const step)(void) = waits < STEPS ? meanwhile[waits] : NULL;

    (void)context;
    waits++;
    return step != NULL && step();
}

static const struct rill_port port = {wait_a_little, NULL};

static uint32_t index_of(const struct rill_task *of) { return (uint32_t)(of - task); }

static inline bool enter(struct rill_task *of, uint32_t *answer)
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

static inline bool callback(struct rill_task *of, const uint32_t event[3], uint32_t *answer)
{
    memcpy(events[index_of(of)], event, sizeof events[0]);
    return tasks.exclusive == of && enter(of, answer);
}

static inline void note_cancelled(struct rill_task *of) { cancelled[index_of(of)]++; }

static const struct rill_task_port task_port = {enter, callback, note_cancelled};

static inline void locate(struct rill_host *of) { rill_host_memory(of, memory, MEMORY_BYTES); }

static inline void *fresh(size_t byte_length)
{
    void *made = calloc(1, byte_length);

    if (made == NULL) {
        exit(2);
    }
    return made;
}

static inline void begin(void)
{
    free(memory);
    memory = fresh(MEMORY_BYTES);
    rill_host_init(&host, ends, HANDLES, streams, STREAMS, &port, NULL);
    host.locate = locate;
    rill_host_memory(&host, memory, MEMORY_BYTES);
    rill_tasks_init(&tasks, &host, &task_port);
    memset(&ends[HANDLES], 0, sizeof ends[HANDLES]);
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

static inline bool calls(uint32_t which, bool is_callback)
{
    return rill_task_call(&tasks, &task[which], NULL, is_callback);
}
static inline bool call_a(void) { return calls(A, true); }
static inline bool call_b(void) { return calls(B, true); }
static inline bool runs(uint32_t which) { return rill_task_run(&task[which]); }
static inline bool cancels(uint32_t which) { return rill_task_request_cancel(&task[which]); }
static inline bool cancel_a(void) { return cancels(A); }
static inline bool is_ready(uint32_t which) { return rill_task_is_ready(&task[which]); }
static inline bool is_state(uint32_t which, enum rill_task_state state) { return task[which].state == (uint8_t)state; }
static inline bool is_over(uint32_t which) { return task[which].is_ended && is_state(which, RILL_TASK_RESOLVED); }
static inline bool is_event(uint32_t which, uint32_t first, uint32_t second, uint32_t third)
{
    return events[which][0] == first && events[which][1] == second && events[which][2] == third;
}

static inline bool return_nothing(void) { return rill_task_return(&host, NULL); }
static inline bool give_up(void) { return rill_task_cancel(&host); }
static inline bool read_sync(void)
{
    return rill_copy(&host, RILL_READABLE, &u32, false, false, r, 16, 1, &packed) && tasks.current == &task[A]
           && tasks.is_running != 0 && return_nothing();
}
static inline bool cancel_itself(void) { return cancel_a() && is_state(A, RILL_TASK_PENDING_CANCEL) && cancel_a(); }

/** What task `which` does when it is entered for the `nth` time. */
static inline void does(uint32_t which, uint32_t nth, bool (*run)(void), uint32_t answer)
{
    steps[which][nth].run = run;
    steps[which][nth].code = answer;
}

/** It answers with `answer` first, and returns when it is entered again. */
static inline void waits_then_returns(uint32_t which, uint32_t answer)
{
    does(which, 0, NULL, answer);
    does(which, 1, return_nothing, RILL_CALLBACK_EXIT);
}

/** It answers with `answer` first, and gives up when it is entered again. */
static inline void waits_then_gives_up(uint32_t which, uint32_t answer)
{
    does(which, 0, NULL, answer);
    does(which, 1, give_up, RILL_CALLBACK_EXIT);
}

/** A stream from the host whose readable end is in the set, with a read that waits. */
static inline bool reads_in_set(void)
{
    return rill_set_new(&host, &set) && rill_give(&host, &u32, false, &end, &r) && rill_join(&host, r, set)
           && rill_copy(&host, RILL_READABLE, &u32, false, true, r, 16, 1, &packed);
}
static inline bool host_writes(void) { return rill_end_copy(&host, &end, buffer, 1, false, &packed); }
static inline bool cancel_a_then_write(void)
{
    return cancel_a() && is_state(A, RILL_TASK_PENDING_CANCEL) && host_writes();
}
static inline bool host_drops(void)
{
    rill_end_drop(&end);
    return true;
}
static inline bool set_trap(void)
{
    host.trap = "something else traps";
    return true;
}
static inline bool nothing_happens(void) { return true; }
static inline bool is_idle(void) { return tasks.exclusive == NULL && tasks.current == NULL && tasks.is_running == 0; }
/** No task waits for the set. */
static inline bool is_set_free(void) { return ends[set - 1u].length == 0; }

#define HOLDS(all) ((all) ? NULL : host.trap != NULL ? host.trap : "gave another result")
/** The call that must trap, after `before`, which must not. */
#define TRAPS(before, last)                                                                                            \
    (!(before) || host.trap != NULL ? "trapped too early"                                                              \
     : (last)                       ? "did not trap"                                                                   \
     : host.trap == NULL            ? "said no reason"                                                                 \
                                    : NULL)

#endif
