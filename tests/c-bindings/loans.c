/*
 * A firmware for the world `loans`, on a desktop: lists of handles each way, and several handles at once when there is
 * no place for all of them. Each book is given back once, but for one that the firmware says is where nothing is.
 */
#include "loans_host.h"
#include "start.h"

#include <inttypes.h>
#include <stdlib.h>

#define MOST 16u

static uint8_t books[MOST]; /* the numbers of those in use; 0 is a free place */
static struct rill_space *renewing;
static uint32_t to_renew;
static bool is_out_of_space;

static uint32_t make_book(uint8_t number)
{
    uint32_t i = 0;

    while (books[i] != 0u) {
        if (++i == MOST) {
            puts("no place for a book");
            exit(1);
        }
    }
    books[i] = number;
    return i;
}

static void print_books(const char *when)
{
    uint32_t i;

    printf("%s:", when);
    for (i = 0; i < MOST; i++) {
        if (books[i] != 0u) {
            printf(" %u", books[i]);
        }
    }
    printf("\n");
}

/// What the guest imports ///

bool my_loans_store_book_new(struct loans_host *of, uint8_t number, uint32_t *result)
{
    (void)of;
    *result = make_book(number);
    return true;
}

bool my_loans_store_book_number(struct loans_host *of, uint32_t self, uint8_t *result)
{
    (void)of;
    *result = books[self];
    return true;
}

void my_loans_store_book_drop(struct loans_host *of, uint32_t index)
{
    (void)of;
    if (index >= MOST || books[index] == 0u) {
        printf("no such book: %" PRIu32 "\n", index);
        exit(1);
    }
    printf("drop %u\n", books[index]);
    books[index] = 0;
}

bool my_loans_store_take_three(struct loans_host *of, struct my_loans_store_three *result)
{
    (void)of;
    result->a = make_book(1);
    result->b = make_book(2);
    result->c.is_some = true;
    result->c.value.some = make_book(3);
    return true;
}

bool my_loans_store_sum(struct loans_host *of, const struct rill_view *list, struct rill_space *space, uint32_t *result)
{
    const uint32_t *each = (const uint32_t *)rill_view_in(space, *list);
    uint32_t i;

    (void)of;
    for (i = 0; i < list->length; i++) {
        *result += books[each[i]];
    }
    return true;
}

bool my_loans_store_hand_in(struct loans_host *of, uint32_t first, uint32_t second, uint32_t *result)
{
    *result = (uint32_t)books[first] + books[second];
    my_loans_store_book_drop(of, first);
    my_loans_store_book_drop(of, second);
    return true;
}

bool my_loans_store_sort(struct loans_host *of, const struct rill_view *shelves, struct rill_space *space,
                         struct rill_view *result)
{
    struct my_loans_store_shelf *shelf = (struct my_loans_store_shelf *)(uintptr_t)rill_view_in(space, *shelves);
    uint32_t i;

    (void)of;
    for (i = 0; i < shelves->length; i++) {
        uint32_t *each = (uint32_t *)(uintptr_t)rill_view_in(space, shelf[i].books);
        uint32_t k;

        printf("sort %.*s\n", (int)shelf[i].name.length, (const char *)rill_view_in(space, shelf[i].name));
        for (k = 0; k < shelf[i].books.length / 2u; k++) {
            const uint32_t other = each[shelf[i].books.length - 1u - k];

            each[shelf[i].books.length - 1u - k] = each[k];
            each[k] = other;
        }
        if (!shelf[i].best.is_some) {
            shelf[i].best.is_some = true;
            shelf[i].best.value.some = make_book(99);
        }
    }
    *result = *shelves;
    if (is_out_of_space) {
        shelf[shelves->length - 1u].books.at = 4096;
    }
    return true;
}

bool my_loans_store_renew(struct loans_host *of, const struct rill_view *old, const struct rill_view *beside,
                          struct rill_space *space)
{
    const uint32_t *each = (const uint32_t *)rill_view_in(space, *old);
    const struct loans_tuple_u8_book *others = (const struct loans_tuple_u8_book *)rill_view_in(space, *beside);
    uint32_t i;

    for (i = 0; i < beside->length; i++) {
        printf("renew beside %u: %u\n", others[i].f0, books[others[i].f1]);
    }
    to_renew = old->length;
    for (i = 0; i < to_renew; i++) {
        my_loans_store_book_drop(of, each[i]);
    }
    renewing = space;
    return true;
}

/// The board ///

