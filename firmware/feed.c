#include "feed.h"

#include "board.h"
#include "core.h"
#include "host.h"
#include "watchdog.h"

struct feed {
    struct rill_ring ring;
    struct feed_counts counts;
    uint8_t room[FEED_RING]; /* behind words: items of four bytes are aligned */
    uint8_t stream;
    uint8_t asked;          /* `want` was sent and not answered yet */
    char turn;              /* of the line that is wanted next */
    volatile uint8_t ended; /* nothing comes behind what is in the ring */
    uint8_t starved;        /* the guest found nothing: only then is more asked for */
};

static struct feed feeds[FEED_MAX];
static unsigned feed_total;
static struct feed_order order;
static volatile uint32_t ticks;
#ifdef RILL_SUBTASKS
static uint32_t wakes;
#endif
/* Set by interrupts that brought something since the last sleep. */
static volatile uint8_t news;

/* Items on their way from a line into a ring: set by the main thread while there are none, moved by the tick (or, at
 * rate 0, by the main thread), which releases the line with the last one. */
static const struct link_line *staged;
static volatile uint8_t staged_at;
static struct feed *volatile staged_for;

#ifdef FEED_FROM_FLASH
/*
 * For measurements: what a counting policy gives lies where images do, an item of each stream one after the other, then
 * the next of each. The word at FEED_FROM_FLASH, counted in bytes from there, says where they begin, counted likewise.
 */
extern const uint8_t __images_start[];

static void next_item(const struct feed *feed, uint8_t *item)
{
    uint32_t from;
    unsigned row = 0u;
    unsigned column = 0u;
    unsigned i;

    for (i = 0u; i < feed_total; i++) {
        column = &feeds[i] == feed ? row : column;
        row += feeds[i].ring.item;
    }
    (void)memcpy(&from, __images_start + FEED_FROM_FLASH, sizeof from);
    (void)memcpy(item, __images_start + from + feed->counts.given * row + column, feed->ring.item);
}
#else
/* An item that a counting policy gives: the count, little-endian, in as many bytes as an item has. */
static void next_item(const struct feed *feed, uint8_t *item)
{
    uint32_t value = feed->counts.given + feed->counts.dropped;
    const uint8_t *end = item + feed->ring.item;

    for (; item != end; item++, value >>= 8) {
        *item = (uint8_t)value;
    }
}
#endif

/* In place it is 56 bytes more on AVR, each time. */
__attribute__((noinline)) static int is_counted_out(const struct feed *feed)
{
    return feed->counts.given + feed->counts.dropped >= order.items;
}

/*
 * Puts items into the ring, in place: as many as lie one behind the other, `most` at most.
 * @returns 0 when the ring is full
 */
static int count_up(struct feed *feed, uint16_t most)
{
    uint8_t *item;
    /* Below the ring's places, which are counted in 16 bits. */
    uint16_t room = (uint16_t)rill_ring_space(&feed->ring, &item);
    uint16_t count;

    if (room > most) {
        room = most;
    }
    for (count = 0u; count != room && feed->ended == 0u; count++, item += feed->ring.item) {
        next_item(feed, item);
        feed->counts.given++;
        feed->ended = (uint8_t)is_counted_out(feed);
    }
    rill_ring_fill(&feed->ring, count);
    return room != 0u;
}

static void tick_count(struct feed *feed)
{
    if (feed->ended == 0u && count_up(feed, 1u) == 0 && order.policy == FEED_DROP) {
        feed->counts.dropped++;
        feed->ended = (uint8_t)is_counted_out(feed);
    }
}

/* The last staged item has gone. */
static void release_staged(void)
{
#ifdef RILL_CONVERSES
    if (!link_is_buffer(staged)) {
        return;
    }
#endif
    link_release();
}

/* Moves one staged item. */
static int unstage(void)
{
    struct feed *feed = staged_for;

    if (feed == NULL || rill_ring_put(&feed->ring, staged->bytes + staged_at) == 0) {
        return 0;
    }
    feed->counts.given++;
    staged_at = (uint8_t)(staged_at + feed->ring.item);
    if (staged_at + feed->ring.item > staged->length) {
        staged_for = NULL;
        release_staged();
    }
    return 1;
}

