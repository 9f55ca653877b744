/*
 * A firmware for the world `moves`, on a desktop: functions that are begun, and completed while the guest waits.
 */
#include "moves_host.h"
#include "start.h"

#include <inttypes.h>

#define ITEMS 3

static int16_t in_places[4];
static int32_t out_places[4];
static struct rill_ring in_ring = RILL_RING_ON(in_places);
static struct rill_ring out_ring = RILL_RING_ON(out_places);
static int16_t fed;
static int32_t position;
static bool is_moving;
static bool is_probing;
static unsigned sleeps;
static bool answers_badly;
static enum { GOES_ON, STOPS_AT_ONCE, STOPS_LATER, ARRIVES } when_cancelled;
static bool is_stopping;

/// What the guest imports ///

bool my_moves_motor_go(struct moves_host *of, int16_t steps, enum my_moves_motor_pace pace)
{
    (void)of;
    printf("go %d %s\n", steps, pace == MY_MOVES_MOTOR_PACE_FAST ? "fast" : "slow");
    position += steps;
    is_moving = true;
    return true;
}

bool my_moves_motor_home(struct moves_host *of)
{
    printf("home\n");
    position = 0;
    moves_host_done_my_moves_motor_home(of); /* at once */
    return true;
}

bool my_moves_motor_probe(struct moves_host *of, const struct my_moves_motor_place *place, uint64_t deep, float far_)
{
    (void)of;
    printf("probe %u %" PRId32 " %" PRIu64 " %g\n", place->axis, place->at, deep, (double)far_);
    is_probing = true;
    return true;
}

static void stop_motor(struct moves_host *of)
{
    printf("asked to stop\n");
    is_moving = when_cancelled == ARRIVES;
    is_stopping = when_cancelled == STOPS_LATER;
    if (when_cancelled == STOPS_AT_ONCE) {
        moves_host_cancelled_my_moves_motor_go(of);
        moves_host_done_my_moves_motor_go(of, 1); /* too late: nothing happens */
    }
}

/// The board ///

static void serve(void *context)
{
    (void)context;
    while (fed < ITEMS && rill_ring_put(&in_ring, &fed)) {
        fed++;
    }
    host.sources[0].is_over = fed == ITEMS;
}

/* What interrupts would do while the core sleeps. */
static void sleep_until_interrupt(void)
{
    struct moves_result_place_pace probed;

    sleeps++;
    if (is_stopping) {
        is_stopping = false;
        moves_host_cancelled_my_moves_motor_go(&host);
        moves_host_cancelled_my_moves_motor_go(&host); /* twice: nothing happens */
    }
    if (is_moving && !is_probing) {
        is_moving = false;
        moves_host_done_my_moves_motor_go(&host, position);
        moves_host_done_my_moves_motor_go(&host, -1); /* twice: nothing happens */
    }
    if (is_probing) {
        is_probing = false;
        memset(&probed, 0, sizeof probed);
        probed.is_error = answers_badly;
        if (answers_badly) {
            probed.value.error = 9;
        } else {
            probed.value.ok.at = 1000;
        }
        moves_host_done_my_moves_motor_probe(&host, &probed);
    }
}

static const struct rill_chip chip = {nothing, nothing, sleep_until_interrupt, NULL, serve};

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "";
    uint8_t *item;
    int32_t sum = 0;
    bool has_arrived = false;

    tell("start", moves_host_init(&host, START_ENGINE, start(path), &chip, NULL));
    moves_host_done_my_moves_motor_go(&host, 5); /* without a call: nothing happens */
    tell("follow", moves_host_call_follow(&host, &in_ring, &out_ring));
    while (rill_ring_peek(&out_ring, &item) != 0) {
        int32_t value;

        memcpy(&value, item, sizeof value);
        printf("%" PRId32 "\n", value);
        rill_ring_skip(&out_ring, 1);
    }
    printf("slept: %s\n", sleeps > 0 && sleeps < 20 ? "a few times" : "no");
    tell("both", moves_host_call_both(&host, -7, &sum));
    printf("%" PRId32 "\n", sum);
    host.my_moves_motor_go.on_cancel = NULL;
    tell("cancelled, nobody asked", moves_host_call_stop(&host, 1, &has_arrived));
    printf("%d\n", has_arrived);
    host.my_moves_motor_go.on_cancel = stop_motor;
    for (when_cancelled = STOPS_AT_ONCE; when_cancelled <= ARRIVES; when_cancelled++) {
        tell("cancelled", moves_host_call_stop(&host, 1, &has_arrived));
        printf("%d\n", has_arrived);
    }
    moves_host_cancelled_my_moves_motor_go(&host); /* without a call: nothing happens */
    answers_badly = true;
    tell("bad answer", moves_host_call_both(&host, 1, &sum));
    moves_host_close(&host);
    tell("again", moves_host_init(&host, START_ENGINE, start(path), &chip, NULL));
    tell("two at once", moves_host_call_both(&host, 0, &sum));
    moves_host_close(&host);
    moves_host_done_my_moves_motor_go(&host, 5); /* after its guest has gone: nothing happens */
    return 0;
}
