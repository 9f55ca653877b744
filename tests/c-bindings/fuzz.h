/*
 * A guest that does anything: it calls each function of its host with any core values, has any bytes in its memory,
 * answers with anything and traps when it likes. What the bindings hand on is read to its last byte, so that the
 * sanitizers see what is not there.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdio.h>
#include <stdlib.h>

#define MEMORY_BYTES 4096u
#define SEEN 16u
#define ROOM_BYTES 256u

static uint64_t fuzz_state;
static uint64_t fuzz_memory[MEMORY_BYTES / 8u];
static uint32_t fuzz_seen[SEEN];
static uint64_t fuzz_room[ROOM_BYTES / 8u];
static volatile uint32_t fuzz_sum;
static uint32_t fuzz_calls;
static uint32_t fuzz_served;

/** A number that xorshift64* gives. */
static uint64_t fuzz_any(void)
{
    fuzz_state ^= fuzz_state >> 12;
    fuzz_state ^= fuzz_state << 25;
    fuzz_state ^= fuzz_state >> 27;
    return fuzz_state * UINT64_C(0x2545f4914f6cdd1d);
}

static uint32_t fuzz_below(uint32_t count)
{
    return (uint32_t)((fuzz_any() >> 33) % count);
}

static uint32_t fuzz_numbers[8]; /* of calls that the guest has begun */

static void fuzz_begun(uint32_t call)
{
    fuzz_numbers[fuzz_below(8)] = call;
}

/** The number of a call, or of none. */
static uint32_t fuzz_a_call(void)
{
    return fuzz_below(8) == 0 ? (uint32_t)fuzz_any() : fuzz_numbers[fuzz_below(8)];
}

/** Reads all of it. */
static void fuzz_read(const void *bytes, uint64_t length)
{
    const uint8_t *at = (const uint8_t *)bytes;
    uint64_t i;

    for (i = 0; i < length; i++) {
        fuzz_sum += at[i];
    }
}

/** An address, the bytes of which are text as well. */
static uint32_t fuzz_place(void)
{
    return fuzz_below(16) * 8u | fuzz_below(8) << 8;
}

/** Numbers of ends that were seen. */
static uint32_t fuzz_ends[8];

/** Notes a number of an end, but for 0. @returns it, or one that was seen */
static inline uint32_t fuzz_end(uint32_t number)
{
    if (number == 0u || fuzz_below(16) == 0) {
        return fuzz_below(32) == 0 ? (uint32_t)fuzz_any() : fuzz_ends[fuzz_below(8)];
    }
    fuzz_ends[fuzz_below(8)] = number;
    return number;
}

static uint32_t fuzz_first_resource; /* the handle that the first one has */

/** A core value: small, an address, a handle that was seen or may be one, or anything. */
static uint64_t fuzz_cell(void)
{
    switch (fuzz_below(32)) {
    case 0:
        return fuzz_any();
    case 1:
        return UINT32_MAX - fuzz_below(16);
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
    case 7:
    case 8:
    case 9:
        return fuzz_place();
    case 10:
    case 11:
    case 12:
    case 13:
        return fuzz_seen[fuzz_below(SEEN)];
    case 14:
    case 15:
    case 16:
    case 17:
    case 18:
        return fuzz_first_resource + fuzz_below(3);
    default:
        return fuzz_below(3);
    }
}

/** A word of memory: an address and a length, a few small numbers, or core values. */
static uint64_t fuzz_word(void)
{
    switch (fuzz_below(8)) {
    case 0:
        return fuzz_cell() | fuzz_cell() << 32;
    case 1:
    case 2:
        return fuzz_place() | (uint64_t)fuzz_below(4) << 32;
    case 3:
        return (fuzz_first_resource + fuzz_below(3)) | (uint64_t)(fuzz_first_resource + fuzz_below(3)) << 32;
    default:
        return fuzz_below(2) | fuzz_below(2) << 8 | (uint64_t)fuzz_below(2) << 32;
    }
}

#ifdef RILL_WITH_LISTS
/** A view: of what is in the space, or of what is not. */
static struct rill_view fuzz_view(struct rill_space *space, uint32_t item_bytes)
{
    struct rill_view view = {0, 0};
    const uint32_t length = fuzz_below(5);