static void sleep_until_interrupt(void)
{
    uint32_t made[MOST];
    struct rill_view result;
    uint32_t i;

    if (renewing != NULL) {
        for (i = 0; i < to_renew; i++) {
            made[i] = make_book((uint8_t)(30u + i));
        }
        if (!rill_view_put(renewing, &result, made, to_renew, sizeof made[0])) {
            exit(1);
        }
        loans_host_done_my_loans_store_renew(&host, &result, renewing);
        renewing = NULL;
    }
}

static const struct rill_chip chip = {nothing, nothing, sleep_until_interrupt, NULL, NULL};

static void begin(const char *path)
{
    loans_host_close(&host);
    print_books("closed");
    memset(books, 0, sizeof books);
    renewing = NULL;
    is_out_of_space = false;
    tell("start", loans_host_init(&host, START_ENGINE, start(path), &chip, NULL));
}

static uint64_t room[64];

/** Two shelves with so many books, and two that are lent. */
static void sort(uint32_t each)
{
    struct rill_space space = RILL_SPACE_ON(room);
    struct my_loans_store_shelf shelves[2];
    struct rill_view list = {0, 0};
    struct rill_view lent = {0, 0};
    struct rill_view result = {0, 0};
    const uint32_t two[2] = {make_book(70), make_book(7)};
    uint32_t made[4];
    uint32_t i;
    uint32_t k;

    memset(shelves, 0, sizeof shelves);
    for (i = 0; i < 2u; i++) {
        for (k = 0; k < each; k++) {
            made[k] = make_book((uint8_t)(10u * (i + 1u) + k));
        }
        (void)rill_view_put(&space, &shelves[i].name, i == 0u ? "red" : "blue", i == 0u ? 3u : 4u, 1);
        (void)rill_view_put(&space, &shelves[i].books, made, each, sizeof made[0]);
    }
    shelves[1].best.is_some = true;
    shelves[1].best.value.some = make_book(50);
    (void)rill_view_put(&space, &list, shelves, 2, sizeof shelves[0]);
    (void)rill_view_put(&space, &lent, two, 2, sizeof two[0]);
    if (loans_host_call_sort(&host, &list, &lent, &space, &result)) {
        const struct my_loans_store_shelf *shelf = (const struct my_loans_store_shelf *)rill_view_in(&space, result);

        for (i = 0; i < result.length; i++) {
            const uint32_t *of = (const uint32_t *)rill_view_in(&space, shelf[i].books);

            printf("%.*s:", (int)shelf[i].name.length, (const char *)rill_view_in(&space, shelf[i].name));
            for (k = 0; k < shelf[i].books.length; k++) {
                printf(" %u", books[of[k]]);
                my_loans_store_book_drop(&host, of[k]);
            }
            printf(", best %u\n", books[shelf[i].best.value.some]);
            my_loans_store_book_drop(&host, shelf[i].best.value.some);
        }
    }
    tell("sort", host.base.rings.host->trap == NULL);
    my_loans_store_book_drop(&host, two[0]); /* they were lent */
    my_loans_store_book_drop(&host, two[1]);
}

static void renew(uint8_t count)
{
    struct rill_space space = RILL_SPACE_ON(room);
    struct rill_view result = {0, 0};
    uint32_t i;

    tell("renew", loans_host_call_renew(&host, count, &space, &result));
    if (host.base.rings.host->trap == NULL) {
        const uint32_t *each = (const uint32_t *)rill_view_in(&space, result);

        for (i = 0; i < result.length; i++) {
            my_loans_store_book_drop(&host, each[i]);
        }
    }
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "";
    uint32_t sum = 0;

    begin(path);
    tell("three", loans_host_call_three(&host, &sum));
    printf("%" PRIu32 "\n", sum);
    tell("lend", loans_host_call_lend(&host, 4, &sum));
    printf("%" PRIu32 "\n", sum);
    tell("lend none", loans_host_call_lend(&host, 0, &sum));
    printf("%" PRIu32 "\n", sum);
    tell("hand in", loans_host_call_hand_in(&host, false, &sum));
    printf("%" PRIu32 "\n", sum);
    sort(2);
    renew(2);
    renew(0);
    print_books("all given back");

    /* What goes wrong: each book comes back all the same. */
    tell("one handed in twice", loans_host_call_hand_in(&host, true, &sum));
    begin(path);
    sort(3); /* nine handles where there are eight places */
    begin(path);
    is_out_of_space = true;
    sort(1);
    begin(path);
    renew(6);
    begin(path);
    tell("lent and handed over", loans_host_call_both(&host));
    begin(path);
    host.resources.count = 1;
    tell("three for one place", loans_host_call_three(&host, &sum));
    print_books("left");
    begin(path);
    loans_host_close(&host);
    return 0;
}
