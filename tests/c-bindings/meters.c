/*
 * A firmware for the world `meters`, on a desktop: it holds resources that the guest implements, and tries what it must
 * not: handles that are dropped, handed over, of another type, of an earlier guest, or none.
 */
#include "meters_host.h"
#include "start.h"

#include <inttypes.h>
#include <stdlib.h>

#define NONE UINT32_C(0x12345678)

static uint64_t room[64];
static uint32_t held; /* what the firmware uses while the guest runs */
static bool is_asked; /* the guest waits for an answer */

static const char *text_of(enum rill_held how)
{
    return how == RILL_HELD ? "held" : how == RILL_HELD_LENT ? "lent" : "not held";
}

static void look(const char *what, uint32_t handle)
{
    printf("%s: %s\n", what, text_of(meters_host_held_meter(&host, handle)));
}

static uint32_t make(uint32_t start)
{
    uint32_t meter = NONE;

    if (!meters_host_call_meter_new(&host, start, &meter)) {
        tell("new", false);
    }
    return meter;
}

static void print_alive(void)
{
    uint32_t count = 0;

    tell("alive", meters_host_call_alive(&host, &count));
    printf("%" PRIu32 "\n", count);
}

/// What the guest imports ///

bool my_meters_help_lamp_new(struct meters_host *of, uint8_t number, uint32_t *result)
{
    (void)of;
    *result = number;
    return true;
}

bool my_meters_help_lamp_on(struct meters_host *of, uint32_t self)
{
    (void)of;
    printf("lamp %" PRIu32 " on\n", self);
    return true;
}

void my_meters_help_lamp_drop(struct meters_host *of, uint32_t index)
{
    (void)of;
    printf("lamp %" PRIu32 " dropped\n", index);
}

bool my_meters_help_light(struct meters_host *of, const struct meters_list_lamp_2 *lamps,
                          const struct meters_tuple_u8_list_lamp_2 *lent, struct meters_list_lamp_2 *result)
{
    (void)of;
    printf("light %" PRIu32 " and %" PRIu32 ", beside %u: %" PRIu32 " and %" PRIu32 "\n", lamps->items[0],
           lamps->items[1], lent->f0, lent->f1.items[0], lent->f1.items[1]);
    result->items[0] = 10u + lamps->items[0];
    result->items[1] = 10u + lamps->items[1];
    return true;
}

bool my_meters_help_now(struct meters_host *of, uint32_t *result)
{
    uint32_t value = 0;

    *result = 0;
    if (held != 0u) {
        tell("read inside of a call", meters_host_call_meter_read(of, held, &value));
        tell("drop inside of a call", meters_host_drop_meter(of, held));
        look("inside of a call", held);
    }
    return true;
}

bool my_meters_help_wait(struct meters_host *of)
{
    (void)of;
    look("once the guest has it", held);
    is_asked = true;
    return true;
}

/// The board ///

static void sleep_until_interrupt(void)
{
    if (is_asked) {
        is_asked = false;
        meters_host_done_my_meters_help_wait(&host, 1000);
    }
}

static const struct rill_chip chip = {nothing, nothing, sleep_until_interrupt, NULL, NULL};

static void begin(const char *path)
{
    meters_host_close(&host);
    held = 0;
    tell("start", meters_host_init(&host, START_ENGINE, start(path), &chip, NULL));
}

/// What goes well ///

static void use(void)
{
    static uint32_t places[4];
    static struct rill_ring ring = RILL_RING_ON(places);
    struct my_meters_made_pair pair = {0, 0};
    const uint32_t pulses[3] = {100, 200, 300};
    uint32_t a = make(1);
    uint32_t b = make(20);
    uint32_t value = 0;

    look("new", a);
    tell("add", meters_host_call_meter_add(&host, a, 2, &value));
    tell("read", meters_host_call_meter_read(&host, a, &value));
    printf("%" PRIu32 "\n", value);
    (void)rill_ring_put(&ring, &pulses[0]);
    (void)rill_ring_put(&ring, &pulses[1]);
    (void)rill_ring_put(&ring, &pulses[2]);
    host.sources[0].is_over = 1;
    tell("fill", meters_host_call_meter_fill(&host, a, &ring, &value));
    printf("%" PRIu32 "\n", value);
    value = a;
    tell("merge", meters_host_call_meter_merge(&host, a, b, &a));
    look("handed over", value);
    look("handed over as well", b);
    look("merged", a);
    tell("split", meters_host_call_split(&host, a, &pair));
    tell("read", meters_host_call_meter_read(&host, pair.second, &value));
    printf("%" PRIu32 "\n", value);
    print_alive();
    tell("drop", meters_host_drop_meter(&host, pair.first));
    print_alive();
    tell("drop", meters_host_drop_meter(&host, pair.second));
    print_alive();
}