void board_on_tick(void)
{
    unsigned i;

#ifndef RILL_SUBTASKS
    ticks++;
#endif
    news = 1u;
    watchdog_tick(host_progress());
    if (order.rate == 0u) {
        return;
    }
#ifdef RILL_SUBTASKS
    ticks++;
#endif
    if (order.policy == FEED_LINE) {
        (void)unstage();
        return;
    }
    for (i = 0u; i < feed_total && order.policy < FEED_READY; i++) {
        tick_count(&feeds[i]);
    }
}

void feed_reset(const struct feed_order *new_order)
{
    board_tick_start(0u);
    order = *new_order;
    feed_total = 0u;
    if (staged_for != NULL) {
        staged_for = NULL;
        link_release();
    }
}

void feed_open(unsigned index, uint8_t stream, uint16_t elem_size)
{
    struct feed *feed = &feeds[index];

    (void)memset(feed, 0, sizeof *feed);
    rill_ring_init(&feed->ring, feed->room, (uint16_t)(FEED_RING / elem_size), elem_size);
    feed->stream = stream;
    feed->turn = '0';
    if (index >= feed_total) {
        feed_total = index + 1u;
    }
}

#ifdef RILL_IMAGE_FUNCTIONS

void feed_close(unsigned index)
{
    feeds[index].ended = 1u;
}

uint32_t *feed_place(unsigned index)
{
    uint8_t *place;

    (void)rill_ring_space(&feeds[index].ring, &place);
    /* Rings lie on words, and such items are whole words. */
    return (uint32_t *)(void *)place;
}

void feed_fill(unsigned index)
{
    rill_ring_fill(&feeds[index].ring, 1u);
}

#endif

uint32_t feed_tick_rate(void)
{
    return order.rate > FEED_MIN_RATE ? order.rate : FEED_MIN_RATE;
}

#ifdef RILL_SUBTASKS
/* Without a rate the tick stands still while the core sleeps: the clock counts for it. */
static uint32_t idle_ticks(void)
{
    return (uint32_t)(board_clock_now() / (1000000000u / FEED_MIN_RATE));
}
#endif

void feed_start(void)
{
#ifdef RILL_SUBTASKS
    wakes = 0u;
    ticks = order.rate == 0u ? idle_ticks() : 0u;
#else
    ticks = 0u;
#endif
    board_tick_start(feed_tick_rate());
}

uint32_t feed_offer(unsigned index, uint8_t **items)
{
    struct feed *feed = &feeds[index];
    uint32_t count;

    watchdog_feed();
    if (order.policy >= FEED_READY && rill_ring_empty(&feed->ring)) {
        /* From the main thread, for policies without interrupt. */
        (void)count_up(feed, order.policy == FEED_READY ? FEED_RING : 1u);
    }
    count = rill_ring_peek(&feed->ring, items);
    feed->starved = (uint8_t)(count == 0u);
    return count;
}

void feed_taken(unsigned index, uint32_t count)
{
    rill_ring_skip(&feeds[index].ring, (uint16_t)count);
    watchdog_feed();
}

int feed_is_over(unsigned index)
{
    const struct feed *feed = &feeds[index];

    /* The order of the looks matters: an interrupt puts the last item before it says that the stream has ended. */
    return feed->ended != 0u && staged_for != feed && rill_ring_empty(&feed->ring);
}

int feed_is_blocking(void)
{
    return order.policy == FEED_TURNS;
}

static void ask(struct feed *feed)
{
    uint8_t stream = feed->stream;

    link_text(RILL_TEXT("want "));
    link_hex(&stream, 1u);
    board_uart_put((uint8_t)' ');
    board_uart_put((uint8_t)feed->turn);
    board_uart_put((uint8_t)' ');
    link_decimal((int32_t)(LINK_PAYLOAD - LINK_PAYLOAD % feed->ring.item));
    link_end();
    feed->asked = 1u;
    feed->starved = 0u;
}

/* What the main thread has found itself is no reason to sleep; elsewhere the next tick ends that sleep. */
static void tell_news(void)
{
#ifdef RILL_SUBTASKS
    news = 1u;
#endif
}

static void accept(struct feed *feed, const struct link_line *line)
{
    feed->asked = 0u;
    feed->turn = (char)(feed->turn ^ 1);
    if (line->length < feed->ring.item) {
        feed->ended = 1u;
        tell_news();
        link_release();
    } else {
        staged = line;
        staged_at = 0u;
        staged_for = feed;
    }
}

