#include "watchdog.h"

#include "core.h"

#include <stddef.h>

/* Where watchdog_run goes on after a cut: the compiler's own buffer is a fifth of the C library's. */
static void *way_out[5];
static uint16_t full;
/* What the guest's copies had come to at the tick before. */
static uint16_t seen;
/* Ticks left; 0: not armed. */
static volatile uint32_t left;

void watchdog_cut_off(void)
{
    __builtin_longjmp(way_out, 1);
}

int watchdog_run(int (*body)(void *context), void *context, uint32_t limit)
{
    int result = -1;

    full = (uint16_t)(limit > 0xffffu ? 0xffffu : limit);
    if (__builtin_setjmp(way_out) == 0) {
        left = full;
        result = body(context);
    }
    left = 0u;
    return result;
}

void watchdog_feed(void)
{
    watchdog_arm(left != 0u);
}

void watchdog_arm(int armed)
{
    left = armed != 0 ? full : 0u;
}

uint32_t watchdog_pause(void)
{
    uint32_t paused = left;

    left = 0u;
    return paused;
}

void watchdog_resume(uint32_t paused)
{
    left = paused;
}

void watchdog_tick(uint16_t progress)
{
    if (left != 0u) {
        /* A guest that takes items which are there comes on without a wait that would feed the watchdog. */
        left = progress != seen ? full : left - 1u;
        seen = progress;
        if (left == 0u) {
            core_divert();
        }
    }
}
