/*
 * The watchdog where a number of two bytes is read and written in two steps: both are done with interrupts held off.
 */
#include "../watchdog.h"

#include "../core.h"

#include <setjmp.h>

/* Where watchdog_run goes on after a cut. */
static jmp_buf way_out;
static uint16_t full;
/* What the guest's copies had come to at the tick before. */
static uint16_t seen;
/* Ticks left; 0: not armed. */
static volatile uint16_t left;

/* @returns what was left */
static uint16_t set_left(uint16_t ticks)
{
    uint16_t before;

    core_lock();
    before = left;
    left = ticks;
    core_unlock();
    return before;
}

void watchdog_cut_off(void)
{
    longjmp(way_out, 1);
}

int watchdog_run(int (*body)(void *context), void *context, uint32_t limit)
{
    int result = -1;

    full = (uint16_t)(limit > 0xffffu ? 0xffffu : limit);
    if (setjmp(way_out) == 0) {
        watchdog_arm(1);
        result = body(context);
    }
    watchdog_arm(0);
    return result;
}

void watchdog_feed(void)
{
    if (set_left(full) == 0u) {
        watchdog_arm(0);
    }
}

void watchdog_arm(int armed)
{
    (void)set_left(armed != 0 ? full : 0u);
}

uint32_t watchdog_pause(void)
{
    return set_left(0u);
}

void watchdog_resume(uint32_t paused)
{
    (void)set_left((uint16_t)paused);
}

void watchdog_tick(uint16_t progress)
{
    if (left != 0u) {
        left = progress != seen ? full : left - 1u;
        seen = progress;
        if (left == 0u) {
            core_divert();
        }
    }
}
