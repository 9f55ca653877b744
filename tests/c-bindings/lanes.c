/*
 * A firmware for the world `lanes`, on a desktop: several calls of the guest's functions go on side by side, are ended
 * in any order, cancelled, and left behind by a guest that traps or is closed.
 */
#include "lanes_host.h"
#include "start.h"

#include <inttypes.h>
#include <stdlib.h>

#define MOST 8u

/* Waits of the guest's: the shortest one ends first. */
static struct wait {
    uint32_t call;
    uint32_t milliseconds;
    bool is_nap;
} waits[MOST];
static uint32_t wait_count;
static uint8_t lamps[MOST]; /* the pins of those in use; 0 is a free place */
static unsigned naps;

static uint16_t in_places[2][4];
static uint16_t out_places[2][4];
static uint16_t more_places[2];
static struct rill_ring in[2] = {RILL_RING_ON(in_places[0]), RILL_RING_ON(in_places[1])};
static struct rill_ring out[2] = {RILL_RING_ON(out_places[0]), RILL_RING_ON(out_places[1])};
static uint8_t byte_places[4];
static struct rill_ring more = RILL_RING_ON(more_places);
static struct rill_ring bytes = RILL_RING_ON(byte_places);

static struct lanes_host_begun_double doubles[2];
static struct lanes_host_begun_add adds;
static struct lanes_host_begun_hold holds[2];
static struct lanes_host_begun_pause pauses[2];

static const char *state_of(const struct rill_begun *call)
{
    static const char *const texts[] = {"not begun", "on", "done", "cancelled", "gone"};

    return texts[rill_begun_how_far(call)];
}

static uint32_t make_lamp(uint8_t pin)
{
    uint32_t i = 0;

    while (lamps[i] != 0u) {
        i++;
    }
    lamps[i] = pin;
    return i;
}

/// What the guest imports ///

bool my_lanes_clock_wait_for(struct lanes_host *of, uint32_t call, uint32_t milliseconds)
{
    (void)of;
    waits[wait_count].call = call;
    waits[wait_count].is_nap = false;
    waits[wait_count++].milliseconds = milliseconds;
    return true;
}

bool my_lanes_clock_nap(struct lanes_host *of, uint32_t call, uint32_t milliseconds)
{
    (void)of;
    waits[wait_count].call = call;
    waits[wait_count].is_nap = true;
    waits[wait_count++].milliseconds = milliseconds;
    return true;
}

bool my_lanes_clock_lamp_new(struct lanes_host *of, uint8_t pin, uint32_t *result)
{
    (void)of;
    *result = make_lamp(pin);
    return true;
}

bool my_lanes_clock_lamp_pin(struct lanes_host *of, uint32_t self, uint8_t *result)
{
    static struct lanes_host_begun_pause inner;

    printf("while its code runs: %s, %s, %s\n", lanes_host_begin_pause(of, &inner, 1) ? "begun" : "refused",
           lanes_host_run(of) ? "run" : "refused", lanes_host_cancel(of, &inner.call) ? "cancelled" : "refused");
    *result = lamps[self];
    return true;
}

void my_lanes_clock_lamp_drop(struct lanes_host *of, uint32_t index)
{
    (void)of;
    printf("drop lamp on %u\n", lamps[index]);
    lamps[index] = 0;
}

/// The board ///

static void give_up(struct lanes_host *of, uint32_t call)
{
    uint32_t i;

    for (i = 0; i < wait_count; i++) {
        if (waits[i].is_nap && waits[i].call == call) {
            printf("give up a nap of %" PRIu32 "\n", waits[i].milliseconds);
            waits[i] = waits[--wait_count];
        }
    }
    (void)lanes_host_cancelled_my_lanes_clock_nap(of, call);
}

