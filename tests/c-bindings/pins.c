/*
 * A firmware for the world `pins`, on a desktop: with a guest that is C, or on WAMR.
 */
#include "pins_host.h"
#include "start.h"

#include <inttypes.h>

#define ITEMS 6u

static uint16_t in_places[4];
static uint32_t out_places[4];
static struct rill_ring in_ring = RILL_RING_ON(in_places);
static struct rill_ring out_ring = RILL_RING_ON(out_places);
static uint16_t fed;

/// What the guest imports ///

bool my_gpio_board_set(struct pins_host *of, uint8_t pin, bool on)
{
    printf("pin %u %s%s\n", pin, on ? "on" : "off", of == &host ? "" : " of a stranger");
    return true;
}

bool my_gpio_board_get(struct pins_host *of, uint8_t pin, int8_t default_, int8_t *result)
{
    int64_t nested = 0;

    /* A call within a call is refused, and ends nobody. */
    if (pins_host_call_add(of, 1, 1, &nested)) {
        return false;
    }
    *result = default_;
    if (pin == 255) {
        of->base.rings.host->trap = "there is no such pin";
    }
    return pin != 255;
}

bool my_gpio_board_mix(struct pins_host *of, uint32_t letter, float small, double large, int64_t wide, uint32_t *result)
{
    (void)of;
    printf("mix U+%04" PRIX32 " %g %g %" PRId64 "\n", letter, (double)small, large, wide);
    *result = letter == 'x' ? 0xd800u : letter + 1u;
    return true;
}

/// The board ///

static void drain(void)
{
    uint8_t *item;

    while (rill_ring_peek(&out_ring, &item) != 0) {
        uint32_t value;

        memcpy(&value, item, sizeof value);
        printf("%" PRIu32 "\n", value);
        rill_ring_skip(&out_ring, 1);
    }
}

/* In a firmware an interrupt fills one ring, and another one empties the other. */
static void serve(void *context)
{
    (void)context;
    drain();
    while (fed < ITEMS && rill_ring_put(&in_ring, &fed)) {
        fed++;
    }
    host.sources[0].is_over = fed == ITEMS;
}

static const struct rill_chip chip = {nothing, nothing, nothing, NULL, serve};

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "";
    int64_t sum = 0;
    int32_t total = 0;
    uint32_t letter = 0;

    tell("start", pins_host_init(&host, START_ENGINE, start(path), &chip, NULL));
    tell("watch", pins_host_call_watch(&host, &in_ring, 2, &out_ring));
    drain();
    fed = 0;
    tell("count", pins_host_call_count(&host, &in_ring, -10, &total));
    printf("%" PRId32 "\n", total);
    tell("add", pins_host_call_add(&host, 200, INT64_C(-70000000000), &sum));
    printf("%" PRId64 "\n", sum);
    tell("echo", pins_host_call_echo(&host, 'a', &letter));
    printf("U+%04" PRIX32 "\n", letter);
    tell("no letter", pins_host_call_echo(&host, 0xd800u, &letter));
    tell("bad answer", pins_host_call_echo(&host, 'x', &letter));
    tell("after a trap", pins_host_call_echo(&host, 'a', &letter));
    pins_host_close(&host);
    tell("again", pins_host_init(&host, START_ENGINE, start(path), &chip, NULL));
    tell("refused by the firmware", pins_host_call_add(&host, 255, 0, &sum));
    pins_host_close(&host);
    return 0;
}
