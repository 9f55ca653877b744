/*
 * The port over rings, run on the desktop: an interrupt (a timer's signal) against the main program, every edge of
 * sources and sinks, timeouts. Prints `ok NAME` or `not ok NAME` for each; exits 1 when one is not ok.
 */
#define _XOPEN_SOURCE 700
#include "rill_rings.h"

#include <signal.h>
#include <stdio.h>
#include <sys/time.h>

static int failures;

static void check(bool holds, const char *name)
{
    printf("%s %s\n", holds ? "ok" : "not ok", name);
    failures += holds ? 0 : 1;
}

/// A ring between an interrupt and the main program ///

/** An item that shows when it is torn: every word says the same. */
struct wide {
    uint32_t words[64];
};

#define ITEMS 60000u
static struct wide wide_room[7];
static struct rill_ring wide_ring;
static volatile uint32_t made, lost, taken, torn, disordered, last;

/** Puts up to `most` items. @returns how many found room */
static uint32_t put_wide(uint32_t most)
{
    uint32_t count, found = 0;

    for (count = 0; count < most && made < ITEMS; count++) {
        struct wide item;
        uint32_t i;
        for (i = 0; i < 64u; i++) {
            item.words[i] = made + 1u;
        }
        if (rill_ring_put(&wide_ring, &item) != 0) {
            found++;
        } else {
            lost++;
        }
        made++;
    }
    return found;
}

static void take_wide(void)
{
    uint8_t *items;
    const uint32_t count = rill_ring_peek(&wide_ring, &items);
    uint32_t i, word;

    for (i = 0; i < count; i++) {
        struct wide item;
        memcpy(&item, items + i * sizeof item, sizeof item);
        for (word = 1; word < 64u; word++) {
            torn += item.words[word] != item.words[0];
        }
        disordered += item.words[0] <= last;
        last = item.words[0];
    }
    rill_ring_skip(&wide_ring, count);
    taken += count;
}

static void interrupt_puts(int signal)
{
    (void)signal;
    (void)put_wide(5);
}

static void interrupt_takes(int signal)
{
    (void)signal;
    take_wide();
}

static void interrupt_against_main(bool puts)
{
    const struct itimerval often = {{0, 20}, {0, 20}}, never = {{0, 0}, {0, 0}};
    struct sigaction action;

    rill_ring_init(&wide_ring, wide_room, 7, sizeof(struct wide));
    made = lost = taken = torn = disordered = last = 0;
    memset(&action, 0, sizeof action);
    action.sa_handler = puts ? interrupt_puts : interrupt_takes;
    (void)sigaction(SIGALRM, &action, NULL);
    (void)setitimer(ITIMER_REAL, &often, NULL);
    while (made < ITEMS) {
        if (puts) {
            take_wide();
        } else {
            (void)put_wide(1);
        }
    }
    (void)setitimer(ITIMER_REAL, &never, NULL);
    take_wide();
    take_wide();
    check(torn == 0u, puts ? "no item is torn that an interrupt puts" : "no item is torn that an interrupt takes");
    check(disordered == 0u && taken > 0u, "items keep their order");
    check(taken + lost == ITEMS, "every item is taken or counted as lost");
}

static void ring_edges(void)
{
    uint8_t room[4], *at, item = 7;
    struct rill_ring ring = RILL_RING_ON(room);
    uint32_t i, round;
    bool holds = true;

    for (i = 0; i < 3u; i++) {
        holds = rill_ring_put(&ring, &item) != 0 && holds;
    }
    check(holds && rill_ring_put(&ring, &item) == 0, "a ring of four places holds three items");
    check(rill_ring_peek(&ring, &at) == 3u && rill_ring_space(&ring, &at) == 0u, "a full ring has no space");
    rill_ring_skip(&ring, 3);
    check(rill_ring_empty(&ring) != 0 && rill_ring_peek(&ring, &at) == 0u, "what is skipped is gone");
    holds = true;
    for (round = 0; round < 50u; round++) {
        const uint32_t space = rill_ring_space(&ring, &at), count = round % 3u < space ? round % 3u : space;
        for (i = 0; i < count; i++) {
            at[i] = (uint8_t)(round + i);
        }
        rill_ring_fill(&ring, count);
        holds = rill_ring_peek(&ring, &at) == count && (count == 0u || at[0] == (uint8_t)round)
                && at + count <= room + 4 && holds;
        rill_ring_skip(&ring, count);
    }
    check(holds, "places filled in one piece are read in one piece, round and round");
}

