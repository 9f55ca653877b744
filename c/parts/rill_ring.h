/*
 * A ring of items between one side that puts and one that takes: an interrupt and a thread, either way round. No locks:
 * each side writes its own index only, and an index moves after the item is whole, so an item is there entirely or not
 * at all. The caller gives the room.
 *
 *   static int16_t room[6];
 *   static struct rill_ring r = RILL_RING_ON(room);  five items of two bytes: one place stays free
 *   rill_ring_put(&r, &sample)                       putter: 0 when full, nothing is written
 *   n = rill_ring_peek(&r, &samples)                 taker: n items one after the other, in place
 *   rill_ring_skip(&r, n)                            taker: done with them
 *
 * On one core, volatile indices and the compiler barrier are enough. With two, define RILL_RING_BARRIER() as a memory
 * barrier. A core of 8 bits reads an index in two steps: there a ring that an interrupt shares has 256 places at most.
 */
#ifndef RILL_RING_H
#define RILL_RING_H

#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/** All fields are the ring's own. 12 bytes on a 32-bit machine. */
struct rill_ring {
    uint8_t *room;          /* the caller's, `places * item` bytes */
    uint16_t places;        /* items plus one */
    uint16_t item;          /* bytes an item */
    volatile uint16_t head; /* place of the next item to take; the taker's */
    volatile uint16_t tail; /* place of the next item to put; the putter's */
};

/** Keeps an item's bytes and the index that publishes them in this order. */
#ifndef RILL_RING_BARRIER
#define RILL_RING_BARRIER() __asm volatile("" ::: "memory")
#endif

/** Initialises a ring whose room is an array of items; one of them stays free. */
#define RILL_RING_ON(array)                                                                                            \
    {                                                                                                                  \
        (uint8_t *)(array), (uint16_t)(sizeof(array) / sizeof((array)[0])), (uint16_t)sizeof((array)[0]), 0u, 0u       \
    }

/**
 * Initialises a ring of items that have no value, as those of a stream without element type: it counts them, up to
 * `count`. To put one, any pointer will do but NULL: `rill_ring_put(&ticks, "")`.
 */
#define RILL_RING_OF(count)                                                                                            \
    {                                                                                                                  \
        (uint8_t *)(uintptr_t) "", (uint16_t)((count) + 1u), 0u, 0u, 0u                                                \
    }

/// Setting up ///

/**
 * Makes an empty ring of `places - 1` items.
 * @param ring   the caller's
 * @param room   `places * item` bytes, aligned as the items are
 * @param places items that fit in `room`: 1 or more; one of them stays free
 * @param item   bytes of one
 * Lends: `room`, for as long as the ring is used
 */
static inline void rill_ring_init(struct rill_ring *ring, void *room, uint16_t places, uint16_t item)
{
    ring->room = (uint8_t *)room;
    ring->places = places;
    ring->item = item;
    ring->head = 0u;
    ring->tail = 0u;
}

/// The putter's side ///
/*
 * @param ring set up; called by one thread or interrupt alone
 */

/**
 * Puts a copy of an item.
 * @param item `ring->item` bytes, of any alignment
 * @returns 1, or 0 when the ring is full: nothing is written
 */
static inline int rill_ring_put(struct rill_ring *ring, const void *item)
{
    uint16_t tail = ring->tail;
    uint16_t next = (uint16_t)(tail + 1u == ring->places ? 0u : tail + 1u);

    if (next == ring->head) {
        return 0;
    }
    (void)memcpy(ring->room + (size_t)tail * ring->item, item, ring->item);
    RILL_RING_BARRIER();
    ring->tail = next;
    return 1;
}

/**
 * Free places that lie one after the other, to be filled in place.
 * @param places gets the first one's address
 * @returns items that fit there, below `ring->places`; those at the room's start come by the next call
 * Lends: the places, until rill_ring_fill
 */
static inline uint32_t rill_ring_space(const struct rill_ring *ring, uint8_t **places)
{
    uint16_t tail = ring->tail;
    uint16_t head = ring->head;

    *places = ring->room + (size_t)tail * ring->item;
    if (head > tail) {
        return (uint32_t)(head - tail - 1);
    }
    return (uint32_t)(ring->places - tail) - (head == 0u ? 1u : 0u);
}

/**
 * The first of the places that rill_ring_space gave hold items now.
 * @param count items, 0 to what rill_ring_space has answered
 */
static inline void rill_ring_fill(struct rill_ring *ring, uint32_t count)
{
    uint16_t next = (uint16_t)(ring->tail + count);

    RILL_RING_BARRIER();
    ring->tail = (uint16_t)(next == ring->places ? 0u : next);
}

/// The taker's side ///
/*
 * @param ring set up; called by one thread or interrupt alone
 */

/**
 * The items that lie one after the other.
 * @param items gets the first one's address
 * @returns how many; those at the room's start come by the next call
 * Lends: the items, until rill_ring_skip
 */
static inline uint32_t rill_ring_peek(const struct rill_ring *ring, uint8_t **items)
{
    uint16_t tail = ring->tail;
    uint16_t head = ring->head;

    RILL_RING_BARRIER();
    *items = ring->room + (size_t)head * ring->item;
    return (uint32_t)(tail >= head ? tail - head : ring->places - head);
}

/**
 * Done with the first of the items that rill_ring_peek gave.
 * @param count items, 0 to what rill_ring_peek has answered
 */
static inline void rill_ring_skip(struct rill_ring *ring, uint32_t count)
{
    uint16_t next = (uint16_t)(ring->head + count);

    RILL_RING_BARRIER();
    ring->head = (uint16_t)(next == ring->places ? 0u : next);
}

/**
 * Whether there is nothing to take.
 * @returns 1 when the ring is empty, else 0
 */
static inline int rill_ring_empty(const struct rill_ring *ring)
{
    return ring->head == ring->tail;
}

#ifdef __cplusplus
}
#endif

#endif
