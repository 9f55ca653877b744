/*
 * The inputs of the guest that runs: one ring a stream parameter, filled at the order's rate by the tick interrupt (the
 * samples of a converter) or from the serial line, emptied by the guest's reads.
 */
#ifndef RILL_FEED_H
#define RILL_FEED_H

#include "board_limits.h"
#include "link.h"
#include "rill_ring.h"

#include <stdint.h>

/** Stream parameters of a guest at most. */
#ifndef FEED_MAX
#define FEED_MAX 4u
#endif
/** Bytes of ring for each, the free place included. */
#ifndef FEED_RING
#define FEED_RING 64u
#endif

/** Bytes an item at most; a ring holds one of them at least. */
#define FEED_ITEM_MAX 32u

/** Ticks a second at least: the watchdog lives on them. */
#define FEED_MIN_RATE 100u

/** Where samples come from. The numbers are part of the serial line's protocol. */
enum feed_policy {
    FEED_LINE = 0,  /* from the computer; a full ring holds it back */
    FEED_DROP = 1,  /* counted up by the tick; what finds a full ring is lost, and counted */
    FEED_HOLD = 2,  /* counted up by the tick; a full ring holds the count back */
    FEED_READY = 3, /* counted up as fast as the guest reads, a ring at a time: an item is always there */
    FEED_TURNS = 4  /* counted up one at a time, each offered only when the guest waits: every copy blocks */
};

/** How to run: sent with the line `g`. */
struct feed_order {
    uint32_t rate;  /* ticks a second; 0: items of the line pass without waiting for a tick */
    uint32_t items; /* that counting policies give before the stream ends */
    /** Live instances; 0: as many as there is room for. Behind `more` the number of the call, the first being 1. */
    uint8_t guests;
#ifdef RILL_CONVERSES
    uint8_t has_functions; /* the computer answers calls of functions that the firmware does not have */
#endif
#ifdef RILL_IMAGE_FUNCTIONS
    uint8_t
        entry; /* the number of the guest's function that is called, and above 0 another one follows; 0: the first */
#endif
    enum feed_policy policy;
};

/** What was fed. */
struct feed_counts {
    uint32_t given;
    uint32_t dropped;
};

/** Forgets all streams and gets ready for `order`. The tick stops. */
void feed_reset(const struct feed_order *order);

/**
 * Opens stream `stream` (its number on the line) as input `index` with items of `elem_size` bytes, 1..FEED_ITEM_MAX.
 */
void feed_open(unsigned index, uint8_t stream, uint16_t elem_size);

#ifdef RILL_IMAGE_FUNCTIONS

/** Nothing comes into input `index` from the line or by the tick: items are put there, one at a time. */
void feed_close(unsigned index);

/** Where the next one goes, in words: input `index` is closed, and nothing of it is left. */
uint32_t *feed_place(unsigned index);

/** It is there. */
void feed_fill(unsigned index);

#endif

/** Ticks a second of the order. */
uint32_t feed_tick_rate(void);

/** Starts the tick. */
void feed_start(void);

/**
 * Items of input `index` that are there, in canonical layout, one after the other at *items.
 * @returns how many; 0 when there are none now. They stay in place until feed_taken.
 */
uint32_t feed_offer(unsigned index, uint8_t **items);

/** The guest has taken the first `count` of the items offered. */
void feed_taken(unsigned index, uint32_t count);

/** Whether input `index` has ended and nothing of it is left. */
int feed_is_over(unsigned index);

/** Whether items are to be offered only when the guest waits for them already. */
int feed_is_blocking(void);

#ifdef RILL_PASSES
/**
 * Moves what has arrived, asks for more, sleeps until something has changed or, with RILL_SUBTASKS, a call of the
 * guest's is due: while it sleeps the tick stands still then, unless it has items to move. Main thread.
 * @param sleeps 0: it does not sleep
 */
void feed_wait_or_pass(int sleeps);
#else
/** Moves what has arrived, asks for more, sleeps until something has changed. Main thread. */
void feed_wait(void);
#endif
#ifdef RILL_SUBTASKS
/** How often the core has been woken from its sleep while the task waited. */
uint32_t feed_wakes(void);
#endif

/** What input `index` was given. */
struct feed_counts feed_count(unsigned index);

/** Ticks since the last call of feed_start; those that stood still are counted, too. */
uint32_t feed_ticks(void);

#ifdef RILL_CONVERSES

/** Whether the line's buffer holds items. An interrupt may take the last of them at any time. */
int feed_is_staged(void);

/**
 * Frees the line's buffer: items in it are staged from `loan` meanwhile, and what was asked for is asked for again
 * later. Main thread.
 * @param loan room for them; NULL where there were none
 */
void feed_lend(struct link_line *loan);

/** Puts the items that are left in `loan` back into the buffer, which is free. */
void feed_restore(const struct link_line *loan);

#endif

#endif
