/*
 * A firmware for the world `arrays`, on a desktop: lists of fixed length, alone, in values and as items.
 */
#include "arrays_host.h"
#include "start.h"

#include <inttypes.h>

static struct arrays_list_u16_3 three_places[4];
static struct arrays_list_s32_2 sum_places[4];
static struct rill_ring threes = RILL_RING_ON(three_places);
static struct rill_ring sums = RILL_RING_ON(sum_places);
static struct my_arrays_radio_mac asked;
static bool is_asked;
static bool has_no_band;

static void print_mac(const char *what, const struct my_arrays_radio_mac *mac)
{
    unsigned i;

    printf("%s", what);
    for (i = 0; i < 6u; i++) {
        printf("%c%02x", i == 0u ? ' ' : ':', mac->items[i]);
    }
    printf("\n");
}

static void print_frame(const char *what, const struct my_arrays_radio_frame *frame, const struct rill_space *space)
{
    print_mac(what, &frame->to);
    printf("%g %g %.*s %.*s %u%u%u\n", (double)frame->gains.items[0], (double)frame->gains.items[1],
           (int)frame->names.items[0].length, (const char *)rill_view_in(space, frame->names.items[0]),
           (int)frame->names.items[1].length, (const char *)rill_view_in(space, frame->names.items[1]),
           frame->bands.items[0], frame->bands.items[1], frame->bands.items[2]);
}

/// What the guest imports ///

bool my_arrays_radio_send(struct arrays_host *of, const struct my_arrays_radio_frame *frame, struct rill_space *space,
                          struct arrays_list_u16_3 *result)
{
    (void)of;
    print_frame("send", frame, space);
    result->items[0] = 10;
    result->items[1] = 20;
    result->items[2] = 30;
    return true;
}

bool my_arrays_radio_ask(struct arrays_host *of, const struct my_arrays_radio_mac *mac)
{
    (void)of;
    asked = *mac;
    is_asked = true;
    return true;
}

bool my_arrays_radio_scan(struct arrays_host *of, const struct my_arrays_radio_mac **result, uint32_t *result_length)
{
    static const struct my_arrays_radio_mac seen[2] = {{{1, 2, 3, 4, 5, 6}}, {{7, 8, 9, 10, 11, 12}}};

    (void)of;
    *result = seen;
    *result_length = 2;
    return true;
}

/// The board ///

static void sleep_until_interrupt(void)
{
    if (is_asked) {
        is_asked = false;
        print_mac("asked", &asked);
        asked.items[5] = (uint8_t)(asked.items[5] + 100u);
        arrays_host_done_my_arrays_radio_ask(&host, &asked);
    }
}

static void serve(void *context)
{
    static uint16_t next = 1;

    (void)context;
    while (next < 4u) {
        struct arrays_list_u16_3 three;

        three.items[0] = next;
        three.items[1] = 1000;
        three.items[2] = 60000;
        if (!rill_ring_put(&threes, &three)) {
            return;
        }
        next++;
    }
    host.sources[0].is_over = 1;
}

static const struct rill_chip chip = {nothing, nothing, sleep_until_interrupt, NULL, serve};
static uint64_t room[16];

static void turn(const char *what)
{
    struct rill_space space = RILL_SPACE_ON(room);
    struct my_arrays_radio_frame frame;
    struct my_arrays_radio_frame turned;
    uint8_t i;

    memset(&frame, 0, sizeof frame);
    memset(&turned, 0, sizeof turned);
    for (i = 0; i < 6u; i++) {
        frame.to.items[i] = (uint8_t)(0xa0u + i);
    }
    frame.gains.items[0] = 0.5f;
    frame.gains.items[1] = -2.0f;
    (void)rill_view_put(&space, &frame.names.items[0], "left", 4, 1);
    (void)rill_view_put(&space, &frame.names.items[1], "right", 5, 1);
    frame.bands.items[0] = MY_ARRAYS_RADIO_BAND_HIGH;
    frame.bands.items[2] = has_no_band ? 2u : 0u;
    if (arrays_host_call_turn(&host, &frame, &space, &turned)) {
        print_frame("turned", &turned, &space);
    }
    tell(what, host.base.rings.host->trap == NULL);
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "";
    struct arrays_option_mac first;
    struct my_arrays_radio_mac all[4];
    uint32_t count = 0;
    uint32_t i;
    uint8_t *item;

    tell("start", arrays_host_init(&host, START_ENGINE, start(path), &chip, NULL));
    turn("turn");
    memset(&first, 0, sizeof first);
    first.is_some = true;
    first.value.some.items[5] = 77;
    tell("ask all", arrays_host_call_ask_all(&host, &first, all, 4, &count));
    for (i = 0; i < count; i++) {
        print_mac("answered", &all[i]);
    }
    tell("sums", arrays_host_call_sums(&host, &threes, &sums));
    while (rill_ring_peek(&sums, &item) != 0) {
        struct arrays_list_s32_2 sum;

        memcpy(&sum, item, sizeof sum);
        printf("%" PRId32 " %" PRId32 "\n", sum.items[0], sum.items[1]);
        rill_ring_skip(&sums, 1);
    }
    has_no_band = true;
    turn("no band");
    arrays_host_close(&host);
    return 0;
}