/* What interrupts would do while the core sleeps. */
static void sleep_until_interrupt(void)
{
    uint32_t least = 0;
    uint32_t i;

    if (naps++ > 200u) {
        puts("waits for ever");
        exit(1);
    }
    for (i = 1; i < wait_count; i++) {
        if (waits[i].milliseconds < waits[least].milliseconds) {
            least = i;
        }
    }
    if (wait_count != 0u) {
        const struct wait one = waits[least];

        waits[least] = waits[--wait_count];
        printf("%" PRIu32 " are over: %d\n", one.milliseconds,
               (int)(one.is_nap ? lanes_host_done_my_lanes_clock_nap(&host, one.call)
                                : lanes_host_done_my_lanes_clock_wait_for(&host, one.call, one.milliseconds)));
    }
}

static const struct rill_chip chip = {nothing, nothing, sleep_until_interrupt, NULL, NULL};

static void begin(const char *path)
{
    lanes_host_close(&host);
    wait_count = 0;
    naps = 0;
    host.my_lanes_clock_nap.on_cancel = give_up;
    tell("start", lanes_host_init(&host, START_ENGINE, start(path), &chip, NULL));
}

static void put(struct rill_ring *ring, uint16_t item)
{
    if (!rill_ring_put(ring, &item)) {
        puts("full");
    }
}

static void print_items(const char *what, struct rill_ring *ring)
{
    uint8_t *item;

    printf("%s:", what);
    while (rill_ring_peek(ring, &item) != 0) {
        uint16_t value;

        memcpy(&value, item, sizeof value);
        printf(" %u", value);
        rill_ring_skip(ring, 1);
    }
    printf("\n");
}

static void print_count(enum my_lanes_work_speed speed)
{
    uint32_t count = 0;

    tell("begun", lanes_host_call_begun(&host, speed, &count));
    printf("%" PRIu32 "\n", count);
}

/** Runs what can run, without sleeping. */
static void run(unsigned times)
{
    while (times-- > 0u) {
        if (!lanes_host_run(&host)) {
            printf("run: %s\n", host.base.rings.host->trap);
        }
    }
}

static struct rill_view names;
static uint64_t rooms[2][8];
static struct rill_space spaces[2] = {RILL_SPACE_ON(rooms[0]), RILL_SPACE_ON(rooms[1])};
static struct lanes_tuple_lamp_u32 held[2];

static bool begin_hold(uint32_t which, uint8_t pin, uint32_t milliseconds)
{
    struct rill_view each[2];

    memset(each, 0, sizeof each);
    spaces[which].used = 0;
    (void)rill_view_put(&spaces[which], &each[0], "red", 3, 1);
    (void)rill_view_put(&spaces[which], &each[1], "green", 5, 1);
    (void)rill_view_put(&spaces[which], &names, each, 2, sizeof each[0]);
    return lanes_host_begin_hold(&host, &holds[which], make_lamp(pin), &names, milliseconds, &spaces[which],
                                 &held[which]);
}

static void three_at_once(void)
{
    struct my_lanes_work_pair pair;
    struct lanes_result_u32_speed sum;

    memset(&pair, 0, sizeof pair);
    memset(&sum, 0, sizeof sum);
    pair.a = 1000;
    pair.b.is_some = true;
    pair.b.value.some = 100;
    printf("%s\n", state_of(&doubles[0].call));
    put(&in[0], 1);
    tell("double", lanes_host_begin_double(&host, &doubles[0], &in[0], &out[0]));
    tell("the same memory", lanes_host_begin_double(&host, &doubles[0], &in[0], &out[0]));
    tell("add", lanes_host_begin_add(&host, &adds, 30, "text", 4, &more, &pair, &sum));
    tell("hold", begin_hold(0, 7, 10));
    print_count(MY_LANES_WORK_SPEED_SLOW);
    tell("in the queue", lanes_host_begin_pause(&host, &pauses[0], 20));
    print_count(MY_LANES_WORK_SPEED_FAST);
    run(2);
    print_items("doubled", &out[0]);
    printf("%s, %s, %s, %s\n", state_of(&doubles[0].call), state_of(&adds.call), state_of(&holds[0].call),
           state_of(&pauses[0].call));
    put(&in[0], 2);
    put(&in[0], 3);
    tell("finish hold", lanes_host_finish(&host, &holds[0].call));
    printf("%u, %" PRIu32 "\n", lamps[held[0].f0], held[0].f1);
    my_lanes_clock_lamp_drop(&host, held[0].f0);
    print_items("doubled", &out[0]);
    tell("finish the one in the queue", lanes_host_finish(&host, &pauses[0].call));
    print_count(MY_LANES_WORK_SPEED_SLOW);
    put(&more, 5);
    tell("finish add", lanes_host_finish(&host, &adds.call));
    printf("%d %" PRIu32 "\n", sum.is_error, sum.value.ok);
    put(&in[0], 4);
    doubles[0].flows.items.is_over = 1;
    tell("finish double", lanes_host_finish(&host, &doubles[0].call));
    print_items("doubled", &out[0]);
    tell("finish it again", lanes_host_finish(&host, &doubles[0].call));
}

