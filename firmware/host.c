#include "host.h"

#include "board.h"
#ifdef RILL_CONVERSES
#include "entry.h"
#include "remote.h"
#endif
#ifdef RILL_SUBTASKS
#include "calls.h"
#endif
#if defined(RILL_SUBTASKS) && defined(RILL_WITH_PIPES) && !defined(RILL_FIRMWARE_NATIVE)
#include "image_row.h"
#define TELL_TIME image_row_tell_time
#define NEXT_DUE image_row_next_due
#else
#define TELL_TIME calls_tell_time
#define NEXT_DUE calls_next_due
#endif
#include "feed.h"
#include "link.h"
#ifdef RILL_IMAGE_FUNCTIONS
#include "remote_ends.h"
#include "remote_items.h"
#endif
#include "watchdog.h"

#include <string.h>

/* Streams within a guest, for which the build knows that it has any. */
#ifndef OWN_STREAMS
#define OWN_STREAMS 0u
#endif
/* Parameters and one result. */
#define STREAMS (FEED_MAX + 1u + OWN_STREAMS)

#ifdef RILL_FIRMWARE_NATIVE
#define GUEST(host) (host)->guest
#else
#define GUEST(host) (&(host)->guest)
#endif
#define SIDE(host) (&GUEST(host)->host)

#if defined(RILL_FIRMWARE_NATIVE) && !defined(RILL_ALLOW_NATIVE)
#define PARAM_COUNT native_guest.param_count
#define STREAM_COUNT native_guest.stream_count

static const struct rill_type *type_of(unsigned stream)
{
    return &native_guest.types[native_guest.streams[stream]];
}
#else
#define PARAM_COUNT image->param_count
#define STREAM_COUNT image->stream_count

/* Of a row each stream has its own. */
#if defined(RILL_WITH_PIPES) && FEED_MAX >= RILL_IMAGE_MAX_TYPES
#define TYPES STREAMS
#else
#define TYPES RILL_IMAGE_MAX_TYPES
#endif

static const struct rill_image *image;
static struct rill_type types[TYPES];

static const struct rill_type *type_of(unsigned stream)
{
    return &types[rill_image_stream(image, stream)];
}
#endif

#ifdef RILL_IMAGE_FUNCTIONS
#define ELEMENT(type) rill_image_element(type)
#else
#define ELEMENT(type) (type)
#endif

#ifndef RILL_CONVERSES
#define IS_FUTURE(stream) false
#define PLACE(param) (param)
#elif defined(RILL_FIRMWARE_NATIVE)
#define IS_FUTURE(stream) ((native_more.futures >> (stream)&1u) != 0u)
#define PLACE(param) native_more.places[param]
#define ENTRY native_more.entry
#define ANSWER_CELLS native_more.result_cells
#define ENV(host) (host)->guest
#else
#define IS_FUTURE(stream) (rill_image_is_future(image, (stream)) != 0)
#define PLACE(param) rill_image_place(image, (param))
#define ENTRY rill_image_entry(image)
#define ANSWER_CELLS entry_result_cells(image)
#define ENV(host) host_env()
#endif

/* What the task has answered with. */
enum output_kind {
    OUTPUT_NONE,
    OUTPUT_ITEMS,
    OUTPUT_VALUES /* a stream whose items the computer lifts */
};

/* The running task's. */
static struct rill_stream streams[STREAMS];
static struct rill_end inputs[FEED_MAX];
static struct rill_end output;
static uint64_t output_room[HOST_OUTPUT / 8u];
static struct host_counts counts;
static uint8_t is_quiet;
static uint8_t has_output; /* enum output_kind */
#ifdef RILL_CONVERSES
uint8_t host_turns;
uint8_t host_has_answered;
#endif
#ifdef RILL_SUBTASKS
uint8_t host_has_answers;
#endif
#ifdef RILL_IMAGE_FUNCTIONS
uint8_t host_call_places;
uint8_t host_end_places;
#endif

/// The host's ends ///

#ifdef RILL_CONVERSES

static bool is_future(const struct rill_end *end)
{
    return end->stream != NULL && end->stream->is_future;
}

/* Items that a copy has moved; the result of a future's counts none. */
static uint32_t items_of(const struct rill_end *end, uint32_t packed)
{
    return is_future(end) ? (packed & 15u) == RILL_COMPLETED : packed >> 4;
}

