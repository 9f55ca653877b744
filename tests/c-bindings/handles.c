/*
 * The tables of handles by themselves: of resources that the guest implements, and of those that the firmware lends to
 * calls side by side. Prints the line of each expectation that does not hold.
 */
#include "rill_bindings.h"

#include <stdio.h>

#define PLACES 3u
#define FIRST 5u /* places of the firmware's resources */

static int faults;

#define EXPECT(condition) expect((condition), #condition, __LINE__)

static void expect(bool holds, const char *what, int line)
{
    if (!holds) {
        printf("%d: %s\n", line, what);
        faults++;
    }
}

static bool wait(void *context)
{
    (void)context;
    return false;
}

static void poll(void *context)
{
    (void)context;
}

static const struct rill_port port = {wait, poll};
static struct rill_host guest;
static struct rill_end ends[2];
static struct rill_stream streams[1];

static struct rill_guest_resource places[PLACES];
static struct rill_guest_resources own;

static void begin(void)
{
    rill_host_init(&guest, ends, 2, streams, 1, &port, NULL);
    rill_guest_resources_init(&own, &guest, places, PLACES, FIRST);
}

/** Whether the guest has trapped; it goes on as if it had not. */
static bool has_trapped(void)
{
    const bool is_so = guest.trap != NULL;

    guest.trap = NULL;
    return is_so;
}

static uint32_t make(uint8_t type, uint32_t representation)
{
    uint64_t handle = 0;

    EXPECT(rill_guest_resource_new(&own, type, representation, &handle));
    return (uint32_t)handle;
}

/** One that the firmware holds. */
static uint32_t hold(uint8_t type, uint32_t representation)
{
    uint32_t number = 0;

    EXPECT(rill_guest_resource_take(&own, type, make(type, representation), &number));
    return number;
}

static void use_by_guest(void)
{
    uint64_t value = 0;
    uint32_t first;
    uint32_t second;

    begin();
    first = make(0, 40);
    second = make(254, 50);
    /* Behind the ends and the firmware's: 2 and 5. */
    EXPECT(first == 8u && second == 9u);
    EXPECT(rill_guest_resource_rep(&own, 0, first, &value) && value == 40u);
    EXPECT(rill_guest_resource_rep(&own, 254, second, &value) && value == 50u);
    EXPECT(!rill_guest_resource_rep(&own, 254, first, &value) && has_trapped() && value == 50u);
    EXPECT(!rill_guest_resource_rep(&own, 0, 7, &value) && has_trapped());
    EXPECT(!rill_guest_resource_rep(&own, 0, 0, &value) && has_trapped());
    EXPECT(!rill_guest_resource_rep(&own, 0, 10, &value) && has_trapped()); /* a free place */
    EXPECT(!rill_guest_resource_rep(&own, 0, 11, &value) && has_trapped()); /* behind all */
    EXPECT(make(0, 60) == 10u);
    EXPECT(!rill_guest_resource_new(&own, 0, 70, &value) && has_trapped());
    EXPECT(rill_guest_resource_drop(&own, 0, first, &value) && value == 40u);
    EXPECT(!rill_guest_resource_dropped(&own, false) && rill_guest_resource_dropped(&own, true) == true);
    own.depth = 0;
    EXPECT(!rill_guest_resource_drop(&own, 0, first, &value) && has_trapped());
    EXPECT(make(1, 80) == first);
    /* Destructors inside of each other. */
    own.depth = RILL_NESTED_DESTRUCTORS - 1u;
    EXPECT(rill_guest_resource_drop(&own, 1, first, &value) && own.depth == RILL_NESTED_DESTRUCTORS);
    EXPECT(!rill_guest_resource_drop(&own, 254, second, &value) && has_trapped());
    EXPECT(rill_guest_resource_rep(&own, 254, second, &value) && value == 50u);
    EXPECT(rill_guest_resource_dropped(&own, true) && own.depth == RILL_NESTED_DESTRUCTORS - 1u);
}