/** Lists and arrays, lent and handed over. */
static void use_many(void)
{
    struct rill_space space = RILL_SPACE_ON(room);
    struct rill_view list = {0, 0};
    struct meters_list_meter_3 three = {{0}};
    struct meters_list_meter_3_2 lent;
    struct meters_tuple_meter_meter two;
    struct meters_option_meter best;
    uint32_t value = 0;
    const uint32_t *each;

    tell("row", meters_host_call_row(&host, 3, &space, &list));
    each = (const uint32_t *)rill_view_in(&space, list);
    memcpy(three.items, each, sizeof three.items);
    two.f0 = three.items[0];
    two.f1 = three.items[0];
    tell("total", meters_host_call_total(&host, &list, &two, &space, &value));
    printf("%" PRIu32 "\n", value);
    look("after the call", three.items[0]);
    memcpy(lent.items, three.items, sizeof lent.items);
    tell("of three", meters_host_call_of_three(&host, &lent, &value));
    printf("%" PRIu32 "\n", value);
    tell("turn", meters_host_call_turn(&host, &three, &three));
    look("old", lent.items[0]);
    memcpy(lent.items, three.items, sizeof lent.items);
    tell("of three", meters_host_call_of_three(&host, &lent, &value));
    printf("%" PRIu32 "\n", value);
    memset(&best, 0, sizeof best);
    best.is_some = true;
    best.value.some = make(50);
    held = three.items[1];
    space.used = 0;
    (void)rill_view_put(&space, &list, three.items, 3, sizeof three.items[0]);
    tell("sum", meters_host_call_sum(&host, &list, &best, &space, &value));
    held = value;
    tell("read", meters_host_call_meter_read(&host, held, &value));
    printf("%" PRIu32 "\n", value);
    print_alive();
    tell("drop", meters_host_drop_meter(&host, held));
    held = 0;
    print_alive();
}

/** One resource that holds others. */
static void use_shelf(void)
{
    struct meters_option_meter taken;
    uint32_t shelf = NONE;
    uint32_t value = 0;

    tell("shelf", meters_host_call_shelf_new(&host, &shelf));
    tell("put", meters_host_call_shelf_put(&host, shelf, make(3)));
    tell("put", meters_host_call_shelf_put(&host, shelf, make(4)));
    held = make(5);
    tell("sum", meters_host_call_shelf_sum(&host, shelf, held, &value));
    printf("%" PRIu32 "\n", value);
    tell("take", meters_host_call_shelf_take(&host, shelf, &taken));
    tell("read", meters_host_call_meter_read(&host, taken.value.some, &value));
    printf("%" PRIu32 "\n", value);
    tell("put", meters_host_call_shelf_put(&host, shelf, taken.value.some));
    printf("a meter is a shelf: %s\n", text_of(meters_host_held_shelf(&host, held)));
    tell("a meter is no shelf", meters_host_call_shelf_sum(&host, held, held, &value));
    tell("a shelf is no meter", meters_host_drop_meter(&host, shelf));
    print_alive();
    tell("drop", meters_host_drop_shelf(&host, shelf));
    print_alive();
    tell("drop", meters_host_drop_meter(&host, held));
    held = 0;
    print_alive();
}

static void use_memory(void)
{
    struct my_meters_made_pair pairs[8];
    const uint32_t last = make(100);
    uint32_t value = 0;
    uint32_t i;

    for (i = 0; i < 8u; i++) {
        pairs[i].first = make(i + 1u);
        pairs[i].second = make(0);
    }
    tell("many", meters_host_call_many(&host, &pairs[0], &pairs[1], &pairs[2], &pairs[3], &pairs[4], &pairs[5],
                                       &pairs[6], &pairs[7], last, &value));
    printf("%" PRIu32 "\n", value);
    tell("drop", meters_host_drop_meter(&host, last));
}

/// What is refused: nothing has happened then ///

