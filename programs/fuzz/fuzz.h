/*
 * What the files of rill-fuzz share: the bytes that decide what happens, and the world in which it does.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include "rill_internal.h"

#define HANDLES 12u
#define STREAMS 6u
#define HOST_ENDS 3u
#define MEMORY_BYTES 256u
#define BUFFER_BYTES 64u
#define SPACE_BYTES 96u
#define CALLS 3u
#define TASKS 3u

/** The bytes that decide what happens; 0 when there are no more. */
struct input {
    const uint8_t *at;
    size_t left;
};

static inline uint8_t next_byte(struct input *input)
{
    if (input->left == 0) {
        return 0;
    }
    input->left--;
    return *input->at++;
}

/** Mostly a small number, sometimes any. */
static inline uint32_t next_number(struct input *input)
{
    const uint8_t first = next_byte(input);
    uint32_t value;

    if (first < 240) {
        return first % 16u;
    }
    value = (uint32_t)next_byte(input) << 24;
    value |= (uint32_t)next_byte(input) << 16;
    value |= (uint32_t)next_byte(input) << 8;
    return value | next_byte(input);
}

/** One guest, its memory exactly as long as it says, so that one byte too far is seen. */
struct world {
    struct rill_end ends[HANDLES];
    struct rill_stream streams[STREAMS];
    struct rill_end host_ends[HOST_ENDS];
    uint8_t *buffers[HOST_ENDS];
    struct rill_host host;
    struct input *input;
    uint8_t *memory;
    uint32_t depth; /* of steps within steps */
#ifdef RILL_WITH_TASKS
    struct rill_space spaces[HOST_ENDS + 1u]; /* of the ends; the last one of the calls */
    struct rill_call calls[CALLS];
    uint8_t call_state[CALLS]; /* CALL_* */
    uint8_t is_cancelled[CALLS];
    struct rill_tasks tasks;
    struct rill_task task_of[TASKS];
    uint8_t is_made[TASKS];
#endif
};

/** A handle of a kind, or sometimes any. @returns false when there is none */
static inline bool next_handle(struct world *world, enum rill_kind kind, uint32_t *handle)
{
    const uint8_t choice = next_byte(world->input);
    uint32_t i;

    if (choice > 250) {
        *handle = next_number(world->input);
        return true;
    }
    for (i = 0; i < HANDLES; i++) {
        *handle = (choice + i) % HANDLES + 1u;
        if (world->ends[*handle - 1u].kind == kind) {
            return true;
        }
    }
    return false;
}

/** Steps of the guest and of the host, by the next bytes. */
void guest_step(struct world *world);
void host_step(struct world *world);

#ifdef RILL_WITH_TASKS
/* whole_host.c: strings and lists, calls, tasks */
#define MORE_TYPES 4u
extern const struct rill_type more_types[MORE_TYPES];
void more_begin(struct world *world);
void more_end(struct world *world);
void more_guest_step(struct world *world);
void more_host_step(struct world *world);
void more_give_space(struct world *world, uint32_t end);
void more_check(const struct world *world);
#endif

#endif