static void hold_by_firmware(void)
{
    uint64_t value = 0;
    uint32_t handle;
    uint32_t number;
    uint32_t other = 99;

    begin();
    handle = make(3, 40);
    EXPECT(rill_guest_resource_take(&own, 3, handle, &number));
    EXPECT(number != 0u && (number & UINT32_C(0xffff)) == 0u);
    /* It is the guest's no more. */
    EXPECT(!rill_guest_resource_rep(&own, 3, handle, &value) && has_trapped());
    EXPECT(!rill_guest_resource_take(&own, 3, handle, &other) && has_trapped() && other == 99u);
    EXPECT(!rill_guest_resource_drop(&own, 3, handle, &value) && has_trapped());
    EXPECT(rill_guest_resource_look(&own, 3, number) == RILL_HELD);
    EXPECT(rill_guest_resource_look(&own, 2, number) == RILL_HELD_NOT);
    EXPECT(rill_guest_resource_look(&own, 3, number + 1u) == RILL_HELD_NOT);
    EXPECT(rill_guest_resource_look(&own, 3, number + PLACES) == RILL_HELD_NOT);
    EXPECT(rill_guest_resource_look(&own, 3, number + UINT32_C(0x10000)) == RILL_HELD_NOT);
    EXPECT(rill_guest_resource_look(&own, 3, 0) == RILL_HELD_NOT);
    EXPECT(!rill_guest_resource_end(&own, 2, number, &value) && !has_trapped());
    EXPECT(rill_guest_resource_end(&own, 3, number, &value) && value == 40u);
    EXPECT(!rill_guest_resource_end(&own, 3, number, &value) && !has_trapped());
    /* The same place, another number; after many, 1 again and never 0. */
    other = hold(3, 50);
    EXPECT(other == number + UINT32_C(0x10000));
    EXPECT(rill_guest_resource_look(&own, 3, number) == RILL_HELD_NOT);
    EXPECT(rill_guest_resource_end(&own, 3, other, &value) && value == 50u);
    places[0].count = UINT16_MAX - 1u;
    other = hold(3, 60);
    EXPECT(other == UINT32_C(0xffff0000) && rill_guest_resource_end(&own, 3, other, &value));
    EXPECT(hold(3, 60) == UINT32_C(0x10000));
    /* Of a guest that has trapped, was closed, or came before. */
    guest.trap = "gone";
    EXPECT(rill_guest_resource_look(&own, 3, UINT32_C(0x10000)) == RILL_HELD_NOT && has_trapped());
    rill_guest_resources_close(&own);
    EXPECT(rill_guest_resource_look(&own, 3, UINT32_C(0x10000)) == RILL_HELD_NOT);
    begin();
    EXPECT(rill_guest_resource_look(&own, 3, UINT32_C(0x10000)) == RILL_HELD_NOT);
    EXPECT(hold(3, 70) == UINT32_C(0x20000));
}

static void pass(void)
{
    uint32_t a;
    uint32_t b;
    uint32_t to = 99;
    uint64_t value = 0;

    begin();
    a = hold(0, 40);
    b = hold(0, 50);
    /* Nothing is given that was not asked for. */
    EXPECT(!rill_guest_resource_give(&own, 0, RILL_BORROW, a, &to) && has_trapped() && to == 99u);
    EXPECT(!rill_guest_resource_give(&own, 0, RILL_OWN, a, &to) && has_trapped() && to == 99u);
    EXPECT(!rill_guest_resource_ask(&own, 1, RILL_BORROW, a) && !rill_guest_resource_ask(&own, 0, RILL_OWN, 0));
    /* Lent, as often as one likes; not handed over as well. */
    EXPECT(rill_guest_resource_ask(&own, 0, RILL_BORROW, a) && rill_guest_resource_ask(&own, 0, RILL_BORROW, a));
    EXPECT(!rill_guest_resource_ask(&own, 0, RILL_OWN, a));
    EXPECT(rill_guest_resource_look(&own, 0, a) == RILL_HELD_LENT);
    EXPECT(!rill_guest_resource_give(&own, 0, RILL_OWN, a, &to) && has_trapped() && to == 99u);
    EXPECT(rill_guest_resource_give(&own, 0, RILL_BORROW, a, &to) && to == 40u);
    EXPECT(rill_guest_resource_give(&own, 0, RILL_BORROW, a, &to) && to == 40u);
    EXPECT(!rill_guest_resource_end(&own, 0, a, &value));
    rill_guest_resources_forget(&own);
    EXPECT(rill_guest_resource_look(&own, 0, a) == RILL_HELD);
    /* Handed over once, and not lent as well. */
    EXPECT(rill_guest_resource_ask(&own, 0, RILL_OWN, b));
    EXPECT(!rill_guest_resource_ask(&own, 0, RILL_OWN, b) && !rill_guest_resource_ask(&own, 0, RILL_BORROW, b));
    EXPECT(!rill_guest_resource_give(&own, 0, RILL_BORROW, b, &to) && has_trapped());
    rill_guest_resources_forget(&own);
    EXPECT(rill_guest_resource_look(&own, 0, b) == RILL_HELD);
    EXPECT(rill_guest_resource_ask(&own, 0, RILL_OWN, b) && rill_guest_resource_give(&own, 0, RILL_OWN, b, &to));
    EXPECT(to == 9u && rill_guest_resource_rep(&own, 0, to, &value) && value == 50u);
    EXPECT(rill_guest_resource_look(&own, 0, b) == RILL_HELD_NOT && places[1].asked == 0u);
    EXPECT(!rill_guest_resource_ask(&own, 0, RILL_BORROW, b) && !rill_guest_resource_ask(&own, 0, RILL_OWN, b));
    EXPECT(!rill_guest_resource_give(&own, 0, RILL_OWN, b, &to) && has_trapped());
    /* No count goes over. */
    places[0].asked = UINT16_MAX - 2u;
    EXPECT(rill_guest_resource_ask(&own, 0, RILL_BORROW, a) && !rill_guest_resource_ask(&own, 0, RILL_BORROW, a));
    EXPECT(places[0].asked == UINT16_MAX - 1u);
    places[0].asked = 1;
    places[0].lends = UINT16_MAX - 2u;
    EXPECT(rill_guest_resource_ask(&own, 0, RILL_BORROW, a) && !rill_guest_resource_ask(&own, 0, RILL_BORROW, a));
    EXPECT(places[0].asked == 2u);
}

