/*
 * A firmware for the world `panel`, on a desktop: values of every kind without addresses in them.
 */
#include "panel_host.h"
#include "start.h"

#include <inttypes.h>

#define ITEMS 3u

static struct my_panel_lamp_color in_places[4];
static struct my_panel_lamp_stamp out_places[4];
static struct rill_ring in_ring = RILL_RING_ON(in_places);
static struct rill_ring out_ring = RILL_RING_ON(out_places);
static uint8_t fed;

/// What the guest imports ///

bool my_panel_lamp_show(struct panel_host *of, const struct my_panel_lamp_color *color, enum my_panel_lamp_level level,
                        uint8_t channels, enum my_panel_lamp_level *result)
{
    (void)of;
    printf("show %u %u %u %g, level %u, channels %u\n", color->channel, color->level, color->value,
           (double)color->blend, (unsigned)level, channels);
    *result = color->value == 3 ? (enum my_panel_lamp_level)3 : MY_PANEL_LAMP_LEVEL_BRIGHT;
    return true;
}

bool my_panel_lamp_mix(struct panel_host *of, const struct my_panel_lamp_color *a, const struct panel_option_u16 *b,
                       struct my_panel_lamp_color *result)
{
    (void)of;
    *result = *a;
    if (b->is_some) {
        result->value = (uint16_t)(a->value + b->value.some);
    }
    return true;
}

bool my_panel_lamp_obey(struct panel_host *of, const struct my_panel_lamp_order *order,
                        struct panel_result_stamp_level *result)
{
    (void)of;
    printf("order %u", order->tag);
    switch (order->tag) {
    case MY_PANEL_LAMP_ORDER_GO:
        printf(", go %" PRIu32, order->value.go);
        break;
    case MY_PANEL_LAMP_ORDER_TO:
        printf(", to %u %g", order->value.to.value, (double)order->value.to.blend);
        break;
    case MY_PANEL_LAMP_ORDER_AT:
        printf(", at %u %" PRIu64, order->value.at.f0, order->value.at.f1);
        break;
    default:
        break;
    }
    printf("\n");
    result->is_error = order->tag == MY_PANEL_LAMP_ORDER_STOP;
    if (result->is_error) {
        result->value.error = MY_PANEL_LAMP_LEVEL_DIM;
    } else {
        result->value.ok.small = 250;
        result->value.ok.at = UINT64_C(1) << 40;
        result->value.ok.int_ = -5;
    }
    return true;
}

bool my_panel_lamp_swap(struct panel_host *of, const struct panel_tuple_u8_s64 *pair, struct panel_tuple_s64_u8 *result)
{
    (void)of;
    result->f0 = -pair->f1;
    result->f1 = pair->f0;
    return true;
}

bool my_panel_lamp_single(struct panel_host *of, const struct my_panel_lamp_one *one, uint8_t all,
                          struct my_panel_lamp_one *result)
{
    (void)of;
    printf("single U+%04" PRIX32 " %u\n", one->letter, all);
    result->letter = one->letter + 1u;
    return true;
}

/// The board ///

static void serve(void *context)
{
    struct my_panel_lamp_color color;

    (void)context;
    while (fed < ITEMS) {
        memset(&color, 0, sizeof color);
        color.channel = MY_PANEL_LAMP_CHANNEL_RED;
        color.level = MY_PANEL_LAMP_LEVEL_DIM;
        color.value = fed;
        color.blend = 0.5f;
        if (!rill_ring_put(&in_ring, &color)) {
            break;
        }
        fed++;
    }
    host.sources[0].is_over = fed == ITEMS;
}

static const struct rill_chip chip = {nothing, nothing, nothing, NULL, serve};

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "";
    struct my_panel_lamp_stamp add;
    struct my_panel_lamp_color color;
    struct my_panel_lamp_order order;
    struct panel_option_stamp stamp;
    struct my_panel_lamp_one one = {'a'};
    struct panel_result_none_level outcome;
    uint8_t *item;
    unsigned i;

    memset(&add, 0, sizeof add);
    memset(&order, 0, sizeof order);
    add.small = 10;
    add.at = UINT64_C(0x100000000);
    add.int_ = -7;
    tell("start", panel_host_init(&host, START_ENGINE, start(path), &chip, NULL));
    tell("run", panel_host_call_run(&host, &in_ring, &add, &out_ring));
    while (rill_ring_peek(&out_ring, &item) != 0) {
        memcpy(&add, item, sizeof add);
        printf("%u %" PRIu64 " %d\n", add.small, add.at, add.int_);
        rill_ring_skip(&out_ring, 1);
    }
    fed = 0;
    tell("last", panel_host_call_last(&host, &in_ring, &color));
    printf("%u %u %u %g\n", color.channel, color.level, color.value, (double)color.blend);
    for (i = 0; i < 5; i++) {
        memset(&order, 0, sizeof order);
        order.tag = (uint8_t)i;
        if (i == 1) {
            order.value.go = UINT32_MAX;
        } else if (i == 2) {
            order.value.to = color;
        } else if (i == 3) {
            order.value.at.f0 = 1;
            order.value.at.f1 = UINT64_MAX;
        }
        tell("ask", panel_host_call_ask(&host, &order, &stamp));
        if (i < 4 && stamp.is_some) {
            printf("%u %" PRId64 " %d\n", stamp.value.some.small, (int64_t)stamp.value.some.at, stamp.value.some.int_);
        }
    }
    tell("turn", panel_host_call_turn(&host, &one, MY_PANEL_LAMP_LEVEL_BRIGHT, &one));
    printf("U+%04" PRIX32 "\n", one.letter);
    tell("no level", panel_host_call_turn(&host, &one, (enum my_panel_lamp_level)3, &one));
    tell("first", panel_host_call_first(&host, MY_PANEL_LAMP_LEVEL_BRIGHT, &outcome));
    printf("%s %u\n", outcome.is_error ? "error" : "ok", outcome.value.error);
    fed = 2;
    color.value = 3;
    (void)rill_ring_put(&in_ring, &color);
    tell("bad answer", panel_host_call_run(&host, &in_ring, &add, &out_ring));
    panel_host_close(&host);
    return 0;
}
