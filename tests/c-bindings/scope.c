/*
 * A firmware for the world `scope`, on a desktop: streams and futures of imported functions, and futures of exported
 * ones, as rings.
 */
#include "scope_host.h"
#include "start.h"

#include <inttypes.h>
#include <stdlib.h>

static int16_t played_places[4];
static uint16_t heard_places[4];
static uint8_t byte_places[3];
static uint32_t calibrated_places[2];
static uint16_t begin_places[3];
static struct my_scope_device_point point_places[2];
static struct my_scope_device_point mark_places[2];
static struct rill_ring played = RILL_RING_ON(played_places);
static struct rill_ring heard = RILL_RING_ON(heard_places);
static struct rill_ring bytes = RILL_RING_ON(byte_places);
static struct rill_ring calibrated = RILL_RING_ON(calibrated_places);
static struct rill_ring begins = RILL_RING_ON(begin_places);
static struct rill_ring points = RILL_RING_ON(point_places);
static struct rill_ring marks = RILL_RING_ON(mark_places);

static uint16_t next_heard;
static uint16_t heard_until;
static uint32_t uploaded;
static bool is_uploading;
static bool is_calibrating;
static bool is_beginning;
static unsigned waits;
static enum { RIGHT, NO_RING, OTHER_ITEMS, NO_VALUE, NOBODY_READS } answers;

/// What the guest imports ///

bool my_scope_device_play(struct scope_host *of, struct rill_flow *samples, uint32_t rate, uint8_t *result)
{
    (void)of;
    printf("play at %" PRIu32 "\n", rate);
    samples->ring = answers == NOBODY_READS ? NULL : answers == OTHER_ITEMS ? &bytes : &played;
    *result = 7;
    return true;
}

bool my_scope_device_listen(struct scope_host *of, uint8_t channel, struct rill_flow *result)
{
    (void)of;
    printf("listen to %u\n", channel);
    result->ring = answers == NO_RING ? NULL : &heard;
    next_heard = channel;
    heard_until = (uint16_t)(channel + 6u);
    return true;
}

bool my_scope_device_calibrate(struct scope_host *of, struct rill_flow *result)
{
    (void)of;
    result->ring = &calibrated;
    is_calibrating = true;
    return true;
}

bool my_scope_device_trigger(struct scope_host *of, struct rill_flow *when)
{
    (void)of;
    when->ring = &marks;
    return true;
}

bool my_scope_device_upload(struct scope_host *of, struct rill_flow *stream)
{
    (void)of;
    stream->ring = &bytes;
    uploaded = 0;
    is_uploading = true;
    return true;
}

/// The board ///

static void take_all(void)
{
    uint8_t *item;

    while (rill_ring_peek(&played, &item) != 0) {
        int16_t sample;

        memcpy(&sample, item, sizeof sample);
        printf("played %d\n", sample);
        rill_ring_skip(&played, 1);
    }
    while (rill_ring_peek(&bytes, &item) != 0) {
        uploaded++;
        rill_ring_skip(&bytes, 1);
    }
}

/* What interrupts would do while the core sleeps. */
static void sleep_until_interrupt(void)
{
    const uint32_t value = 70000;
    const uint16_t start = 12;

    waits++;
    take_all();
    if (next_heard < heard_until) {
        (void)rill_ring_put(&heard, &next_heard);
        next_heard++;
        host.my_scope_device_listen.result.is_over = next_heard == heard_until;
        return;
    }
    if (is_uploading && !rill_flow_is_open(&host.my_scope_device_upload.bytes)) {
        is_uploading = false;
        scope_host_done_my_scope_device_upload(&host, uploaded);
        return;
    }
    if (is_beginning) {
        is_beginning = false;
        (void)rill_ring_put(&begins, &start);
        (void)rill_ring_put(&begins, &start); /* stays: a future is one item */
    } else if (is_calibrating) {
        is_calibrating = false;
        if (answers != NO_VALUE) {
            (void)rill_ring_put(&calibrated, &value);
        }
        host.my_scope_device_calibrate.result.is_over = 1;
    } else if (waits > 1000u) {
        puts("waits for ever");
        exit(1);
    }
}

static const struct rill_chip chip = {nothing, nothing, sleep_until_interrupt, NULL, NULL};

static void begin(const char *path)
{
    scope_host_close(&host);
    answers = RIGHT;
    is_uploading = false;
    next_heard = heard_until = 0;
    waits = 0;
    tell("start", scope_host_init(&host, START_ENGINE, start(path), &chip, NULL));
}

static void print_point(struct rill_ring *ring)
{
    struct my_scope_device_point point;
    uint8_t *item;

    if (rill_ring_peek(ring, &item) == 0) {
        printf("no point\n");
        return;
    }
    memcpy(&point, item, sizeof point);
    rill_ring_skip(ring, 1);
    printf("point %" PRIu32 " %d\n", point.at, point.value);
}

static uint32_t items_in(const struct rill_ring *ring)
{
    uint8_t *item;

    return rill_ring_peek(ring, &item);
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "";
    uint32_t count = 0;

    begin(path);
    is_beginning = true;
    tell("run", scope_host_call_run(&host, &begins, 3, &points));
    print_point(&points);
    printf("left: %" PRIu32 "\n", items_in(&begins));
    tell("run", scope_host_call_run(&host, &begins, 4, &points));
    print_point(&points);
    tell("through", scope_host_call_through(&host, 10, 100, &count));
    take_all();
    printf("%" PRIu32 "\n", count);
    tell("through, not to the end", scope_host_call_through(&host, 10, 2, &count));
    take_all();
    printf("%" PRIu32 ", then %" PRIu32 " left\n", count, items_in(&heard));
    rill_ring_skip(&heard, items_in(&heard));
    next_heard = heard_until;
    tell("send", scope_host_call_send(&host, 9, &count));
    printf("%" PRIu32 "\n", count);
    tell("send nothing", scope_host_call_send(&host, 0, &count));
    printf("%" PRIu32 "\n", count);
    tell("mark", scope_host_call_mark(&host, -9));
    print_point(&marks);
    answers = NOBODY_READS;
    tell("nobody reads", scope_host_call_through(&host, 20, 100, &count));
    printf("%" PRIu32 "\n", count);
    rill_ring_skip(&heard, items_in(&heard));

    /* What goes wrong. */
    answers = NO_RING;
    tell("no ring", scope_host_call_through(&host, 20, 100, &count));
    begin(path);
    answers = OTHER_ITEMS;
    tell("another ring", scope_host_call_through(&host, 20, 100, &count));
    begin(path);
    tell("twice", scope_host_call_twice(&host));
    begin(path);
    answers = NO_VALUE;
    is_beginning = true;
    tell("no value", scope_host_call_run(&host, &begins, 3, &points));
    print_point(&points);
    begin(path);
    tell("a ring of others", scope_host_call_run(&host, &bytes, 3, &points));
    scope_host_close(&host);
    scope_host_done_my_scope_device_upload(&host, 1); /* after its guest has gone: nothing happens */
    return 0;
}