static void keep(void)
{
    uint32_t a;
    uint32_t b;
    uint32_t to = 0;
    uint64_t value = 0;

    begin();
    a = hold(0, 40);
    b = hold(0, 50);
    EXPECT(rill_guest_resource_ask(&own, 0, RILL_BORROW, a) && rill_guest_resource_ask(&own, 0, RILL_BORROW, a));
    EXPECT(rill_guest_resource_ask(&own, 0, RILL_OWN, b));
    rill_guest_resources_keep(&own);
    EXPECT(places[0].lends == 2u && places[0].asked == 0u && places[1].asked == 0u);
    EXPECT(rill_guest_resource_look(&own, 0, a) == RILL_HELD_LENT);
    EXPECT(rill_guest_resource_look(&own, 0, b) == RILL_HELD_NOT);
    EXPECT(!rill_guest_resource_ask(&own, 0, RILL_OWN, a) && !rill_guest_resource_ask(&own, 0, RILL_BORROW, b));
    EXPECT(!rill_guest_resource_end(&own, 0, a, &value) && !rill_guest_resource_end(&own, 0, b, &value));
    EXPECT(rill_guest_resource_give(&own, 0, RILL_BORROW, a, &to) && to == 40u);
    rill_guest_resource_return(&own, 0, RILL_BORROW, a);
    rill_guest_resource_return(&own, 0, RILL_OWN, a);
    EXPECT(rill_guest_resource_look(&own, 0, a) == RILL_HELD_LENT && places[0].lends == 1u);
    rill_guest_resource_return(&own, 0, RILL_BORROW, a);
    rill_guest_resource_return(&own, 0, RILL_BORROW, a);
    EXPECT(rill_guest_resource_look(&own, 0, a) == RILL_HELD && places[0].lends == 0u);
    /* The call never started: the firmware holds it as before. */
    rill_guest_resource_return(&own, 0, RILL_BORROW, b);
    EXPECT(rill_guest_resource_look(&own, 0, b) == RILL_HELD_NOT);
    rill_guest_resource_return(&own, 0, RILL_OWN, b);
    EXPECT(rill_guest_resource_look(&own, 0, b) == RILL_HELD);
    /* It has started. */
    EXPECT(rill_guest_resource_ask(&own, 0, RILL_OWN, b));
    rill_guest_resources_keep(&own);
    EXPECT(rill_guest_resource_give(&own, 0, RILL_OWN, b, &to) && to == 9u);
    rill_guest_resource_return(&own, 0, RILL_OWN, b);
    EXPECT(rill_guest_resource_look(&own, 0, b) == RILL_HELD_NOT);
    EXPECT(rill_guest_resource_rep(&own, 0, to, &value) && value == 50u);
}

/** What is lent to one call is not another one's. */
static void lend_to_calls(void)
{
    static struct rill_resource held[2];
    const void *calls[2];
    struct rill_resources table;
    uint32_t first = 0;
    uint32_t second = 0;
    uint32_t index = 0;
    bool is_owner = true;

    begin();
    calls[0] = NULL;
    calls[1] = NULL;
    rill_resources_init(&table, &guest, held, 2);
    EXPECT(rill_resource_lend_to(&table, calls, &first, 0, 70, &first) && first == 3u && calls[0] == &first);
    EXPECT(rill_resource_lend_to(&table, calls, &second, 0, 71, &second) && second == 4u && calls[1] == &second);
    EXPECT(!rill_resource_lend_to(&table, calls, &second, 0, 72, &index) && has_trapped());
    EXPECT(!rill_resources_settle_call(&table, calls, &first) && has_trapped());
    EXPECT(rill_resource_drop(&table, 0, first, &is_owner, &index) && !is_owner && index == 70u);
    EXPECT(rill_resources_settle_call(&table, calls, &first) && !has_trapped());
    EXPECT(!rill_resources_settle_call(&table, calls, &second) && has_trapped());
    /* What the guest owns is nobody's to give back. */
    EXPECT(rill_resource_give(&table, 0, RILL_OWN, 73, &first) && first == 3u);
    EXPECT(rill_resources_settle_call(&table, calls, calls[0]) && !has_trapped());
}

int main(void)
{
    use_by_guest();
    hold_by_firmware();
    pass();
    keep();
    lend_to_calls();
    puts(faults == 0 ? "all hold" : "some do not");
    return faults;
}
