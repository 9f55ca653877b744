/*
 * A firmware for the world `crowd`, on a desktop: more parameters than core functions take, each way.
 */
#include "crowd_host.h"
#include "start.h"

#include <inttypes.h>

#define MOST 8u

static uint8_t tools[MOST]; /* the numbers of those in use; 0 is a free place */
static uint8_t byte_places[4];
static uint16_t value_places[2];
static struct rill_ring bytes = RILL_RING_ON(byte_places);
static struct rill_ring values = RILL_RING_ON(value_places);

/* Places of items with strings: each has its room. */
struct spot_place {
    RILL_ITEM_PLACE(struct my_crowd_parts_spot, 16) of;
};
struct text_place {
    RILL_ITEM_PLACE(struct rill_view, 8) of;
};
static struct spot_place spot_places[4];
static struct text_place text_places[3];
static uint32_t tool_places[4];
static uint32_t picked_places[4];
static struct rill_ring spot_ring = RILL_RING_ON(spot_places);
static struct rill_ring text_ring = RILL_RING_ON(text_places);
static struct rill_ring tool_ring = RILL_RING_ON(tool_places);
static struct rill_ring picked_ring = RILL_RING_ON(picked_places);
static bool is_finding;

static uint32_t make_tool(uint8_t number)
{
    uint32_t i = 0;

    while (tools[i] != 0u) {
        i++;
    }
    tools[i] = number;
    return i;
}

static unsigned tools_in_use(void)
{
    unsigned count = 0;
    uint32_t i;

    for (i = 0; i < MOST; i++) {
        count += tools[i] != 0u;
    }
    return count;
}

/// What the guest imports ///

bool my_crowd_parts_tool_new(struct crowd_host *of, uint8_t number, uint32_t *result)
{
    (void)of;
    *result = make_tool(number);
    return true;
}

bool my_crowd_parts_tool_number(struct crowd_host *of, uint32_t self, uint8_t *result)
{
    (void)of;
    *result = tools[self];
    return true;
}

void my_crowd_parts_tool_drop(struct crowd_host *of, uint32_t index)
{
    (void)of;
    tools[index] = 0;
}

bool my_crowd_parts_many(struct crowd_host *of, uint8_t a, int16_t b, float c, uint64_t d, enum my_crowd_parts_kind e,
                         const char *f, uint32_t f_length, const uint16_t *g, uint32_t g_length,
                         const struct my_crowd_parts_spot *h, const struct crowd_option_u32 *i, uint32_t j, uint32_t k,
                         struct rill_flow *l, bool m, struct rill_space *space, const char **result,
                         uint32_t *result_length)
{
    (void)of;
    l->ring = &bytes;
    printf("many %u %d %g %" PRIu64 " %u %.*s %" PRIu32 ":%u %d%.*s %" PRIu32 " %u%u %s\n", a, b, (double)c, d,
           (unsigned)e, (int)f_length, f, g_length, g[g_length - 1u], h->x, (int)h->name.length,
           (const char *)rill_view_in(space, h->name), i->is_some ? i->value.some : 0u, tools[j], tools[k],
           m ? "yes" : "no");
    *result = "done";
    *result_length = 4;
    my_crowd_parts_tool_drop(of, k);
    return true;
}

bool my_crowd_parts_find(struct crowd_host *of, struct rill_flow *spots, struct rill_flow *result)
{
    (void)of;
    spots->ring = &spot_ring;
    result->ring = &tool_ring;
    is_finding = true;
    return true;
}

/// The board ///

static void print_spots(void)
{
    uint8_t *place;

    while (rill_ring_peek(&spot_ring, &place) != 0) {
        struct spot_place *spot = (struct spot_place *)(void *)place;
        const struct rill_space space = RILL_SPACE_ON(spot->of.room);
        const uint32_t tool = make_tool((uint8_t)(5 + spot->of.item.value.x));

        printf("%d %.*s\n", spot->of.item.value.x, (int)spot->of.item.value.name.length,
               (const char *)rill_view_in(&space, spot->of.item.value.name));
        rill_ring_skip(&spot_ring, 1);
        (void)rill_ring_put(&tool_ring, &tool);
    }
}

static void sleep_until_interrupt(void)
{
    const uint16_t value = 500;

    (void)rill_ring_put(&values, &value);
    if (is_finding) {
        print_spots();
    }
    host.call_names.spots.is_over = 1;
    host.call_pick.tools.is_over = 1;
}

static void serve(void *context)
{
    static uint8_t next = 1;

    (void)context;
    while (next < 6u && rill_ring_put(&bytes, &next)) {
        next++;
    }
    host.sources[0].is_over = next == 6u;
}

