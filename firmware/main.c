/*
 * The firmware: looks for images in flash, runs each guest that is whole and fits, reports every other with a code, and
 * goes on with the next whatever happens to one.
 */
#include "board.h"
#include "fault.h"
#ifdef RILL_IMAGE_FUNCTIONS
#include "functions.h"
#endif
#include "guest.h"
#ifdef RILL_WITH_PIPES
#include "image_row.h"
#endif
#include "session.h"

#include <string.h>

/* Images start at multiples of this from the first slot on; board-table.ts has the same number. */
#define IMAGE_STRIDE 1024u
#ifndef RILL_ALLOW_NATIVE
#define OPERAND_STACK_MAX 4096u
#endif
/* Times that each live guest's task is run: the second shows that the instance has outlived the first. */
#define ROUNDS 2u

extern const uint8_t __images_start[];
extern const uint8_t __images_stop[];
extern uint8_t __pool_start[];
extern uint8_t __pool_stop[];

static struct guest_set guests;

static const char *word_of(int code)
{
    static const struct {
        int8_t code;
        char word[11];
    } words[] = {
        {RILL_ERR_IMAGE_MAGIC, "magic"},
        {RILL_ERR_IMAGE_VERSION, "version"},
        {RILL_ERR_IMAGE_TRUNCATED, "truncated"},
        {RILL_ERR_IMAGE_CRC, "crc"},
        {RILL_ERR_IMAGE_TARGET, "board"},
        {RILL_ERR_IMAGE_ADDRESS, "address"},
        {RILL_ERR_IMAGE_POOL, "pool"},
        {RILL_ERR_IMAGE_STACK, "stack"},
        {RILL_ERR_IMAGE_IMPORTS, "imports"},
        {GUEST_ERR_LOAD, "load"},
        {GUEST_ERR_UNLINKED, "unlinked"},
        {GUEST_ERR_INSTANCE, "instance"},
        {GUEST_ERR_TRAP, "trap"},
        {GUEST_ERR_HUNG, "hung"},
        {GUEST_ERR_FAULT, "fault"},
        {GUEST_ERR_TYPE, "type"},
        {RILL_ERR_IMAGE_TABLES, "tables"},
#ifdef RILL_ALLOW_NATIVE
        {RILL_ERR_IMAGE_CPU, "cpu"},
        {GUEST_ERR_ENGINE, "engine"},
#elif !defined(RILL_IMAGE_FEW_CODES)
        {RILL_ERR_IMAGE_NATIVE, "native"},
#endif
#ifdef RILL_IMAGE_FUNCTIONS
        {GUEST_ERR_MISSING, "missing"},
#endif
#ifdef RILL_WITH_PIPES
        {GUEST_ERR_ROW, "row"},
#endif
    };
    uint32_t i;

    for (i = 0u; i < sizeof words / sizeof words[0]; i++) {
        if (words[i].code == code) {
            return words[i].word;
        }
    }
    return "?";
}

static void report_name(const uint8_t *image)
{
    board_uart_put((uint8_t)' ');
    link_text_n(rill_image_name(image), RILL_IMAGE_NAME);
}

OUT_OF_LINE static void report_error(int code, const uint8_t *image, const char *text)
{
    link_text("error ");
    link_decimal(code);
    board_uart_put((uint8_t)' ');
    link_text(word_of(code));
    board_uart_put((uint8_t)' ');
    link_hex32((uint32_t)(uintptr_t)image);
    report_name(image);
    board_uart_put((uint8_t)' ');
    link_text(text);
    link_end();
}

#ifdef RILL_IMAGE_FUNCTIONS
wasm_exec_env_t host_env(void)
{
    return guests.env;
}
#endif

static uint32_t pool_length(void)
{
    return (uint32_t)(__pool_stop - __pool_start) & ~7u;
}

#ifdef RILL_ALLOW_NATIVE
OUT_OF_LINE static void report_memory(void)
{
    /* The pool is at its fullest for as long as a guest is there. */
    link_pair("pool", (uint32_t)(guests.free - __pool_start));
    link_pair("peak", (uint32_t)(guests.free - __pool_start));
    link_pair("stack", stack_used());
}
#else
OUT_OF_LINE static void report_memory(void)
{
    mem_alloc_info_t info;

    /* What WAMR gives its blocks from is smaller than the pool: its own tables are there, too. */
    if (wasm_runtime_get_mem_alloc_info(&info)) {
        link_pair("pool", pool_length() - info.total_free_size);
        link_pair("peak", pool_length() - info.total_size + info.highmark_size);
    }
    link_pair("stack", stack_used());
}
#endif

