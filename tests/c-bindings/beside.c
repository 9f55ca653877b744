/*
 * A firmware for the world `beside`, on a desktop: several calls of one imported function under way, which end in any
 * order; numbers that are of no call.
 */
#include "beside_host.h"
#include "start.h"

#include <inttypes.h>
#include <stdlib.h>

#define MOST 8u

enum what { NOTHING, WAITS, DIALS, FETCHES, UPLOADS };

/* What the guest has asked for: the last one ends first. */
static struct asked {
    enum what what;
    uint32_t call;
    uint32_t number;
    struct rill_space *space;
} asked[MOST];
static uint32_t asked_count;
static uint32_t last; /* the call that has ended last */
static bool links[4];
static uint32_t links_made;
static uint8_t byte_places[2][4];
static struct rill_ring rings[2] = {RILL_RING_ON(byte_places[0]), RILL_RING_ON(byte_places[1])};
static struct rill_flow *flows[2];
static uint32_t received[2];
static bool is_too_long;
static bool is_slow;
static unsigned naps;

static const char *said(enum rill_ended how)
{
    static const char *const texts[] = {"well", "before", "no call", "unasked", "too long"};

    return texts[how];
}

static bool ask(enum what what, uint32_t call, uint32_t number, struct rill_space *space)
{
    struct asked *one = &asked[asked_count++];

    one->what = what;
    one->call = call;
    one->number = number;
    one->space = space;
    return true;
}

/// What the guest imports ///

bool my_beside_net_wait_for(struct beside_host *of, uint32_t call, uint32_t milliseconds)
{
    if (milliseconds == 60) {
        printf("at once: %s\n", said(beside_host_done_my_beside_net_wait_for(of, call, milliseconds)));
        printf("at once again: %s\n", said(beside_host_done_my_beside_net_wait_for(of, call, milliseconds)));
        return true;
    }
    printf("gave up unasked: %s\n", said(beside_host_cancelled_my_beside_net_wait_for(of, call)));
    return ask(WAITS, call, milliseconds, NULL);
}

bool my_beside_net_dial(struct beside_host *of, uint32_t call, uint8_t to)
{
    (void)of;
    return ask(DIALS, call, to, NULL);
}

bool my_beside_net_fetch(struct beside_host *of, uint32_t call, uint32_t over, const char *path, uint32_t path_length,
                         struct rill_space *space)
{
    (void)of;
    printf("fetch %.*s over %" PRIu32 "\n", (int)path_length, path, over);
    return ask(FETCHES, call, over, space);
}

bool my_beside_net_upload(struct beside_host *of, uint32_t call_2, struct rill_flow *bytes, uint8_t call)
{
    (void)of;
    bytes->ring = &rings[call - 1];
    flows[call - 1] = bytes;
    received[call - 1] = 0;
    return ask(UPLOADS, call_2, call, NULL);
}

void my_beside_net_link_drop(struct beside_host *of, uint32_t index)
{
    (void)of;
    printf("drop link %" PRIu32 "\n", index);
    links[index] = false;
}

/// The board ///

static void give_up(struct beside_host *of, uint32_t call)
{
    uint32_t i;

    for (i = 0; i < asked_count; i++) {
        if (asked[i].call == call) {
            asked[i] = asked[--asked_count];
        }
    }
    printf("gave up: %s\n", said(beside_host_cancelled_my_beside_net_wait_for(of, call)));
    printf("gave up again: %s\n", said(beside_host_cancelled_my_beside_net_wait_for(of, call)));
}

static enum rill_ended fetched(const struct asked *one)
{
    static const char texts[2][16] = {"the first page", "another page"};
    struct beside_result_string_u16 answer;
    uint64_t own[64];
    struct rill_space space = RILL_SPACE_ON(own);

    memset(&answer, 0, sizeof answer);
    if (is_too_long) {
        memset(own, 'x', sizeof own);
        (void)rill_view_put(&space, &answer.value.ok, own, 400, 1);
        return beside_host_done_my_beside_net_fetch(&host, one->call, &answer, &space);
    }
    if (!rill_view_put(one->space, &answer.value.ok, texts[one->number & 1u], (uint32_t)strlen(texts[one->number & 1u]),
                       1)) {
        exit(1);
    }
    return beside_host_done_my_beside_net_fetch(&host, one->call, &answer, one->space);
}

static enum rill_ended dialed(const struct asked *one)
{
    const uint32_t index = links_made++ % 4u;

    links[index] = true;
    return beside_host_done_my_beside_net_dial(&host, one->call, index);
}

