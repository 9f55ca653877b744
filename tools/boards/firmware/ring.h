/*
 * A ring of items between one interrupt that puts and one thread that takes. No locks: each side writes its own index
 * only, and an index moves after the item is whole, so an item is there entirely or not at all.
 *
 *   struct ring r;
 *   static uint8_t room[6 * 2];
 *   ring_init(&r, room, 6, 2);            // five items of two bytes: one place stays free
 *   ring_put(&r, &sample)                 // in the interrupt; 0 when full, nothing is written
 *   n = ring_peek(&r, &samples)           // in the thread: n items one after the other, in place
 *   ring_skip(&r, n)                      // in the thread: done with them
 *
 * On one core, volatile indices and the compiler barrier are enough; with two, the barrier must be a memory barrier.
 */
#ifndef RILL_RING_H
#define RILL_RING_H

#include <stdint.h>
#include <string.h>

struct ring {
    uint8_t *room;          /**< the caller's, `places * item` bytes */
    uint16_t places;        /**< items plus one */
    uint16_t item;          /**< bytes an item */
    volatile uint16_t head; /**< place of the next item to take; the taker's */
    volatile uint16_t tail; /**< place of the next item to put; the putter's */
};

#define RING_BARRIER() __asm volatile("" ::: "memory")

static inline void ring_init(struct ring *ring, uint8_t *room, uint16_t places, uint16_t item)
{
    ring->room = room;
    ring->places = places;
    ring->item = item;
    ring->head = 0u;
    ring->tail = 0u;
}

static inline uint16_t ring_next(const struct ring *ring, uint16_t place)
{
    return (uint16_t)(place + 1u == ring->places ? 0u : place + 1u);
}

/** Puts a copy of `item`. @returns 1, or 0 when the ring is full */
static inline int ring_put(struct ring *ring, const void *item)
{
    uint16_t next = ring_next(ring, ring->tail);

    if (next == ring->head) {
        return 0;
    }
    (void)memcpy(ring->room + (uint32_t)ring->tail * ring->item, item, ring->item);
    RING_BARRIER();
    ring->tail = next;
    return 1;
}

/**
 * The items that can be taken and lie one after the other: they stay where they are until ring_skip.
 * @returns how many
 */
static inline uint32_t ring_peek(const struct ring *ring, uint8_t **items)
{
    uint16_t tail = ring->tail;
    uint16_t head = ring->head;

    RING_BARRIER();
    *items = ring->room + (uint32_t)head * ring->item;
    return (uint32_t)(tail >= head ? tail - head : ring->places - head);
}

/** Takes the first `count` of the items that ring_peek gave. */
static inline void ring_skip(struct ring *ring, uint16_t count)
{
    uint16_t next = (uint16_t)(ring->head + count);

    RING_BARRIER();
    ring->head = (uint16_t)(next == ring->places ? 0u : next);
}

/** Whether there is nothing to take. */
static inline int ring_empty(const struct ring *ring)
{
    return ring->head == ring->tail;
}

#endif