/// A guest on the port: its calls are made here ///

static const uint16_t plan_u32[] = {RILL_OP_BYTES, 0, 4, RILL_OP_END};
static const struct rill_type u32 = {plan_u32, 4, 4, 1, 0};
static uint32_t in_room[4], out_room[4], memory[16];
static struct rill_ring in_ring, out_ring;
static struct rill_source source;
static struct rill_sink sink;
static struct rill_end handles[5];
static struct rill_stream streams[2];
static struct rill_host host;
static uint32_t clock_now, sleeps, slept_open, serves;
static int locked;
static void (*interrupt)(void);   /* strikes during the next sleep */
static void (*last_minute)(void); /* strikes just before interrupts are held off */

static void lock(void)
{
    void (*const strikes)(void) = last_minute;

    last_minute = NULL;
    if (strikes != NULL) {
        strikes();
    }
    locked = 1;
}

static void unlock(void)
{
    locked = 0;
}

static void sleep_a_tick(void)
{
    void (*const strikes)(void) = interrupt;

    slept_open += locked == 0;
    sleeps++;
    clock_now++;
    interrupt = NULL;
    if (strikes != NULL) {
        strikes();
    }
}

static uint32_t now(void)
{
    return clock_now;
}

static void serve(void *context)
{
    (void)context;
    serves++;
}

static const struct rill_chip chip = {lock, unlock, sleep_a_tick, now, serve};
static struct rill_rings rings;

/** A host, a source and its argument; a sink on a stream of the guest's, whose writable end is *w. */
static void begin(uint32_t patience, uint32_t *r, uint32_t *w, uint32_t *set)
{
    struct rill_rings fresh = {&host, &chip, NULL, &source, &sink, 1, 1, 0, patience, 0};
    uint32_t readable;

    rings = fresh;
    source.is_over = 0;
    source.ring = &in_ring;
    sink.ring = &out_ring;
    rill_ring_init(&in_ring, in_room, 4, 4);
    rill_ring_init(&out_ring, out_room, 4, 4);
    sleeps = slept_open = serves = 0;
    interrupt = NULL;
    clock_now = UINT32_MAX - 1u; /* about to wrap */
    rill_host_init(&host, handles, 5, streams, 2, &rill_rings_port, &rings);
    rill_host_memory(&host, (uint8_t *)memory, sizeof memory);
    (void)rill_source_open(&rings, &source, &u32, r);
    (void)rill_new(&host, &u32, false, &readable, w);
    (void)rill_sink_open(&rings, &sink, &u32, readable);
    (void)rill_set_new(&host, set);
    (void)rill_join(&host, *r, *set);
    (void)rill_join(&host, *w, *set);
}

static void put_one(void)
{
    const uint32_t item = 11;

    (void)rill_ring_put(&in_ring, &item);
}

static void take_one(void)
{
    rill_ring_skip(&out_ring, 1);
}

static void end_source(void)
{
    source.is_over = 1;
}

static bool read_some(uint32_t handle, uint32_t count, uint32_t *packed)
{
    return rill_copy(&host, RILL_READABLE, &u32, false, true, handle, 16, count, packed);
}

static bool write_some(uint32_t handle, uint32_t count, uint32_t *packed)
{
    return rill_copy(&host, RILL_WRITABLE, &u32, false, true, handle, 32, count, packed);
}