    if (fuzz_below(16) == 0) {
        view.at = (uint32_t)fuzz_cell();
        view.length = (uint32_t)fuzz_cell();
        return view;
    }
    (void)rill_view_put(space, &view,
                        "text and more, that is of enough bytes for a few large items of any kind: "
                        "0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789",
                        item_bytes * length <= 128u ? length : 0u, item_bytes);
    return view;
}
#endif

#ifdef RILL_WITH_TASKS
static void fuzz_is_not_on(const struct rill_begun *call)
{
    if (rill_begun_how_far(call) == RILL_BEGUN_ON) {
        puts("a call goes on after its guest has gone");
        exit(1);
    }
}
#endif

static uint32_t fuzz_held[8]; /* what the firmware has, or had, of the guest's resources: two of each type */

static void fuzz_hold(uint32_t type, uint32_t handle)
{
    fuzz_held[(2u * type + fuzz_below(2)) % 8u] = handle;
}

/** A handle that the firmware was given, most of the time of that type. */
static uint32_t fuzz_handle(uint32_t type)
{
    switch (fuzz_below(16)) {
    case 0:
        return (uint32_t)fuzz_any();
    case 1:
        return (uint32_t)fuzz_any() & UINT32_C(0x7000f);
    case 2:
        return fuzz_held[fuzz_below(8)];
    default:
        return fuzz_held[(2u * type + fuzz_below(2)) % 8u];
    }
}

static void fuzz_note(uint64_t result)
{
    fuzz_seen[fuzz_below(SEEN)] = (uint32_t)result;
}

#ifdef RILL_WITH_LISTS
static bool fuzz_allocate(struct rill_host *host, uint32_t align, uint32_t byte_length, uint32_t *ptr)
{
    (void)host;
    *ptr = fuzz_below(8) == 0 ? (uint32_t)fuzz_cell()
                              : (fuzz_below(MEMORY_BYTES / 2u) & (0u - align)) % (MEMORY_BYTES - byte_length % 2048u);
    *ptr &= fuzz_below(16) == 0 ? UINT32_MAX : 0u - align;
    return fuzz_below(64) != 0;
}
#endif

/** A function of the host's, and the core values that it reads. */
struct fuzz_served {
    rill_serve *serve;
    uint32_t cells;
    bool is_new; /* it makes a handle of a resource of the guest's own */
};

static bool fuzz_built_in(struct rill_host *guest, const struct rill_type *types, uint32_t type_count)
{
    const struct rill_type *type = type_count == 0 ? NULL : &types[fuzz_below(type_count)];
    const bool is_future = fuzz_below(2) == 0;
    uint32_t low = 0;
    uint32_t high = 0;
    bool is_done;

    switch (fuzz_below(8)) {
    case 0:
        is_done = rill_new(guest, type, is_future, &low, &high);
        fuzz_note(high);
        break;
    case 1:
        is_done = rill_drop(guest, RILL_READABLE, type, is_future, (uint32_t)fuzz_cell());
        break;
    case 2:
        is_done = rill_set_new(guest, &low);
        break;
    default:
        is_done =
            rill_copy(guest, fuzz_below(2) == 0 ? RILL_READABLE : RILL_WRITABLE, type, is_future, true,
                      (uint32_t)fuzz_cell(), fuzz_below(MEMORY_BYTES / 8u) * 8u, is_future ? 1u : fuzz_below(4), &high);
        break;
    }
    fuzz_note(low);
    guest->port->poll(guest->context);
    return is_done && guest->trap == NULL;
}

/** A stream or future with a write on its way, whose readable end stands in arguments and in memory. */
static bool fuzz_write(struct rill_host *guest, const struct rill_type *type, uint64_t *args, uint32_t count)
{
    const bool is_future = fuzz_below(2) == 0;
    const uint32_t length = is_future ? 1u : 1u + fuzz_below(2);
    uint32_t low = 0;
    uint32_t high = 0;
    uint32_t i;

    if (!rill_new(guest, type, is_future, &low, &high)
        || !rill_copy(guest, RILL_WRITABLE, type, is_future, true, high, fuzz_below(16) * 8u, length, &i)) {
        return false;
    }
    fuzz_note(high);
    for (i = 0; i < 3u; i++) {
        args[fuzz_below(count)] = low;
        fuzz_memory[fuzz_below(MEMORY_BYTES / 64u)] = low | (uint64_t)fuzz_below(3) << 32;
    }
    return true;
}

