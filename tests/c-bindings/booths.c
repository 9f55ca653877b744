/*
 * A firmware for the world `booths`, on a desktop: calls that go on side by side are lent what it has and what the
 * guest has; meanwhile it tries to drop that, to hand it over, and to lend it to others.
 */
#include "booths_host.h"
#include "start.h"

#include <inttypes.h>
#include <stdlib.h>

#define MOST 4u

static uint32_t asked[MOST]; /* calls of the guest's, in their order */
static uint32_t asked_count;
static uint64_t room[16];
static struct booths_host_begun_meter_add_later adds[3];
static struct booths_host_begun_merge_later merges[2];
static struct booths_host_begun_sum_later sums[2];
static struct booths_host_begun_collect collects[2];

static const char *text_of(enum rill_held how)
{
    return how == RILL_HELD ? "held" : how == RILL_HELD_LENT ? "lent" : "not held";
}

static void look(const char *what, uint32_t handle)
{
    printf("%s: %s\n", what, text_of(booths_host_held_meter(&host, handle)));
}

static void print_state(const char *what, const struct rill_begun *call)
{
    static const char *const texts[] = {"not begun", "on", "done", "cancelled", "gone"};

    printf("%s: %s\n", what, texts[rill_begun_how_far(call)]);
}

/// What the guest imports ///

bool my_booths_store_token_value(struct booths_host *of, uint32_t self, uint32_t *result)
{
    (void)of;
    *result = 100u * self;
    return true;
}

void my_booths_store_token_drop(struct booths_host *of, uint32_t index)
{
    (void)of;
    printf("token %" PRIu32 " dropped\n", index);
}

bool my_booths_store_wait(struct booths_host *of, uint32_t call, uint32_t who)
{
    (void)of;
    printf("wait %" PRIu32 "\n", who);
    asked[asked_count++] = call;
    return true;
}

/** Answers the latest call. */
static void answer(uint32_t with)
{
    if (booths_host_done_my_booths_store_wait(&host, asked[--asked_count], with) != RILL_ENDED_WELL) {
        puts("no such call");
    }
}

/// The board ///

/** Nothing comes by itself. */
static void sleep_for_ever(void)
{
    puts("the core sleeps for ever");
    exit(1);
}

static const struct rill_chip chip = {nothing, nothing, sleep_for_ever, NULL, NULL};

static void begin(const char *path)
{
    booths_host_close(&host);
    asked_count = 0;
    tell("start", booths_host_init(&host, START_ENGINE, start(path), &chip, NULL));
}

static uint32_t make(uint32_t start)
{
    uint32_t meter = 0;

    if (!booths_host_call_meter_new(&host, start, &meter)) {
        tell("new", false);
    }
    return meter;
}

static void lend(void)
{
    uint32_t result = 0;
    uint32_t other = 0;
    const uint32_t a = make(1);

    tell("lend", booths_host_begin_meter_add_later(&host, &adds[0], a, 1, &result));
    look("lent", a);
    tell("drop", booths_host_drop_meter(&host, a));
    tell("hand over", booths_host_begin_merge_later(&host, &merges[0], a, a, &other));
    print_state("hand over", &merges[0].call);
    tell("read", booths_host_call_meter_read(&host, a, &other));
    tell("lend again", booths_host_begin_meter_add_later(&host, &adds[1], a, 2, &other));
    answer(10);
    tell("finish the later one", booths_host_finish(&host, &adds[1].call));
    look("lent to one more", a);
    answer(20);
    tell("finish", booths_host_finish(&host, &adds[0].call));
    look("lent to none", a);
    printf("%" PRIu32 " %" PRIu32 "\n", other, result);
    tell("drop", booths_host_drop_meter(&host, a));
}