static void sources(void)
{
    uint32_t r, w, set, packed, code;

    begin(0, &r, &w, &set);
    check(read_some(r, 1, &packed) && packed == RILL_BLOCKED, "an empty ring blocks the read");
    interrupt = put_one;
    check(rill_set_wait(&host, set, 0, &code) && code == RILL_EVENT_STREAM_READ && memory[4] == 11u
              && source.items == 1u,
          "an interrupt's item wakes the guest");
    check(sleeps == 1u && slept_open == 0u && serves > 0u, "it slept once, with interrupts held off at the start");
    put_one();
    end_source();
    check(read_some(r, 2, &packed) && packed == RILL_BLOCKED, "a further read");
    check(rill_set_wait(&host, set, 0, &code) && memory[1] >> 4 == 1u && sleeps == 1u,
          "what came meanwhile is taken without a sleep");
    check(read_some(r, 2, &packed) && packed == RILL_BLOCKED && rill_set_wait(&host, set, 0, &code)
              && memory[1] == (uint32_t)RILL_DROPPED,
          "the stream ends behind its last item");
    begin(0, &r, &w, &set);
    (void)read_some(r, 1, &packed);
    last_minute = put_one;
    check(rill_set_wait(&host, set, 0, &code) && sleeps == 0u, "an item that comes just before the sleep prevents it");
    begin(0, &r, &w, &set);
    put_one();
    put_one();
    check(read_some(r, 1, &packed) && packed == RILL_BLOCKED && rill_set_wait(&host, set, 0, &code)
              && memory[1] >> 4 == 1u,
          "a read shorter than the ring");
    check(rill_drop(&host, RILL_READABLE, &u32, false, r), "the guest drops its end");
    (void)write_some(w, 3, &packed);
    (void)write_some(w, 1, &packed);
    interrupt = take_one;
    check(rill_set_wait(&host, set, 0, &code) && source.end.kind == RILL_FREE && source.items == 1u,
          "and the source gives up, the item behind stays in its ring");
}

static void sinks(void)
{
    uint32_t r, w, set, packed, code;

    begin(0, &r, &w, &set);
    memory[8] = 1;
    memory[9] = 2;
    memory[10] = 3;
    check(write_some(w, 3, &packed) && packed >> 4 == 3u, "a sink with room takes items at once");
    memory[8] = 4;
    check(write_some(w, 1, &packed) && packed == RILL_BLOCKED, "a full one holds the guest back");
    interrupt = take_one;
    check(rill_set_wait(&host, set, 0, &code) && code == RILL_EVENT_STREAM_WRITE && sleeps == 1u,
          "until an interrupt has taken an item");
    rill_rings_close(&rings);
    check(out_room[1] == 2u && out_room[2] == 3u && out_room[3] == 4u && sink.items == 4u, "all arrive, in order");
    check(streams[0].ends == 1u && streams[1].ends == 1u, "closing gives both of the host's ends up");
}

static void timeouts(void)
{
    uint32_t r, w, set, packed, code;

    begin(5, &r, &w, &set);
    (void)read_some(r, 1, &packed);
    check(!rill_set_wait(&host, set, 0, &code) && rings.has_timed_out != 0u && host.trap != NULL && sleeps == 5u,
          "a source that stays silent ends the guest when patience is at an end, the clock wrapping meanwhile");
    rill_rings_close(&rings);
    begin(5, &r, &w, &set);
    (void)read_some(r, 1, &packed);
    interrupt = put_one;
    check(rill_set_wait(&host, set, 0, &code) && rings.has_timed_out == 0u, "an item in time winds the clock up");
    (void)read_some(r, 1, &packed);
    check(!rill_set_wait(&host, set, 0, &code) && sleeps == 6u, "and the wait after it has the whole patience");
    rill_rings_close(&rings);
}