/** task.return; a function that is not async has none. */
static bool fuzz_return(struct rill_host *guest, const uint64_t *args)
{
    if (guest->may_block == 0u) {
        return true;
    }
#ifdef RILL_WITH_TASKS
    if (!rill_task_return(guest, NULL)) {
        return false;
    }
#endif
    return rill_bindings_returned(guest, args);
}

/** A guest that makes a few of its own resources, and answers with the last one. @returns whether there are any */
static bool fuzz_make(struct rill_host *guest, const struct fuzz_served *served, uint32_t count, uint64_t *handle)
{
    const uint64_t representation = fuzz_below(4);
    uint32_t first = fuzz_below(count + 1u);
    uint32_t i;

    for (i = 0; i < count; i++) {
        const struct fuzz_served *one = &served[(first + i) % count];

        if (one->is_new && one->serve(guest, &representation, handle)) {
            fuzz_note(*handle);
            return true;
        }
    }
    return false;
}

/** One call of an export: the guest's code. */
static bool fuzz_call(struct rill_host *guest, uint64_t *cells, const struct fuzz_served *served, uint32_t count,
                      const struct rill_type *types, uint32_t type_count)
{
    uint32_t steps = fuzz_below(5);
    uint64_t args[24];
    uint64_t result;
    uint32_t i;

    fuzz_calls++;
    fuzz_first_resource = guest->end_count + 1u;
    memset(args, 0, sizeof args);
    if (fuzz_below(2) == 0 && fuzz_make(guest, served, count, args)) {
        args[1] = args[0];
        fuzz_memory[0] = args[0] | args[0] << 32;
        if (guest->may_block != 0u && !fuzz_return(guest, args)) {
            return false;
        }
        cells[0] = guest->may_block != 0u || fuzz_below(4) == 0 ? 0u : args[0];
        return guest->trap == NULL;
    }
    while (steps-- > 0u) {
        for (i = 0; i < sizeof args / sizeof args[0]; i++) {
            args[i] = fuzz_cell();
        }
        for (i = fuzz_below(64); i > 0u; i--) {
            fuzz_memory[fuzz_below(MEMORY_BYTES / 16u)] = fuzz_word();
        }
        result = 0;
        if (type_count > 0u && fuzz_below(4) == 0
            && !fuzz_write(guest, &types[fuzz_below(type_count)], args, 1u + fuzz_below(4))) {
            return false;
        }
        if (count > 0u && fuzz_below(4) != 0) {
            const struct fuzz_served *one = &served[fuzz_below(count)];
            /* Of its own length: what reads more is found. */
            uint64_t *own = (uint64_t *)malloc((one->cells == 0u ? 1u : one->cells) * sizeof *own);
            bool is_done;

            memcpy(own, args, one->cells * sizeof *own);
            is_done = one->serve(guest, own, &result);
            free(own);
            fuzz_served += is_done;
            if (!is_done || guest->trap != NULL) {
                return false;
            }
        } else if (fuzz_below(32) == 0) {
            if (!fuzz_return(guest, args)) {
                return false;
            }
        } else if (!fuzz_built_in(guest, types, type_count)) {
            return false;
        }
        fuzz_note(result);
    }
    for (i = 0; i < sizeof args / sizeof args[0]; i++) {
        args[i] = fuzz_below(2) == 0 ? fuzz_cell() : fuzz_below(2);
    }
    if (fuzz_below(8) != 0 && !fuzz_return(guest, args)) {
        return false;
    }
    if (guest->may_block == 0u && fuzz_below(2) == 0) {
        cells[0] = fuzz_seen[fuzz_below(SEEN)];
        return guest->trap == NULL;
    }
    cells[0] = fuzz_below(4) != 0 ? 0u : fuzz_below(2) == 0 ? fuzz_cell() : fuzz_seen[fuzz_below(SEEN)] << 4 | 2u;
    return guest->trap == NULL && fuzz_below(32) != 0;
}

#endif