/* Asks again for what a damaged line may have been. */
static void ask_again(void)
{
    unsigned i;

    for (i = 0u; i < feed_total; i++) {
        feeds[i].starved |= feeds[i].asked;
        feeds[i].asked = 0u;
    }
}

#ifdef RILL_SUBTASKS
#define IS_ITEMS(kind) ((kind) == 'i' || (kind) == 'I')
#else
#define IS_ITEMS(kind) ((kind) == 'i')
#endif

static void receive(void)
{
    uint32_t noise = link_noise();
    const struct link_line *line = link_take();
    unsigned i;

    if (line == NULL) {
        if (noise != link_noise()) {
            ask_again();
        }
        return;
    }
#ifdef RILL_SUBTASKS
    if (line->kind == 'p' || line->kind == 'I') {
        host_has_answers = 1u;
        tell_news();
    }
#endif
    for (i = 0u; i < feed_total; i++) {
        if (IS_ITEMS(line->kind) && feeds[i].asked != 0u && line->stream == feeds[i].stream
            && line->turn == feeds[i].turn) {
            accept(&feeds[i], line);
            return;
        }
    }
    /* Not the wanted one: a repetition that was overtaken by its answer. */
    link_release();
}

static void pump(void)
{
    unsigned i;

    if (staged_for != NULL) {
        return;
    }
    receive();
    /* There is room for one line: one question at a time, or the second answer would be lost behind the first. */
    for (i = 0u; i < feed_total; i++) {
        if (feeds[i].asked != 0u) {
            return;
        }
    }
    for (i = 0u; i < feed_total && staged_for == NULL; i++) {
        if (feeds[i].starved != 0u && feeds[i].ended == 0u) {
            ask(&feeds[i]);
            return;
        }
    }
}

/*
 * Moves what needs no sleep; inlined, because the stack is deepest behind it.
 * @returns 1 when an item went into its ring
 */
__attribute__((always_inline)) static inline int move_line(void)
{
    if (order.policy != FEED_LINE) {
#ifdef RILL_SUBTASKS
        receive();
#endif
        return 0;
    }
    pump();
    return order.rate == 0u ? unstage() : 0;
}

#ifdef RILL_SUBTASKS

/*
 * Only a tick that moves items runs on while the core sleeps, and then wakes it in time: a board may have one timer for
 * tick and clock. Interrupts are held off.
 */
__attribute__((noinline)) static void sleep_until_due(void)
{
    const int ticks_on = order.rate != 0u;

    if (!ticks_on) {
        board_tick_start(0u);
    }
    if (ticks_on || board_clock_wake(host_due()) != 0) {
        core_sleep_locked();
        wakes++;
    }
    if (!ticks_on) {
        board_tick_start(feed_tick_rate());
    }
}

uint32_t feed_wakes(void)
{
    return wakes;
}

#else
#define sleep_until_due core_sleep_locked
#endif

#ifdef RILL_PASSES
void feed_wait_or_pass(int sleeps)
#else
#define sleeps 1

void feed_wait(void)
#endif
{
    if (order.policy >= FEED_READY) {
        return;
    }
    watchdog_arm(0);
    if (move_line() != 0) {
        watchdog_arm(1);
        return;
    }
    /* What came since the last sleep ends this one before it begins; what comes while held off ends it at once. */
    core_lock();
    if (sleeps != 0 && news == 0u && (staged_for != NULL || link_arrived() == 0)) {
        sleep_until_due();
    }
    news = 0u;
    core_unlock();
    watchdog_arm(1);
}

#ifdef RILL_CONVERSES

int feed_is_staged(void)
{
    return staged_for != NULL;
}

void feed_lend(struct link_line *loan)
{
    core_lock();
    if (staged_for != NULL) {
        *loan = *staged;
        staged = loan;
        link_release();
    }
    core_unlock();
    ask_again();
}

void feed_restore(const struct link_line *loan)
{
    core_lock();
    if (staged_for != NULL) {
        staged = link_hold(loan);
    }
    core_unlock();
}

#endif

struct feed_counts feed_count(unsigned index)
{
    return feeds[index].counts;
}

uint32_t feed_ticks(void)
{
#ifdef RILL_SUBTASKS
    return order.rate == 0u ? idle_ticks() - ticks : ticks;
#else
    return ticks;
#endif
}