#else
#define is_future(end) false
#define items_of(end, packed) ((packed) >> 4)
#endif

static uint16_t element_size(unsigned stream)
{
    return (uint16_t)type_of(stream)->elem_size;
}

static void send(const struct host *host, uint32_t items)
{
    uint8_t stream = (uint8_t)(host->stream + PARAM_COUNT);

    counts.items_out += items;
    if (is_quiet == 0u && items != 0u) {
        /* A slow line is not the guest's fault, and a line is not to be cut off in the middle. */
        uint32_t paused = watchdog_pause();
        link_text(RILL_TEXT("out "));
        link_hex(&stream, 1u);
        board_uart_put((uint8_t)' ');
        link_hex((const uint8_t *)output_room, (unsigned)items * element_size(PARAM_COUNT));
        link_end();
        watchdog_resume(paused);
    }
}

/* Sends what the guest has written, and reads on. @returns 1 when something moved */
static int pump_output(struct host *host)
{
    unsigned places;
    uint32_t packed = 0u;
    int moved = 0;

#ifdef RILL_IMAGE_FUNCTIONS
    if (has_output == OUTPUT_VALUES) {
        packed = RILL_BLOCKED;
        moved = remote_items_lift(&host->guest, &output, output_room, &packed);
        counts.items_out += packed != RILL_BLOCKED ? items_of(&output, packed) : 0u;
        return moved;
    }
#endif
    if (has_output == OUTPUT_NONE) {
        return 0;
    }
    places = HOST_OUTPUT / element_size(PARAM_COUNT);
    while (rill_end_state(&output) != RILL_DONE) {
        if (rill_end_state(&output) != RILL_IDLE && !rill_end_has_event(&output)) {
            break;
        }
        if (rill_end_state(&output) != RILL_IDLE) {
            packed = rill_end_event(&output);
            send(host, items_of(&output, packed));
            moved = 1;
        }
        if (feed_is_blocking() != 0 || is_future(&output)) {
            places = 1u;
        }
        if (rill_end_state(&output) != RILL_IDLE || (feed_is_blocking() != 0 && !rill_end_is_awaited(&output))
            || !rill_end_copy(SIDE(host), &output, (uint8_t *)output_room, places, false, &packed)
            || packed == RILL_BLOCKED) {
            break;
        }
        send(host, items_of(&output, packed));
        moved = 1;
    }
    return moved;
}

/* Offers what has arrived for parameter `index`. @returns 1 when something moved */
static int pump_input(struct host *host, unsigned index)
{
    struct rill_end *end = &inputs[index];
    uint8_t *items = NULL;
    uint32_t packed = RILL_BLOCKED;
    uint32_t offered;
    int moved = 0;

    if (end->kind == RILL_FREE) {
        return 0;
    }
    if (rill_end_state(end) == RILL_COPYING && rill_end_has_event(end)) {
        packed = rill_end_event(end);
        feed_taken(index, items_of(end, packed));
        counts.items_in += items_of(end, packed);
        moved = 1;
    }
    if (rill_end_state(end) != RILL_IDLE) {
        return moved;
    }
    offered = feed_offer(index, &items);
    if (offered == 0u) {
        if (feed_is_over(index) != 0) {
#ifdef RILL_IMAGE_FUNCTIONS
            if (rill_image_has_values(image, index)) {
                return remote_items_lower(&host->guest, end, index, host->stream + index);
            }
#endif
            rill_end_drop(end);
            moved = 1;
        }
        return moved;
    }
    if (!rill_end_copy(SIDE(host), end, items, offered, false, &packed)) {
        return moved;
    }
    if (packed != RILL_BLOCKED) {
        feed_taken(index, items_of(end, packed));
        counts.items_in += items_of(end, packed);
        moved = 1;
    }
    return moved;
}

static int pump(struct host *host)
{
    int moved = pump_output(host);
    unsigned i;

#ifdef RILL_IMAGE_FUNCTIONS
    if (host_end_places != 0u) {
        moved |= remote_ends_pump(GUEST(host));
    }
#endif
    for (i = 0u; i < PARAM_COUNT; i++) {
        /* Until a copy waits for the guest, which then takes item after item without waiting itself. */
        while (pump_input(host, i) != 0) {
            moved = 1;
            if (feed_is_blocking() != 0 || feed_is_over(i) != 0) {
                break;
            }
        }
    }
    return moved;
}

