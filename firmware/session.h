/*
 * What the firmware does alike with an interpreter and without: its order from the computer, its stack, its end. Each
 * main.c is the only file of its firmware that takes this in.
 */
#ifndef RILL_SESSION_H
#define RILL_SESSION_H

#include "core.h"
#include "feed.h"
#include "link.h"
#include "start.h"

/*
 * Keeps a function's temporaries off the stack below the guest: inlined, they would lie there for as long as it runs.
 */
#define OUT_OF_LINE __attribute__((noinline))

/* The native stack, from its deepest word to its first. */
extern uint32_t __stack_low[];
extern uint32_t __stack_top[];

/** Bytes of the native stack. */
static inline uint32_t stack_bytes(void)
{
    return 4u * (uint32_t)(__stack_top - __stack_low);
}

/** Bytes of it that were in use at once since reset. */
OUT_OF_LINE static uint32_t stack_used(void)
{
    const uint32_t *word = __stack_low;

    while (*word == RILL_STACK_PAINT) {
        word++;
    }
    return 4u * (uint32_t)(__stack_top - word);
}

static inline uint32_t read32(const uint8_t *bytes)
{
    return bytes[0] | ((uint32_t)bytes[1] << 8) | ((uint32_t)bytes[2] << 16) | ((uint32_t)bytes[3] << 24);
}

/** Sleeps until the line `g` is there. @returns how to run */
static inline struct feed_order take_order(void)
{
    struct feed_order order;
    const struct link_line *line;

    for (;;) {
        line = link_take();
        if (line != NULL && line->kind == 'g' && line->length >= 9u) {
            break;
        }
        if (line != NULL) {
            link_release();
        }
        core_lock();
        if (link_arrived() == 0) {
            core_sleep_locked();
        }
        core_unlock();
    }
    order.rate = read32(line->bytes);
    order.items = read32(line->bytes + 4);
    order.guests = line->bytes[8];
#ifdef RILL_CONVERSES
    order.has_functions = line->length >= 10u ? line->bytes[9] : 0u;
#endif
#ifdef RILL_IMAGE_FUNCTIONS
    order.entry = line->length >= 11u ? line->bytes[10] : 0u;
#endif
    order.policy = (enum feed_policy)(line->turn - '0');
    link_release();
    return order;
}

/** Sleeps for ever: all is done. */
static inline void rest(void)
{
    for (;;) {
        core_lock();
        core_sleep_locked();
        core_unlock();
    }
}

#endif