static void openings(void)
{
    static const uint16_t plan_u8[] = {RILL_OP_BYTES, 0, 1, RILL_OP_END},
                          plan_u64[] = {RILL_OP_BYTES, 0, 8, RILL_OP_END};
    static const struct rill_type u8 = {plan_u8, 1, 1, 1, 1}, u64 = {plan_u64, 8, 8, 1, 2};
    static const struct rill_type *const others[] = {&u8, &u64, NULL};
    uint32_t r, w, set, packed, readable, writable, i;
    bool refused = true;

    begin(0, &r, &w, &set);
    (void)rill_new(&host, &u32, false, &readable, &writable);
    check(!rill_sink_open(&rings, &sink, &u32, readable) && host.trap != NULL,
          "a sink that is open is not opened again");
    host.trap = NULL;
    check(!rill_source_open(&rings, &source, &u32, &readable) && host.trap != NULL, "nor is a source");
    for (i = 0; i < 3u; i++) {
        begin(0, &r, &w, &set);
        rill_rings_close(&rings);
        refused = !rill_source_open(&rings, &source, others[i], &readable) && host.trap != NULL && refused;
        begin(0, &r, &w, &set);
        rill_rings_close(&rings);
        (void)rill_drop(&host, RILL_WRITABLE, &u32, false, w);
        (void)rill_drop(&host, RILL_READABLE, &u32, false, r);
        refused = rill_new(&host, others[i], false, &readable, &writable) && refused;
        refused = !rill_sink_open(&rings, &sink, others[i], readable) && host.trap != NULL && sink.end.stream == NULL
                  && refused;
    }
    check(refused, "elements of another length than the ring's items are refused, by sources and by sinks");
    begin(0, &r, &w, &set);
    rill_rings_close(&rings);
    rill_ring_init(&in_ring, (uint8_t *)in_room + 1, 3, 4);
    check(!rill_source_open(&rings, &source, &u32, &readable) && host.trap != NULL,
          "and a ring that lies off their alignment");
    begin(0, &r, &w, &set);
    put_one();
    (void)read_some(r, 1, &packed);
    rill_host_close(&host);
    rill_host_init(&host, handles, 5, streams, 2, &rill_rings_port, &rings);
    rill_host_memory(&host, (uint8_t *)memory, sizeof memory);
    memory[4] = 0;
    check(rill_source_open(&rings, &source, &u32, &r) && rill_new(&host, &u32, false, &readable, &w)
              && rill_sink_open(&rings, &sink, &u32, readable),
          "rings of a guest that is gone are opened for the next one");
    rill_host_close(&host);
    rill_rings_close(&rings);
    check(streams[0].ends == 0u && streams[1].ends == 0u && source.end.stream == NULL,
          "closing them late touches nothing");
}

static void ahead(void)
{
    uint32_t r, w, set, packed, code, i;
    bool at_once = true;

    begin(0, &r, &w, &set);
    for (i = 0; i < 3u; i++) {
        put_one();
    }
    (void)read_some(r, 1, &packed);
    (void)rill_set_wait(&host, set, 0, &code);
    for (i = 0; i < 2u; i++) {
        at_once = read_some(r, 1, &packed) && packed == 16u && at_once;
    }
    check(at_once && sleeps == 0u, "a source offers all that its ring holds: only the first read waits");
    for (i = 0; i < 3u; i++) {
        at_once = write_some(w, 1, &packed) && packed == 16u && at_once;
    }
    (void)write_some(w, 1, &packed);
    rill_ring_skip(&out_ring, 3);
    at_once = packed == RILL_BLOCKED && rill_set_wait(&host, set, 0, &code) && at_once;
    check(at_once && write_some(w, 1, &packed) && packed == 16u, "and a sink takes what there is room for");
}

static void polls(void)
{
    uint32_t r, w, set, packed, code;

    begin(5, &r, &w, &set);
    (void)read_some(r, 1, &packed);
    check(rill_set_poll(&host, set, 0, &code) && code == RILL_EVENT_NONE && serves == 1u && sleeps == 0u,
          "a poll serves, and does not sleep");
    put_one();
    check(rill_set_poll(&host, set, 0, &code) && code == RILL_EVENT_STREAM_READ && memory[4] == 11u,
          "and finds what has come");
    (void)read_some(r, 1, &packed);
    clock_now += 5u;
    check(!rill_set_poll(&host, set, 0, &code) && rings.has_timed_out != 0u && host.trap != NULL,
          "a guest that polls for longer than patience is ended");
}

int main(void)
{
    interrupt_against_main(true);
    interrupt_against_main(false);
    ring_edges();
    sources();
    sinks();
    timeouts();
    openings();
    ahead();
    polls();
    return failures != 0;
}