#ifdef RILL_SUBTASKS

/* The guest's that runs. */
#ifdef RILL_FIRMWARE_NATIVE
static const struct rill_host *running_side(void)
{
    return &native_guest.instance->host;
}
#else
static const struct rill_host *running_side(void)
{
    const struct rill_guest *guest = wasm_runtime_get_custom_data(wasm_runtime_get_module_inst(host_env()));

    return &guest->host;
}
#endif

/* Calls return whose time has come, or that the computer has answered. */
static int pump_calls(struct host *host)
{
    int moved = TELL_TIME(SIDE(host));

    if (remote_take_answers(GUEST(host), ENV(host)) != 0) {
        moved = 1;
    }
    return moved;
}

uint64_t host_due(void)
{
    return host_call_places != 0u ? NEXT_DUE(running_side()) : CALLS_NEVER;
}

#define GETS_ANSWERS (host_call_places != 0u || host_end_places != 0u)
#else
#define GETS_ANSWERS 0
#define pump_calls(host) 0
#endif

#ifdef RILL_PASSES

/* Something moves, or the chip sleeps until an interrupt, or until a call is due. */
static void let_pass(struct host *host, int sleeps)
{
    const int calls = GETS_ANSWERS;

    if ((calls == 0 || pump_calls(host) == 0) && pump(host) == 0) {
        feed_wait_or_pass(sleeps);
        if (calls != 0) {
            (void)pump_calls(host);
        }
        (void)pump(host);
    }
}

/* The guest waits: as below, and until a call returns. One that has to trap goes on, to where that is seen. */
static bool wait_for_news(void *context)
{
    let_pass(context, 1);
    return true;
}

bool host_pass(struct host *host)
{
    let_pass(host, 0);
    return SIDE(host)->trap == NULL;
}

#else

/* The guest waits: something moves, or the chip sleeps until an interrupt brings something. */
static bool wait_for_news(void *context)
{
    if (pump(context) == 0) {
        feed_wait();
        (void)pump(context);
    }
    return true;
}

#endif

/* A guest that polls and never waits is cut off by the watchdog, as one that loops. */
static const struct rill_port port = {wait_for_news, NULL};

#ifdef RILL_FIRMWARE_NATIVE
static bool returned(struct rill_native *guest, const uint64_t *values)
#else
static bool returned(struct rill_guest *guest, const uint64_t *values)
#endif
{
    struct host *host = guest->host.context;

#ifdef RILL_CONVERSES
    if ((ENTRY.flags & RILL_ENTRY_VALUE) != 0u) {
        return entry_returned(guest, values, ANSWER_CELLS);
    }
#endif
    if (has_output != OUTPUT_NONE || STREAM_COUNT == PARAM_COUNT) {
        guest->host.trap = RILL_TEXT("task.return again, or without a result");
        return false;
    }
    if (!rill_take(&guest->host, ELEMENT(type_of(PARAM_COUNT)), IS_FUTURE(PARAM_COUNT), (uint32_t)values[0], &output)) {
        return false;
    }
    has_output = OUTPUT_ITEMS;
#ifdef RILL_IMAGE_FUNCTIONS
    if (rill_image_has_values(image, PARAM_COUNT)) {
        has_output = OUTPUT_VALUES;
    }
#endif
    if (feed_is_blocking() == 0) {
        (void)pump_output(host);
    }
    return true;
}

/// Guests and tasks ///

#if defined(RILL_FIRMWARE_NATIVE) && !defined(RILL_ALLOW_NATIVE)

void host_open(struct host *host)
{
    host->guest = native_guest.instance;
    host->stream = 0u;
    host->guest->returned = returned;
    rill_host_init(SIDE(host), native_guest.ends, native_guest.end_count, streams, STREAMS, &port, host);
#ifdef RILL_SUBTASKS
    calls_open(SIDE(host));
#endif
}

#else

