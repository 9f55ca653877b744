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

static struct rill_ring ticks = RILL_RING_OF(3);
static struct rill_ring echoes = RILL_RING_OF(9);
static struct rill_ring signs = RILL_RING_OF(1);

static uint16_t next_heard;
static struct rill_flow *tuning;
static bool is_warming;
static uint32_t offered;
static struct scope_tuple_stream_future_u32 later;
static bool is_answering;
static const struct my_scope_device_track *packed;
static unsigned ticks_left;
static volatile uint8_t *ticks_are_over;
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

bool my_scope_device_tick(struct scope_host *of, struct rill_flow *result)
{
    (void)of;
    result->ring = &ticks;
    ticks_left = 7;
    ticks_are_over = &result->is_over;
    return true;
}

bool my_scope_device_tune(struct scope_host *of, uint8_t channel, struct rill_flow *result)
{
    (void)of;
    printf("tune to %u\n", channel);
    next_heard = channel;
    heard_until = (uint16_t)(channel + 6u);
    tuning = result;
    return true;
}

bool my_scope_device_warm(struct scope_host *of, struct rill_flow *result)
{
    result->ring = answers == OTHER_ITEMS ? &bytes : &signs;
    scope_host_done_my_scope_device_warm(of); /* at once: it is warm later */
    is_warming = true;
    return true;
}

bool my_scope_device_store(struct scope_host *of, const struct my_scope_device_track *track,
                           struct scope_result_stream_u16_u8 *result)
{
    printf("store %u: into other items %d", track->id, rill_ends_read(&of->ends, track->samples, &bytes));
    printf(", read %d", rill_ends_read(&of->ends, track->samples, &played));
    printf(", again %d\n", rill_ends_read(&of->ends, track->samples, &played));
    result->is_error = false;
    result->value.ok = answers == NO_RING ? track->samples : rill_ends_offer(&of->ends, &heard);
    offered = result->value.ok;
    next_heard = 1;
    heard_until = 5;
    return true;
}