OUT_OF_LINE static void report_end(uint32_t number)
{
    struct feed_counts counts = feed_count(0u);

    link_text("end");
    report_name(guests.image.bytes);
    link_pair("guest", number);
    link_pair("in", host_count().items_in);
    link_pair("out", host_count().items_out);
    link_pair("dropped", counts.dropped);
    link_pair("ticks", feed_ticks());
#ifdef RILL_IMAGE_FUNCTIONS
    link_pair("wakes", feed_wakes());
#endif
    link_pair("noise", link_noise());
    report_memory();
    link_end();
}

/* Waits for the line `g`. */
OUT_OF_LINE static struct feed_order await_order(void)
{
    link_text("ready");
    report_name(guests.image.bytes);
    link_pair("at", (uint32_t)(uintptr_t)guests.image.bytes);
    report_memory();
    link_end();
    return take_order();
}

/* @returns 0, or the code of the error that ended the guest */
static int run_one(struct guest *guest, const struct feed_order *order, uint32_t number)
{
    int code;

    feed_reset(order);
    host_quiet(order->policy >= FEED_READY);
    code = guest_run(&guests, guest);
    board_tick_start(0u);
    if (code != 0) {
        report_error(code, guests.image.bytes, guests.text);
    } else {
        report_end(number);
    }
    return code;
}

#ifdef RILL_IMAGE_FUNCTIONS
/* The order's function is the one that is called: numbers count from 1. @returns 0 for any other number */
static int choose_function(const struct feed_order *order)
{
    if (order->entry == 0u || order->entry > rill_image_entries(&guests.image)) {
        return 0;
    }
    rill_image_choose(&guests.image, order->entry - 1u);
    return 1;
}

/* Behind a call of several: awaits the next one's order. @returns 1 when there is one */
OUT_OF_LINE static int await_call(struct feed_order *order)
{
    const uint8_t call = (uint8_t)(order->guests + 1u);

    if (order->entry == 0u) {
        return 0;
    }
    link_text("more");
    link_end();
    do {
        *order = take_order();
    } while (order->guests != call);
    return choose_function(order);
}
#define ORDER struct feed_order
#else
#define await_call(order) 0
#define ORDER const struct feed_order
#endif

static void run_many(ORDER *order)
{
    uint32_t wanted = order->guests != 0u ? order->guests : GUEST_MAX;
    uint32_t rounds = wanted == 1u ? 1u : ROUNDS;
    struct guest *guest;
    uint32_t number;

    while (guests.count < wanted && guest_add(&guests) == 0) {
    }
    if (guests.count == 0u) {
        report_error(GUEST_ERR_INSTANCE, guests.image.bytes, guests.text);
        return;
    }
    link_text("live");
    link_pair("guests", guests.count);
    report_memory();
    link_end();
#ifdef RILL_IMAGE_FUNCTIONS
    if (order->entry != 0u && choose_function(order) == 0) {
        return;
    }
#endif
    for (; rounds != 0u; rounds--) {
        for (guest = guests.first, number = guests.count; guest != NULL; guest = guest->next) {
            number--;
            if (run_one(guest, order, number) != 0) {
                return;
            }
        }
        rounds += (uint32_t)await_call(order);
    }
}

/* What the firmware has to offer to an image. */
static inline struct rill_image_limits limits_of(const uint8_t *bytes)
{
    struct rill_image_limits limits;

    limits.target = rill_crc32(0u, (const uint8_t *)board_name, (uint32_t)strlen(board_name));
    limits.address = (uint32_t)(uintptr_t)bytes;
#ifdef RILL_ALLOW_NATIVE
    limits.pool = pool_length();
    limits.cpu = rill_crc32(0u, (const uint8_t *)RILL_CPU, sizeof RILL_CPU - 1u);
    /* What the guest calls in the firmware comes on top, so this holds the worst alone. */
    limits.stack = stack_bytes() - stack_used();
#else
    /* Images state what they need with WAMR's smallest cache of blocks. */
    limits.pool = pool_length() - RILL_MORE_FOR_BLOCKS;
    limits.stack = OPERAND_STACK_MAX;
#endif
    return limits;
}

OUT_OF_LINE static int open_image(const uint8_t *bytes)
{
    const struct rill_image_limits limits = limits_of(bytes);

    return rill_image_open(bytes, (uint32_t)(__images_stop - bytes), &limits, &guests.image);
}