void host_use(const struct rill_image *of)
{
    image = of;
    rill_image_types(of, types);
#ifdef RILL_IMAGE_FUNCTIONS
    host_call_places = rill_image_entry(of).calls;
    host_end_places = rill_image_entry(of).ends;
#endif
}

#if defined(RILL_WITH_PIPES) && !defined(RILL_ALLOW_NATIVE)
struct rill_type *host_types(void)
{
    return types;
}
#endif

#ifdef RILL_ALLOW_NATIVE

void host_open(struct host *host, struct rill_end *ends, struct rill_image_native *instance, uint8_t stream)
{
    host->guest = &instance->base;
    host->stream = stream;
    host->guest->returned = returned;
    instance->types = types;
    rill_host_init(SIDE(host), ends, (uint16_t)rill_image_handles(image), streams, STREAMS, &port, host);
}

#else

void host_open(struct host *host, struct rill_end *ends, wasm_module_inst_t instance, uint8_t stream)
{
    struct rill_stream *table = streams;

#ifndef RILL_UNCOUNTED
    host->guest.calls = 0u;
#endif
    host->stream = stream;
    host->guest.returned = returned;
    host->guest.types = types;
#ifdef RILL_IMAGE_FUNCTIONS
    if (host_end_places != 0u) {
        table = remote_ends_open(&ends[rill_image_handles(image)]);
    }
#endif
    rill_host_init(SIDE(host), ends, (uint16_t)rill_image_handles(image), table, (uint16_t)(STREAMS + host_end_places),
                   &port, host);
#ifdef RILL_IMAGE_FUNCTIONS
    calls_open(SIDE(host));
#endif
    rill_wamr_attach(&host->guest, instance);
}

#endif
#endif

int host_begin(struct host *host, uint32_t *arguments)
{
    unsigned i;

    (void)memset(inputs, 0, sizeof inputs);
    (void)memset(&output, 0, sizeof output);
    (void)memset(&counts, 0, sizeof counts);
    has_output = OUTPUT_NONE;
#ifdef RILL_SUBTASKS
    host_has_answers = 0u;
#endif
    for (i = 0u; i < PARAM_COUNT; i++) {
        const struct rill_type *type = type_of(i);
        feed_open(i, (uint8_t)(host->stream + i), (uint16_t)type->elem_size);
#ifdef RILL_IMAGE_FUNCTIONS
        if (rill_image_has_values(image, i)) {
            feed_close(i);
        }
#endif
        if (!rill_give(SIDE(host), ELEMENT(type), IS_FUTURE(i), &inputs[i], &arguments[PLACE(i)])) {
            return 0;
        }
        if (feed_is_blocking() == 0) {
            (void)pump_input(host, i);
        }
    }
    return 1;
}

/* Gives the end up. @returns how many items its last copy moved */
static uint32_t close(struct rill_end *end)
{
    uint32_t packed = 0u;

    if (end->kind != RILL_FREE) {
        if (rill_end_state(end) == RILL_COPYING) {
            packed = rill_end_cancel(end);
        }
        rill_end_drop(end);
    }
    return packed >> 4;
}

#ifdef RILL_FIRMWARE_NATIVE
int host_end(struct host *host)
{
    unsigned i;

#else
int host_end(struct host *host, wasm_module_inst_t instance)
{
    unsigned i;

    /* The guest may have moved its memory since its last call. */
    rill_wamr_refresh(SIDE(host), instance);
#endif
    (void)pump_output(host);
    for (i = 0u; i < PARAM_COUNT; i++) {
        counts.items_in += close(&inputs[i]);
    }
    (void)close(&output);
#ifdef RILL_IMAGE_FUNCTIONS
    if (host_end_places != 0u) {
        remote_ends_settle(GUEST(host));
        return 1;
    }
#endif
    for (i = 0u; i < STREAMS; i++) {
        if (streams[i].ends != 0u) {
            return 0;
        }
    }
    return 1;
}

uint16_t host_progress(void)
{
    uint32_t moved = counts.items_in + output.packed;
    unsigned i;

    for (i = 0u; i < sizeof inputs / sizeof inputs[0]; i++) {
        moved += inputs[i].packed;
    }
    return (uint16_t)moved;
}

struct host_counts host_count(void)
{
    return counts;
}

void host_quiet(int quiet)
{
    is_quiet = (uint8_t)(quiet != 0);
}