/** Two calls of one function, with rings of their own. */
static void two_of_one(void)
{
    uint16_t i;

    tell("double", lanes_host_begin_double(&host, &doubles[0], &in[0], &out[0]));
    tell("double", lanes_host_begin_double(&host, &doubles[1], &in[1], &out[1]));
    for (i = 1; i < 4u; i++) {
        put(&in[0], i);
        put(&in[1], (uint16_t)(100u + i));
        run(1);
    }
    doubles[1].flows.items.is_over = 1;
    tell("finish the second", lanes_host_finish(&host, &doubles[1].call));
    print_items("of the first", &out[0]);
    print_items("of the second", &out[1]);
    doubles[0].flows.items.is_over = 1;
    tell("finish the first", lanes_host_finish(&host, &doubles[0].call));
}

static void cancelled(void)
{
    tell("pause", lanes_host_begin_pause(&host, &pauses[0], 40));
    tell("pause", lanes_host_begin_pause(&host, &pauses[1], 50));
    tell("hold", begin_hold(0, 8, 60));
    tell("hold in the queue", begin_hold(1, 9, 70));
    tell("cancel what is in the queue", lanes_host_cancel(&host, &holds[1].call));
    tell("cancel a pause", lanes_host_cancel(&host, &pauses[0].call));
    printf("%s, %s, %s, %s\n", state_of(&pauses[0].call), state_of(&pauses[1].call), state_of(&holds[0].call),
           state_of(&holds[1].call));
    tell("cancel it again", lanes_host_cancel(&host, &pauses[0].call));
    tell("finish hold", lanes_host_finish(&host, &holds[0].call));
    printf("%u, %s\n", lamps[held[0].f0], state_of(&pauses[1].call));
    my_lanes_clock_lamp_drop(&host, held[0].f0);
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "";

    begin(path);
    three_at_once();
    two_of_one();
    cancelled();

    /* What goes wrong. */
    tell("hold", begin_hold(0, 1, 90));
    tell("another ring", lanes_host_begin_double(&host, &doubles[0], &bytes, &out[0]));
    tell("after that", lanes_host_begin_double(&host, &doubles[1], &in[1], &out[1]));
    printf("%s, %s\n", state_of(&holds[0].call), state_of(&doubles[0].call));
    run(1);
    begin(path);
    tell("hold", begin_hold(0, 1, 90));
    tell("pause", lanes_host_begin_pause(&host, &pauses[0], 40));
    tell("pause", lanes_host_begin_pause(&host, &pauses[1], 40));
    tell("hold in the queue", begin_hold(1, 2, 70));
    lanes_host_close(&host);
    printf("%s, %s, %s\n", state_of(&holds[0].call), state_of(&holds[1].call), state_of(&pauses[0].call));
    begin(path);
    tell("finish what is gone", lanes_host_finish(&host, &pauses[0].call));
    tell("pause", lanes_host_begin_pause(&host, &pauses[0], 5));
    tell("finish", lanes_host_finish(&host, &pauses[0].call));
    lanes_host_close(&host);
    return 0;
}