bool my_scope_device_later(struct scope_host *of, uint8_t id)
{
    (void)id;
    later.f0 = rill_ends_offer(&of->ends, &ticks);
    later.f1 = rill_ends_offer(&of->ends, &calibrated);
    ticks_left = 5;
    is_answering = true;
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
    while (ticks_left > 0u && rill_ring_put(&ticks, "") != 0) {
        ticks_left--;
    }
    if (ticks_are_over != NULL) {
        *ticks_are_over = ticks_left == 0u;
    }
    if (is_warming) {
        is_warming = false;
        (void)rill_ring_put(&signs, "");
    }
    if (packed != NULL && packed->samples != 0u) {
        printf("read %d", rill_ends_read(&host.ends, packed->samples, &played));
        printf(", %d\n", rill_ends_read(&host.ends, packed->sum.value.some, &calibrated));
        packed = NULL;
    }
    if (offered != 0u && next_heard == heard_until) {
        (void)rill_ends_over(&host.ends, offered);
    }
    if (later.f0 != 0u && ticks_left == 0u) {
        printf("over %d\n", rill_ends_over(&host.ends, later.f0));
        (void)rill_ring_put(&calibrated, &value);
        later.f0 = 0;
    }
    if (is_answering) {
        is_answering = false;
        scope_host_done_my_scope_device_later(&host, &later);
    }
    if (tuning != NULL && tuning->ring == NULL) {
        tuning->ring = &heard;
        scope_host_done_my_scope_device_tune(&host);
        return;
    }
    if (next_heard < heard_until) {
        (void)rill_ring_put(&heard, &next_heard);
        next_heard++;
        (tuning != NULL ? tuning : &host.my_scope_device_listen.result)->is_over = next_heard == heard_until;
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
    tuning = NULL;
    ticks_are_over = NULL;
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

/* Streams and futures without element type, and those that are known when a function is done. */
static void run_without_values(const char *path)
{
    uint32_t count = 0;

    begin(path);
    (void)rill_ring_put(&signs, "");
    ticks_left = 7;
    ticks_are_over = &host.call_echo.ticks.is_over;
    tell("echo", scope_host_call_echo(&host, &ticks, &signs, &echoes));
    printf("%" PRIu32 "\n", items_in(&echoes));
    tell("tuned", scope_host_call_tuned(&host, 20, &count));
    printf("%" PRIu32 "\n", count);
    answers = OTHER_ITEMS;
    tell("a ring of bytes", scope_host_call_tuned(&host, 20, &count));
}

/* Functions that are not async: what they are given goes on after the call. */
static void run_loops(const char *path)
{
    struct rill_flow given = {0};
    struct rill_flow taken = {0};
    struct rill_flow go = {0};
    struct rill_flow went = {0};
    uint32_t count = 0;
    uint16_t value = 5;

    begin(path);
    rill_ring_init(&begins, begin_places, 3, sizeof begin_places[0]);
    given.ring = &begins;
    taken.ring = &heard;
    go.ring = &signs;
    tell("loop", scope_host_call_loop(&host, &given, &go, &taken));
    printf("%d %d %d\n", rill_flow_is_open(&given), rill_flow_is_open(&go), rill_flow_is_open(&taken));
    tell("loop while it is open", scope_host_call_loop(&host, &given, &go, &taken));
    (void)rill_ring_put(&begins, &value);
    given.is_over = 1;
    tell("send", scope_host_call_send(&host, 3, &count));
    printf("%" PRIu32 " went through, %d\n", items_in(&heard), rill_flow_is_open(&taken));
    given.is_over = 0;
    tell("twice the same", scope_host_call_loop(&host, &given, &go, &given));
    printf("%d\n", rill_flow_is_open(&go));
    rill_ring_skip(&heard, items_in(&heard));
    value = 300;
    (void)rill_ring_put(&begins, &value);
    go.ring = &heard;
    (void)rill_ring_put(&heard, &value);
    given.ring = &begins;
    given.is_over = 1;
    tell("keep", scope_host_call_keep(&host, &given, &go, &went));
    tell("kept", scope_host_call_kept(&host, &count));
    printf("%" PRIu32 "\n", count);
}

static uint32_t in_use(void)
{
    uint32_t count = 0;
    uint32_t i;

    for (i = 0; i < SCOPE_HOST_ENDS; i++) {
        count += host.end_places[i].state != 0u;
    }
    return count;
}

/* Streams and futures inside of values. */
static void run_values(const char *path)
{
    const int16_t samples[2] = {100, 200};
    struct my_scope_device_track track;
    struct my_scope_device_track answer;
    struct scope_tuple_stream_s16_future_u32 both;
    struct scope_tuple_future_u32_stream_s16 turned;
    uint32_t count = 0;
    uint32_t i;

    begin(path);
    memset(&track, 0, sizeof track);
    memset(&answer, 0, sizeof answer);
    rill_ring_init(&calibrated, calibrated_places, 2, sizeof calibrated_places[0]);
    rill_ring_init(&heard, heard_places, 4, sizeof heard_places[0]);
    rill_ring_init(&begins, begin_places, 3, sizeof begin_places[0]);
    rill_ring_init(&played, played_places, 4, sizeof played_places[0]);
    (void)rill_ring_put(&played, &samples[0]);
    (void)rill_ring_put(&played, &samples[1]);
    track.id = 7;
    track.samples = rill_ends_offer(&host.ends, &played);
    (void)rill_ends_over(&host.ends, track.samples);
    track.sum.is_some = true;
    track.sum.value.some = track.samples;
    tell("one twice", scope_host_call_pack(&host, 5, &track, &answer));
    track.sum.value.some = 12345;
    tell("none", scope_host_call_pack(&host, 5, &track, &answer));
    track.sum.value.some = rill_ends_offer(&host.ends, &bytes);
    tell("another ring", scope_host_call_pack(&host, 5, &track, &answer));
    printf("%d, drop %d", rill_ends_is_open(&host.ends, track.samples),
           rill_ends_drop(&host.ends, track.sum.value.some));
    printf(", again %d\n", rill_ends_drop(&host.ends, track.sum.value.some));
    count = 30;
    (void)rill_ring_put(&calibrated, &count);
    track.sum.value.some = rill_ends_offer(&host.ends, &calibrated);
    printf("read what is offered: %d\n", rill_ends_read(&host.ends, track.samples, &played));
    packed = &answer;
    tell("pack", scope_host_call_pack(&host, 5, &track, &answer));
    take_all();
    rill_ring_skip(&calibrated, items_in(&calibrated));
    printf("%u, %" PRIu32 ", %d %d\n", answer.id, calibrated_places[1], rill_ends_is_open(&host.ends, track.samples),
           rill_ends_is_open(&host.ends, answer.samples));
    tell("unpack", scope_host_call_unpack(&host, 6, &count));
    printf("%" PRIu32 "\n", count);

    rill_ring_skip(&calibrated, items_in(&calibrated));
    both.f0 = rill_ends_offer(&host.ends, &played);
    both.f1 = rill_ends_offer(&host.ends, &calibrated);
    tell("turn", scope_host_call_turn(&host, &both, &turned));
    tell("turn again", scope_host_call_turn(&host, &both, &turned));
    both.f0 = turned.f1;
    both.f1 = turned.f0;
    tell("turn what came", scope_host_call_turn(&host, &both, &turned));
    printf("%d %d\n", rill_ends_is_open(&host.ends, both.f0), rill_ends_is_open(&host.ends, turned.f0));
    for (i = 0; rill_ends_offer(&host.ends, &played) != 0u; i++) {
    }
    printf("%" PRIu32 " more\n", i);
    tell("unpack without places", scope_host_call_unpack(&host, 6, &count));
    scope_host_close(&host);
    printf("in use: %" PRIu32 ", %d\n", in_use(), rill_ends_drop(&host.ends, turned.f0));
    begin(path);
    answers = NO_RING;
    tell("passed on while it is read", scope_host_call_unpack(&host, 2, &count));
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
    run_without_values(path);
    run_loops(path);
    run_values(path);
    scope_host_close(&host);
    scope_host_done_my_scope_device_upload(&host, 1); /* after its guest has gone: nothing happens */
    return 0;
}