/** A call that is handed something waits for its turn, and is cancelled in it. */
static void queue(void)
{
    struct rill_space space = RILL_SPACE_ON(room);
    struct rill_view list = {0, 0};
    uint32_t results[3] = {0, 0, 0};
    const uint32_t a = make(1);
    const uint32_t b = make(2);
    const uint32_t c = make(3);
    const uint32_t two[2] = {b, c};

    tell("first", booths_host_begin_meter_add_later(&host, &adds[0], a, 1, &results[0]));
    tell("second", booths_host_begin_meter_add_later(&host, &adds[1], a, 1, &results[1]));
    tell("third", booths_host_begin_merge_later(&host, &merges[0], b, c, &results[2]));
    look("to be handed over", b);
    tell("drop", booths_host_drop_meter(&host, b));
    tell("handed over twice", booths_host_begin_merge_later(&host, &merges[1], b, a, &results[2]));
    tell("lend", booths_host_begin_meter_add_later(&host, &adds[2], b, 1, &results[2]));
    tell("cancel the third", booths_host_cancel(&host, &merges[0].call));
    print_state("third", &merges[0].call);
    look("not handed over", b);
    look("not handed over", c);
    (void)rill_view_put(&space, &list, two, 2, sizeof two[0]);
    tell("in a list", booths_host_begin_collect(&host, &collects[0], &list, &space, &results[2]));
    look("to be handed over", b);
    tell("cancel it", booths_host_cancel(&host, &collects[0].call));
    look("not handed over", b);
    look("not handed over", c);
    tell("again", booths_host_begin_merge_later(&host, &merges[0], b, c, &results[2]));
    answer(10);
    tell("finish", booths_host_finish(&host, &adds[1].call));
    look("handed over", b);
    answer(30);
    tell("finish", booths_host_finish(&host, &merges[0].call));
    answer(20);
    tell("finish", booths_host_finish(&host, &adds[0].call));
    tell("read", booths_host_call_meter_read(&host, results[2], &results[0]));
    printf("%" PRIu32 "\n", results[0]);
    tell("drop", booths_host_drop_meter(&host, results[2]));
    tell("drop", booths_host_drop_meter(&host, a));
}

/** Arrays and lists, beside a call that is not async. */
static void lend_many(void)
{
    struct rill_space space = RILL_SPACE_ON(room);
    struct rill_space other = RILL_SPACE_ON(room + 8);
    struct rill_view tokens = {0, 0};
    struct rill_view meters = {0, 0};
    struct booths_list_meter_2 two;
    const uint32_t three[3] = {1, 2, 3};
    uint32_t result = 0;
    uint32_t sum = 0;

    space.byte_length = 64;
    two.items[0] = make(4);
    two.items[1] = two.items[0];
    (void)rill_view_put(&space, &tokens, three, 3, sizeof three[0]);
    (void)rill_view_put(&other, &meters, two.items, 2, sizeof two.items[0]);
    tell("begin", booths_host_begin_sum_later(&host, &sums[0], &two, &tokens, &space, &result));
    look("lent twice", two.items[0]);
    tell("sum beside it", booths_host_call_sum(&host, &meters, 5, &other, &sum));
    printf("%" PRIu32 "\n", sum);
    look("lent twice", two.items[0]);
    answer(1000);
    tell("finish", booths_host_finish(&host, &sums[0].call));
    printf("%" PRIu32 "\n", result);
    look("lent to none", two.items[0]);
    two.items[1]++;
    tell("one is none", booths_host_begin_sum_later(&host, &sums[0], &two, &tokens, &space, &result));
    print_state("one is none", &sums[0].call);
    look("the other one", two.items[0]);
    tell("drop", booths_host_drop_meter(&host, two.items[0]));
}

static void cancel(void)
{
    uint32_t result = 0;
    const uint32_t a = make(1);

    tell("begin", booths_host_begin_meter_add_later(&host, &adds[0], a, 1, &result));
    tell("cancel", booths_host_cancel(&host, &adds[0].call));
    (void)booths_host_run(&host);
    print_state("asked", &adds[0].call);
    answer(1);
    (void)booths_host_finish(&host, &adds[0].call);
    print_state("then", &adds[0].call);
    look("lent to none", a);
    tell("drop", booths_host_drop_meter(&host, a));
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "";
    uint32_t result = 0;
    uint32_t meter;

    begin(path);
    lend();
    queue();
    lend_many();
    cancel();
    meter = make(7);
    tell("begin", booths_host_begin_meter_add_later(&host, &adds[0], meter, 1, &result));
    booths_host_close(&host);
    print_state("closed", &adds[0].call);
    look("closed", meter);
    begin(path);
    look("of the guest before", meter);
    host.resources.count = 1;
    tell("begin", booths_host_begin_meter_add_later(&host, &adds[0], make(1), 1, &result));
    meter = make(2);
    tell("no place for one more", booths_host_begin_meter_add_later(&host, &adds[1], meter, 1, &result));
    print_state("first", &adds[0].call);
    print_state("second", &adds[1].call);
    booths_host_close(&host);
    return 0;
}