static const struct rill_chip chip = {nothing, nothing, sleep_until_interrupt, NULL, serve};
static uint64_t room[8];

static void call(const char *what, uint32_t lent, uint8_t kind, uint32_t name_length, bool is_task)
{
    static const uint16_t list[] = {1, 2, 3};
    struct rill_space space = RILL_SPACE_ON(room);
    struct my_crowd_parts_spot spot;
    struct crowd_option_u32 option;
    char said[200];
    uint32_t length = 0;
    bool is_done;

    memset(&spot, 0, sizeof spot);
    memset(&option, 0, sizeof option);
    spot.x = -8;
    (void)rill_view_put(&space, &spot.name, "here", 4, 1);
    spot.name.length = name_length;
    option.is_some = true;
    option.value.some = 4000000000u;
    is_done = is_task ? crowd_host_call_later(&host, 250, -300, 0.5f, UINT64_C(1) << 40, (enum my_crowd_parts_kind)kind,
                                              "text", 4, list, 3, &spot, &option, lent, make_tool(2), &bytes, &values,
                                              &space, said, sizeof said, &length)
                      : crowd_host_call_all(&host, 250, -300, 0.5f, UINT64_C(1) << 40, (enum my_crowd_parts_kind)kind,
                                            "text", 4, list, 3, &spot, &option, lent, make_tool(2), true, &space, said,
                                            sizeof said, &length);
    tell(what, is_done);
    if (is_done) {
        printf("%.*s\n", (int)length, said);
    }
    printf("in use: %u\n", tools_in_use());
}

static void put_spot(const char *name, uint32_t length)
{
    struct spot_place place;
    struct rill_space space = RILL_SPACE_ON(place.of.room);

    memset(&place, 0, sizeof place);
    (void)rill_view_put(&space, &place.of.item.value.name, name, length, 1);
    (void)rill_ring_put(&spot_ring, &place);
}

static void print_texts(void)
{
    uint8_t *place;

    while (rill_ring_peek(&text_ring, &place) != 0) {
        struct text_place *text = (struct text_place *)(void *)place;
        const struct rill_space space = RILL_SPACE_ON(text->of.room);

        printf("%.*s\n", (int)text->of.item.value.length, (const char *)rill_view_in(&space, text->of.item.value));
        rill_ring_skip(&text_ring, 1);
    }
}

/* Items with strings, and with handles. */
static void run_items(const char *path)
{
    uint8_t *item;
    uint32_t tool;

    tell("start", crowd_host_init(&host, START_ENGINE, start(path), &chip, NULL));
    put_spot("here", 4);
    put_spot("there", 5);
    tell("names", crowd_host_call_names(&host, &spot_ring, &text_ring));
    print_texts();
    tool = make_tool(7);
    (void)rill_ring_put(&tool_ring, &tool);
    tool = make_tool(8);
    (void)rill_ring_put(&tool_ring, &tool);
    tell("pick", crowd_host_call_pick(&host, &tool_ring, &picked_ring));
    while (rill_ring_peek(&picked_ring, &item) != 0) {
        memcpy(&tool, item, sizeof tool);
        printf("picked %u\n", tools[tool]);
        my_crowd_parts_tool_drop(&host, tool);
        rill_ring_skip(&picked_ring, 1);
    }
    printf("in use: %u\n", tools_in_use());
    tell("fetch", crowd_host_call_fetch(&host, 3, &text_ring));
    print_texts();
    printf("in use: %u\n", tools_in_use());
    put_spot("somewhere else", 14);
    tell("longer than its room", crowd_host_call_names(&host, &spot_ring, &text_ring));
    crowd_host_close(&host);
    tell("start", crowd_host_init(&host, START_ENGINE, start(path), &chip, NULL));
    tell("a ring without room", crowd_host_call_names(&host, &spot_ring, &bytes));
    crowd_host_close(&host);
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "";
    const uint32_t lent = make_tool(1);

    tell("start", crowd_host_init(&host, START_ENGINE, start(path), &chip, NULL));
    call("all", lent, MY_CROWD_PARTS_KIND_HIGH, 4, false);
    call("later", lent, MY_CROWD_PARTS_KIND_LOW, 4, true);
    call("no kind", lent, 3, 4, false);
    my_crowd_parts_tool_drop(&host, 1); /* refused: it is still the firmware's */
    call("out of the space", lent, MY_CROWD_PARTS_KIND_LOW, 1000, false);
    crowd_host_close(&host);
    printf("in use: %u\n", tools_in_use());
    memset(tools, 0, sizeof tools);
    run_items(path);
    return 0;
}
