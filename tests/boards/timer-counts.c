/*
 * The counts of a timer as nanoseconds, and back: at the rate of hifive1's crystal, and at that of QEMU's model of it.
 * Each case prints `ok NAME` or `not ok NAME`.
 */
#include "timer_counts.h"

#include <stdio.h>

/** Nanoseconds that 64 counts take. */
#define AT_32768_HZ 1953125u
#define AT_10_MHZ 6400u

static int is_wrong;

static void check(const char *name, int holds)
{
    (void)printf("%s %s\n", holds ? "ok" : "not ok", name);
    is_wrong |= !holds;
}

/** The count at which so much time is over is the first one that shows as much. */
static int agree(uint64_t nanoseconds, uint32_t ns)
{
    const uint64_t counts = timer_counts(nanoseconds, ns);

    return timer_nanoseconds(counts, ns) >= nanoseconds
           && (counts == 0u || timer_nanoseconds(counts - 1u, ns) < nanoseconds);
}

static int agree_everywhere(uint32_t ns)
{
    uint64_t nanoseconds;
    int holds = 1;

    for (nanoseconds = 0u; nanoseconds < 5000000u; nanoseconds += 7u) {
        holds &= agree(nanoseconds, ns);
    }
    for (nanoseconds = 1u; nanoseconds < UINT64_MAX / 3u; nanoseconds *= 3u) {
        holds &= agree(nanoseconds, ns) & agree(nanoseconds - 1u, ns);
    }
    return holds;
}

int main(void)
{
    check("a second", timer_counts(1000000000u, AT_32768_HZ) == 32768u
                          && timer_nanoseconds(32768u, AT_32768_HZ) == 1000000000u
                          && timer_counts(1000000000u, AT_10_MHZ) == 10000000u
                          && timer_nanoseconds(10000000u, AT_10_MHZ) == 1000000000u);
    check("a step", timer_step(AT_32768_HZ) == 30518u && timer_step(AT_10_MHZ) == 100u);
    check("no time is over at once", timer_counts(0u, AT_32768_HZ) == 0u && timer_counts(1u, AT_32768_HZ) == 1u);
    check("300 years", timer_nanoseconds((uint64_t)32768u * 31536000u * 300u, AT_32768_HZ)
                           == (uint64_t)1000000000u * 31536000u * 300u);
    check("there and back at 32,768 Hz", agree_everywhere(AT_32768_HZ));
    check("there and back at 10 MHz", agree_everywhere(AT_10_MHZ));
    return is_wrong;
}