static void run_image(const uint8_t *bytes)
{
    struct feed_order order;
    int code;

    (void)memset(&guests, 0, sizeof guests);
    code = open_image(bytes);
    if (code != 0) {
        if (code != RILL_ERR_IMAGE_MAGIC) {
            report_error(code, bytes, "");
        }
        return;
    }
    rill_fault_watch((uint32_t)(uintptr_t)bytes);
    code = guest_load(&guests);
    if (code != 0) {
        report_error(code, bytes, guests.text);
    } else {
#ifdef RILL_IMAGE_FUNCTIONS
        const uint32_t missing = functions_name_missing(&guests.image);
#endif
        order = await_order();
#ifdef RILL_IMAGE_FUNCTIONS
        if (missing != 0u && order.has_functions == 0u) {
            report_error(GUEST_ERR_MISSING, bytes, "");
        } else
#endif
        {
            run_many(&order);
        }
    }
    guest_unload(&guests);
    rill_fault_watch(0u);
}

/*
 * Where the next image may start. The inside of one that is whole is never looked at, be it refused or the cause of a
 * fault.
 */
static const uint8_t *behind(const uint8_t *bytes)
{
    uint32_t taken = rill_image_length(bytes, (uint32_t)(__images_stop - bytes));

    return bytes + (taken == 0u ? IMAGE_STRIDE : (taken + IMAGE_STRIDE - 1u) / IMAGE_STRIDE * IMAGE_STRIDE);
}

#ifdef RILL_WITH_PIPES

static int is_piped(const uint8_t *bytes)
{
    return bytes < __images_stop && rill_image_is_piped(bytes, (uint32_t)(__images_stop - bytes));
}

OUT_OF_LINE static void run_row(const uint8_t *const *images, uint32_t count)
{
    const struct rill_image_limits limits = limits_of(images[0]);
    struct feed_order order;
    uint32_t lacking = 0u;
    uint32_t at = 0u;
    int code;

    (void)memset(&guests, 0, sizeof guests);
    rill_fault_watch((uint32_t)(uintptr_t)images[0]);
    code = open_image(images[0]);
    if (code == 0) {
        code = image_row_load(&guests, images, count, &limits, &at);
        if (code == 0) {
            order = await_order();
            if (image_row_lacks_functions(&lacking) && order.has_functions == 0u) {
                at = lacking;
                code = GUEST_ERR_MISSING;
            } else {
                feed_reset(&order);
                host_quiet(order.policy >= FEED_READY);
                code = image_row_run(&guests);
                board_tick_start(0u);
            }
        }
    }
    if (code != 0) {
        report_error(code, images[at], guests.text);
    } else {
        report_end(0u);
    }
    image_row_unload(&guests);
    rill_fault_watch(0u);
}

static void run_images(const uint8_t *from)
{
    const uint8_t *images[IMAGE_ROW_MAX];
    uint32_t count;

    while (from < __images_stop) {
        images[0] = from;
        from = behind(from);
        for (count = 1u; count < IMAGE_ROW_MAX && is_piped(from); count++) {
            images[count] = from;
            from = behind(from);
        }
        if (is_piped(images[0])) {
            report_error(GUEST_ERR_ROW, images[0], "no image in front of it");
        } else if (count == 1u) {
            run_image(images[0]);
        } else {
            run_row(images, count);
        }
    }
}

#else

static void run_images(const uint8_t *from)
{
    for (; from < __images_stop; from = behind(from)) {
        run_image(from);
    }
}

#endif

#ifdef RILL_ALLOW_NATIVE
static int start_engine(void)
{
    return 1;
}
#else
OUT_OF_LINE static int start_engine(void)
{
    RuntimeInitArgs arguments;

    (void)memset(&arguments, 0, sizeof arguments);
    arguments.mem_alloc_type = Alloc_With_Pool;
    arguments.mem_alloc_option.pool.heap_buf = __pool_start;
    arguments.mem_alloc_option.pool.heap_size = pool_length();
    return wasm_runtime_full_init(&arguments);
}
#endif

int main(void)
{
    const uint8_t *from = __images_start;
    uint32_t faulted;

    board_init();
    faulted = rill_fault_take();
    link_text("rill 1 ");
    link_text(board_name);
    link_pair("pool", pool_length());
    link_pair("stack", stack_bytes());
    link_end();
    if (faulted != 0u) {
        from = (const uint8_t *)(uintptr_t)faulted;
        report_error(GUEST_ERR_FAULT, from, "hardware fault");
        from = behind(from);
    }
    if (start_engine()) {
        run_images(from);
    }
    link_text("done");
    link_end();
    rest();
}