/** Ends a call. */
static void end(const struct asked *one)
{
    enum rill_ended how = RILL_ENDED_WELL;

    switch (one->what) {
    case WAITS:
        how = beside_host_done_my_beside_net_wait_for(&host, one->call, one->number * 10u);
        break;
    case DIALS:
        how = dialed(one);
        break;
    case FETCHES:
        how = fetched(one);
        break;
    case UPLOADS:
        how = beside_host_done_my_beside_net_upload(&host, one->call, received[one->number - 1u]);
        break;
    default:
        break;
    }
    printf("ended %" PRIu32 ": %s\n", one->number, said(how));
    last = one->call;
}

/* What interrupts would do while the core sleeps. */
static void sleep_until_interrupt(void)
{
    uint32_t i;

    for (i = 0; i < 2u; i++) {
        uint8_t *items;
        uint32_t count;

        while ((count = rill_ring_peek(&rings[i], &items)) != 0u) {
            received[i] += count;
            rill_ring_skip(&rings[i], count);
        }
    }
    if (asked_count != 0u) {
        struct asked *one = &asked[asked_count - 1u];

        if (one->what == UPLOADS && rill_flow_is_open(flows[one->number - 1u])) {
            struct asked other = asked[0]; /* the other one first */

            asked[0] = *one;
            *one = other;
        }
        if (one->what != UPLOADS || !rill_flow_is_open(flows[one->number - 1u])) {
            asked_count--;
            end(one);
        }
    }
    if (naps++ > 100u) {
        puts("waits for ever");
        exit(1);
    }
}

static void hold(void)
{
    host.base.rings.host->trap = "the board has had enough";
}

static void nap(void)
{
    if (is_slow) {
        hold();
    } else {
        sleep_until_interrupt();
    }
}

static const struct rill_chip chip = {nothing, nothing, nap, NULL, NULL};

static void begin(const char *path)
{
    beside_host_close(&host);
    asked_count = 0;
    naps = 0;
    is_too_long = false;
    is_slow = false;
    host.my_beside_net_wait_for.on_cancel = give_up;
    tell("start", beside_host_init(&host, START_ENGINE, start(path), &chip, NULL));
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "";
    uint32_t sum = 0;
    uint32_t kept;
    char text[64];
    uint32_t length = 0;

    begin(path);
    tell("three at once", beside_host_call_wait_all(&host, 3, &sum));
    printf("%" PRIu32 "\n", sum);
    kept = last;
    printf("once more: %s\n", said(beside_host_done_my_beside_net_wait_for(&host, kept, 1)));
    tell("one", beside_host_call_wait_all(&host, 1, &sum));
    printf("%" PRIu32 ", the place has another call: %s\n", sum,
           said(beside_host_done_my_beside_net_wait_for(&host, kept, 1)));
    printf("no place: %s, no call: %s\n", said(beside_host_done_my_beside_net_wait_for(&host, 0x10009u, 1)),
           said(beside_host_cancelled_my_beside_net_wait_for(&host, 0)));
    tell("fetch two", beside_host_call_fetch_two(&host, text, sizeof text, &length));
    printf("%.*s\n", (int)length, text);
    tell("upload two", beside_host_call_upload_two(&host, 9, &sum));
    printf("%" PRIu32 "\n", sum);
    tell("upload two", beside_host_call_upload_two(&host, 2, &sum));
    printf("%" PRIu32 "\n", sum);
    tell("give up", beside_host_call_give_up(&host, &sum));
    printf("%" PRIu32 "\n", sum);

    /* What goes wrong. */
    tell("one more than there are places", beside_host_call_wait_all(&host, 4, &sum));
    printf("trapped: %s\n", said(beside_host_done_my_beside_net_wait_for(&host, asked[0].call, 1)));
    begin(path);
    is_too_long = true;
    tell("too long", beside_host_call_fetch_two(&host, text, sizeof text, &length));
    begin(path);
    is_slow = true;
    tell("ended midway", beside_host_call_wait_all(&host, 2, &sum));
    printf("trapped: %s\n", said(beside_host_done_my_beside_net_wait_for(&host, asked[0].call, 1)));
    kept = asked[0].call;
    begin(path);
    printf("its guest has gone: %s\n", said(beside_host_done_my_beside_net_wait_for(&host, kept, 1)));
    tell("two at once", beside_host_call_wait_all(&host, 2, &sum));
    printf("%" PRIu32 ", its guest has gone: %s\n", sum, said(beside_host_done_my_beside_net_wait_for(&host, kept, 1)));
    beside_host_close(&host);
    return 0;
}
