/*
 * A guest with a few handles, and short names for its calls: of transitions.c and ends.c.
 */
#ifndef ONE_GUEST_H
#define ONE_GUEST_H
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

static inline bool wait_a_little(void *context)
{
    bool (*const step)(void) = meanwhile;

    (void)context;
    waits++;
    meanwhile = NULL;
    return step != NULL && (step(), true);
}

static bool (*polled)(void); /* what happens while the guest polls; NULL: nothing */
static uint32_t polls;

static inline void poll_a_little(void *context)
{
    (void)context;
    polls++;
    if (polled != NULL) {
        (void)polled();
    }
}

static const struct rill_port port = {wait_a_little, poll_a_little};
static const struct rill_port port_without_poll = {wait_a_little, NULL};

static inline void begin(void)
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

static inline bool make(const struct rill_type *type) { return rill_new(&host, type, false, &r, &w); }

static inline bool make_future(void) { return rill_new(&host, &u32, true, &r, &w); }

static inline bool make_set(void) { return rill_set_new(&host, &set); }

static inline bool start(enum rill_kind kind, const struct rill_type *type, uint32_t handle, uint32_t ptr,
                         uint32_t length)
{
    return rill_copy(&host, kind, type, false, true, handle, ptr, length, &packed);
}
static inline bool read_at(uint32_t ptr, uint32_t length) { return start(RILL_READABLE, &u32, r, ptr, length); }

static inline bool write_at(uint32_t ptr, uint32_t length) { return start(RILL_WRITABLE, &u32, w, ptr, length); }

static inline bool read_sync(void) { return rill_copy(&host, RILL_READABLE, &u32, false, false, r, 0, 1, &packed); }

static inline bool cancel_read(bool is_async)
{
    return rill_cancel(&host, RILL_READABLE, &u32, false, is_async, r, &packed);
}

static inline bool cancel_write(void) { return rill_cancel(&host, RILL_WRITABLE, &u32, false, true, w, &packed); }

static inline bool drop_r(void) { return rill_drop(&host, RILL_READABLE, &u32, false, r); }

static inline bool drop_w(void) { return rill_drop(&host, RILL_WRITABLE, &u32, false, w); }

static inline bool future_copy(enum rill_kind kind, uint32_t handle)
{
    return rill_copy(&host, kind, &u32, true, true, handle, 0, 1, &packed);
}
static inline bool drop_future(enum rill_kind kind, uint32_t handle)
{
    return rill_drop(&host, kind, &u32, true, handle);
}

static inline bool give(const struct rill_type *type) { return rill_give(&host, type, false, &other, &r); }

static inline bool take(void) { return rill_take(&host, &u32, false, r, &other); }

static inline bool set_wait(void) { return rill_set_wait(&host, set, 0, &code); }

static inline bool is(uint32_t expected) { return packed == expected; }

static inline bool poll_gives(uint32_t expected) { return rill_set_poll(&host, set, 0, &code) && code == expected; }

/** The host writes one element of `type` from `bytes` while the guest's read waits at 0. */
static inline bool arrives(const struct rill_type *type, uint8_t *bytes)
{
    return give(type) && start(RILL_READABLE, type, r, 0, 1) && rill_end_copy(&host, &other, bytes, 1, false, &packed);
}

/** The guest's write of `byte`s waits and the host reads it. */
static inline bool leaves(const struct rill_type *type, uint8_t byte, uint8_t *to)
{
    memset(memory, byte, 8);
    return make(type) && rill_take(&host, type, false, r, &other) && start(RILL_WRITABLE, type, w, 0, 1)
           && rill_end_copy(&host, &other, to, 1, false, &packed);
}

/// What others do while a built-in of the guest's waits ///

static inline bool join_r(void) { return rill_join(&host, r, set); }

static inline bool drop_set(void) { return rill_set_drop(&host, set); }

/** The host reads what the guest's write offers: a bool where an enum's case should be. */
static inline bool read_bad_value(void)
{
    static uint8_t to[4];

    return rill_end_copy(&host, &other, to, 1, false, &packed);
}

/** Offers an enum without such a case from a stream whose readable end the host holds. */
static inline bool offer_bad_value(bool is_async)
{
    memory[0] = 3;
    return make(&enumeration) && rill_take(&host, &enumeration, false, r, &other)
           && rill_copy(&host, RILL_WRITABLE, &enumeration, false, is_async, w, 0, 1, &packed);
}

static inline bool then(bool (*step)(void))
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

#endif