static void refuse(void)
{
    struct rill_space space = RILL_SPACE_ON(room);
    struct rill_view list = {0, 0};
    struct meters_list_meter_3 three;
    struct meters_option_meter best;
    uint32_t items[3];
    uint32_t value = 77;
    const uint32_t a = make(1);
    const uint32_t b = make(2);
    const uint32_t gone = make(3);

    tell("drop", meters_host_drop_meter(&host, gone));
    look("none", NONE);
    look("0", 0);
    look("dropped", gone);
    tell("dropped again", meters_host_drop_meter(&host, gone));
    tell("read dropped", meters_host_call_meter_read(&host, gone, &value));
    tell("read none", meters_host_call_meter_read(&host, NONE, &value));
    tell("read a place behind all", meters_host_call_meter_read(&host, a | UINT32_C(0xffff), &value));
    tell("merge twice the same", meters_host_call_meter_merge(&host, a, a, &value));
    tell("merge with dropped", meters_host_call_meter_merge(&host, a, gone, &value));
    three.items[0] = a;
    three.items[1] = b;
    three.items[2] = a;
    tell("turn twice the same", meters_host_call_turn(&host, &three, &three));
    printf("%s\n", three.items[0] == a && three.items[1] == b && three.items[2] == a ? "as before" : "changed");
    items[0] = a;
    items[1] = b;
    items[2] = gone;
    (void)rill_view_put(&space, &list, items, 3, sizeof items[0]);
    memset(&best, 0, sizeof best);
    tell("sum with dropped", meters_host_call_sum(&host, &list, &best, &space, &value));
    printf("%s\n", memcmp(rill_view_in(&space, list), items, sizeof items) == 0 ? "as before" : "changed");
    look("not handed over", a);
    look("not handed over", b);
    printf("%" PRIu32 "\n", value);
    held = b;
    print_alive();
    tell("drop", meters_host_drop_meter(&host, a));
    tell("drop", meters_host_drop_meter(&host, b));
    held = 0;
    print_alive();
    value = make(9);
    printf("%s\n", value != a && value != b && value != gone ? "another handle" : "the same handle");
    look("the first one in its place", a);
    tell("drop", meters_host_drop_meter(&host, value));
}

/// What ends the guest ///

static void end_guests(const char *path)
{
    struct my_meters_made_pair pair;
    struct rill_space space = RILL_SPACE_ON(room);
    struct rill_view list = {UINT32_MAX, 1};
    struct meters_option_meter best;
    uint32_t value = 0;
    uint32_t old = make(1);

    tell("same twice", meters_host_call_same_twice(&host, &pair));
    look("of a guest that has trapped", old);
    tell("drop", meters_host_drop_meter(&host, old));
    meters_host_close(&host);
    look("of a guest that is closed", old);
    begin(path);
    look("of the guest before", old);
    tell("read it", meters_host_call_meter_read(&host, old, &value));
    tell("dropped", meters_host_call_dropped(&host, &value));
    begin(path);
    tell("stale", meters_host_call_stale(&host, make(1), &value));
    tell("use stale", meters_host_call_use_stale(&host));
    begin(path);
    tell("stale", meters_host_call_stale(&host, make(1), &value));
    tell("drop stale", meters_host_call_drop_stale(&host));
    begin(path);
    tell("hoard", meters_host_call_hoard(&host, &value));
    begin(path);
    tell("endless", meters_host_call_endless(&host));
    begin(path);
    tell("broken", meters_host_call_broken(&host, &value));
    tell("drop broken", meters_host_drop_meter(&host, value));
    begin(path);
    tell("drop broken inside", meters_host_call_drop_broken(&host));
    begin(path);
    tell("other type", meters_host_call_other_type(&host, make(1), &value));
    begin(path);
    memset(&best, 0, sizeof best);
    tell("a list out of its space", meters_host_call_sum(&host, &list, &best, &space, &value));
}

/// The firmware's own, in arrays ///

static void use_lamps(const char *path)
{
    struct meters_list_lamp_2 lamps = {{1, 2}};
    const struct meters_list_lamp_2_2 lent = {{5, 6}};

    begin(path);
    tell("swap", meters_host_call_swap(&host, &lamps, &lamps));
    printf("%" PRIu32 " %" PRIu32 "\n", lamps.items[0], lamps.items[1]);
    tell("both", meters_host_call_light_both(&host, &lent));
    host.resources.count = 1;
    tell("no place for two", meters_host_call_swap(&host, &lamps, &lamps));
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "";

    begin(path);
    use();
    use_many();
    use_shelf();
    use_memory();
    refuse();
    end_guests(path);
    use_lamps(path);
    meters_host_close(&host);
    return 0;
}
