#include "image_row.h"

#include "calls.h"
#include "feed.h"
#include "functions.h"
#include "remote.h"
#include "row.h"
#include "watchdog.h"

#include <string.h>

/* One guest's part of the row, beside its instance. In the pool. */
struct part {
    struct guest_set set; /* of the first one not used: it is main.c's */
    struct rill_tasks tasks;
    struct rill_task task;
    struct rill_type types[RILL_IMAGE_MAX_TYPES];
    struct rill_stream streams[FEED_MAX + 1u];
    uint32_t arguments[FEED_MAX];
    uint8_t param_count;
    uint8_t calls; /* places for calls that go on, behind its handles */
    bool lacks_functions;
};

/* All of the row. In the pool. */
struct parts {
    struct row_guest guests[IMAGE_ROW_MAX];
    struct part of[];
};

struct row row;

static struct parts *parts;
static struct row_input inputs[FEED_MAX];
/*
 * What host.c has to know of the row as of one guest: an image of format 1 that is a header and a table of streams, of
 * which each has a type of its own.
 */
#define OUTLINE_HEADER 8u
static uint8_t outline[OUTLINE_HEADER + FEED_MAX + 1u];
static struct rill_image whole;

static struct guest_set *set_of(struct guest_set *first, uint32_t index)
{
    return index == 0u ? first : &parts->of[index].set;
}

/// Guests ///

static struct guest *live(const struct row_guest *guest)
{
    /* SAFETY: the instance is a `guest`'s: the first member of its first member. */
    return (struct guest *)(void *)guest->instance;
}

/* Calls a function of the guest's; its answer takes the place of its first argument. */
static bool call_core(const struct row_guest *guest, const char *name, uint32_t count, uint32_t *words, uint32_t *code)
{
    wasm_exec_env_t env = host_env();
    wasm_module_inst_t instance = live(guest)->instance;
    wasm_function_inst_t function = wasm_runtime_lookup_function(instance, name);
    struct rill_host *host = &guest->instance->host;

    wasm_runtime_set_module_inst(env, instance);
    if (function == NULL || !wasm_runtime_call_wasm(env, function, count, words)) {
        const char *why = wasm_runtime_get_exception(instance);

        if (host->trap == NULL) {
            host->trap = why != NULL ? why : "entry";
        }
        return false;
    }
    *code = words[0];
    return true;
}

static bool enter(const struct row_guest *guest, uint32_t *code)
{
    const struct part *part = &parts->of[guest - parts->guests];
    uint32_t words[FEED_MAX];

    (void)memcpy(words, part->arguments, sizeof words);
    return call_core(guest, RILL_IMAGE_ENTRY, part->param_count, words, code);
}

static bool call_back(const struct row_guest *guest, const uint32_t event[3], uint32_t *code)
{
    uint32_t words[3] = {event[0], event[1], event[2]};

    return call_core(guest, RILL_IMAGE_CALLBACK, 3u, words, code);
}

/* The host has been set up anew. */
static bool attach(const struct row_guest *guest)
{
    rill_wamr_attach(guest->instance, live(guest)->instance);
    return true;
}

/// Loading ///

/* Whether the guest may wait inside of its call: the ones in front of it could not go on then. */
static bool waits_inside(const struct rill_image *image)
{
    uint32_t i;

    if ((rill_image_entry(image).flags & RILL_ENTRY_CALLBACK) != 0u) {
        return false;
    }
    for (i = 0u; i < image->import_count; i++) {
        const struct rill_image_import import = rill_image_import(image, i);
        const bool copies = import.builtin >= RILL_READ && import.builtin <= RILL_CANCEL_WRITE;

        if (import.builtin == RILL_SET_WAIT || import.builtin == RILL_YIELD || (copies && import.is_async == 0u)) {
            return true;
        }
    }
    return false;
}

/* Why an image cannot be in a row; NULL. */
static const char *unfit(const struct rill_image *image)
{
    const struct rill_image_entry entry = rill_image_entry(image);
    uint32_t i;

    for (i = 0u; i < image->stream_count; i++) {
        if (rill_image_is_future(image, i) != 0) {
            return "a future";
        }
        if (rill_image_has_values(image, i) != 0) {
            return "items with strings or lists";
        }
        if (rill_image_type(image, rill_image_stream(image, i)).align == 0u) {
            return "a stream without element type";
        }
    }
    if ((entry.flags & ~(uint32_t)(RILL_ENTRY_CALLBACK | RILL_ENTRY_ARENA)) != 0u || entry.words != image->param_count
        || image->param_count > FEED_MAX || image->stream_count != image->param_count + 1u || entry.ends != 0u) {
        return "not from streams to a stream";
    }
    if (waits_inside(image)) {
        return "it waits inside of its call";
    }
    return NULL;
}

/* Opens all images behind the first, whose operand stack is then all's. @returns 0, or the code of the one at *at */
static int open_images(struct guest_set *first, const uint8_t *const *images, uint32_t count,
                       struct rill_image_limits limits, uint32_t *at)
{
    uint32_t i;

    for (i = 0u; i < count; i++) {
        struct rill_image *image = &set_of(first, i)->image;
        const char *why;
        int code = 0;

        *at = i;
        if (i != 0u) {
            limits.address = (uint32_t)(uintptr_t)images[i];
            /* Each was found whole. */
            code = rill_image_open(images[i], rill_image_length(images[i], UINT32_MAX), &limits, image);
        }
        if (code != 0) {
            return code;
        }
        why = unfit(image);
        if (why != NULL) {
            return guest_failed(first, GUEST_ERR_ROW, why);
        }
        parts->of[i].lacks_functions = functions_name_missing(image) != 0u;
        parts->of[i].calls = rill_image_entry(image).calls;
        limits.pool -= image->pool;
        if (image->stack > first->image.stack) {
            first->image.stack = image->stack;
        }
    }
    return 0;
}

/* Streams of guest `index` that come from outside. @returns NULL, or why not */
static const char *find_inputs(const struct rill_image *image, struct part *part, uint32_t index)
{
    const uint32_t piped = rill_image_piped(image);
    uint32_t param;

    for (param = 0u; param < image->param_count; param++) {
        const struct rill_type *type = &part->types[rill_image_stream(image, param)];

        if (index != 0u && param + 1u == piped) {
            continue;
        }
        if (row.input_count == FEED_MAX) {
            return "more streams than are fed";
        }
        if (type->elem_size > FEED_ITEM_MAX) {
            return "items";
        }
        inputs[row.input_count].type = type;
        inputs[row.input_count].guest = (uint8_t)index;
        inputs[row.input_count].param = (uint8_t)param;
        row.input_count++;
    }
    return NULL;
}

static int add_guest(struct guest_set *first, uint32_t index)
{
    struct guest_set *set = set_of(first, index);
    struct part *part = &parts->of[index];
    struct row_guest *guest = &parts->guests[index];
    const struct rill_image *image = &set->image;
    const uint32_t piped = rill_image_piped(image);
    const char *why;
    int code;

    set->env = first->env;
    code = guest_load_in_row(set);
    if (code == 0) {
        code = guest_add(set);
    }
    if (code != 0) {
        return set != first ? guest_failed(first, code, set->text) : code;
    }
    rill_image_types(image, part->types);
    why = find_inputs(image, part, index);
    if (why != NULL) {
        return guest_failed(first, GUEST_ERR_ROW, why);
    }
    part->param_count = image->param_count;
    guest->instance = &set->first->host.guest;
    guest->instance->types = part->types;
    guest->ends = set->first->ends;
    guest->end_count = (uint16_t)rill_image_handles(image);
    guest->streams = part->streams;
    guest->stream_count = (uint16_t)(image->param_count + 1u);
    guest->tasks = &part->tasks;
    guest->task = &part->task;
    guest->arguments = part->arguments;
    guest->result = &part->types[rill_image_stream(image, image->param_count)];
    guest->piped = index != 0u ? &part->types[rill_image_stream(image, piped - 1u)] : NULL;
    guest->piped_param = (uint8_t)(index != 0u ? piped - 1u : 0u);
    guest->init = attach;
    guest->enter = enter;
    guest->callback = call_back;
    return 0;
}

/* Streams for later guests go through the first one's table, which is host.c's then. @returns whether there is room */
static bool make_way(struct guest_set *first)
{
    struct row_guest *guest = &parts->guests[0];
    const uint32_t passing = row.input_count - first->image.param_count;

    guest->streams = guest->instance->host.streams;
    guest->stream_count = guest->instance->host.stream_count;
    if (passing != 0u) {
        const uint32_t end_count = guest->end_count + passing;
        const uint32_t byte_length = end_count * (uint32_t)sizeof *guest->ends + CALLS_BYTES(parts->of[0].calls);

        guest->end_count = (uint16_t)end_count;
        guest->ends = wasm_runtime_malloc(byte_length);
        if (guest->ends == NULL) {
            return false;
        }
        (void)memset(guest->ends, 0, byte_length);
    }
    return true;
}

/* Says to host.c what goes in and out. */
static void outline_row(void)
{
    uint32_t i;

    (void)memset(outline, 0, sizeof outline);
    outline[4] = 1u;
    outline[5] = OUTLINE_HEADER / 4u;
    for (i = 0u; i <= row.input_count; i++) {
        outline[OUTLINE_HEADER + i] = (uint8_t)i;
    }
    (void)memset(&whole, 0, sizeof whole);
    whole.bytes = outline;
    whole.param_count = row.input_count;
    whole.stream_count = (uint8_t)(row.input_count + 1u);
    host_use(&whole);
    for (i = 0u; i < row.guest_count; i++) {
        if (parts->of[i].calls > host_call_places) {
            host_call_places = parts->of[i].calls;
        }
    }
}

int image_row_load(struct guest_set *first, const uint8_t *const *images, uint32_t count,
                   const struct rill_image_limits *limits, uint32_t *at)
{
    const uint32_t byte_length = (uint32_t)(sizeof *parts + count * sizeof parts->of[0]);
    const struct row_guest *last;
    uint32_t i;
    int code;

    (void)memset(&row, 0, sizeof row);
    *at = 0u;
    parts = wasm_runtime_malloc(byte_length);
    if (parts == NULL) {
        return guest_failed(first, GUEST_ERR_LOAD, "no room");
    }
    (void)memset(parts, 0, byte_length);
    row.guests = parts->guests;
    row.guest_count = (uint8_t)count;
    row.inputs = inputs;
    row.types = host_types();
    code = open_images(first, images, count, *limits, at);
    for (i = 0u; code == 0 && i < count; i++) {
        *at = i;
        code = add_guest(first, i);
    }
    if (code != 0) {
        return code;
    }
    last = &parts->guests[count - 1u];
    if (last->result->elem_size > HOST_OUTPUT) {
        return guest_failed(first, GUEST_ERR_ROW, "items");
    }
    if (!make_way(first)) {
        return guest_failed(first, GUEST_ERR_INSTANCE, "no room");
    }
    outline_row();
    return 0;
}

/// Functions that the guests import ///

bool image_row_lacks_functions(uint32_t *at)
{
    *at = 0u;
    while (*at < row.guest_count && !parts->of[*at].lacks_functions) {
        (*at)++;
    }
    return *at < row.guest_count;
}

/* @returns NULL of a guest that is alone */
static const struct part *part_of(const struct rill_host *host)
{
    uint32_t i;

    for (i = 0u; parts != NULL && i < row.guest_count; i++) {
        if (parts->guests[i].instance != NULL && &parts->guests[i].instance->host == host) {
            return &parts->of[i];
        }
    }
    return NULL;
}

bool image_row_has(const struct rill_host *host)
{
    return part_of(host) != NULL;
}

uint32_t image_row_calls(const struct rill_host *host)
{
    const struct part *part = part_of(host);

    return part != NULL ? part->calls : host_call_places;
}

int image_row_tell_time(const struct rill_host *host)
{
    int has_returned = 0;
    uint32_t i;

    if (part_of(host) == NULL) {
        return calls_tell_time(host);
    }
    for (i = 0u; i < row.guest_count; i++) {
        has_returned |= calls_tell_time(&parts->guests[i].instance->host);
    }
    return has_returned;
}

uint64_t image_row_next_due(const struct rill_host *host)
{
    uint64_t first = CALLS_NEVER;
    uint32_t i;

    if (part_of(host) == NULL) {
        return calls_next_due(host);
    }
    for (i = 0u; i < row.guest_count; i++) {
        const uint64_t due = calls_next_due(&parts->guests[i].instance->host);

        first = due < first ? due : first;
    }
    return first;
}

/// Running ///

/* Of a guest whose arena was too small: by how much. */
static void report_lack(struct guest_set *first)
{
    uint32_t i;

    for (i = 0u; i < row.guest_count; i++) {
        const struct rill_host *host = &parts->guests[i].instance->host;

        if (host->trap != NULL && (rill_image_entry(&set_of(first, i)->image).flags & RILL_ENTRY_ARENA) != 0u) {
            remote_report_lack(host);
        }
    }
}

static int run(void *arguments)
{
    return row_run(arguments) ? 1 : 0;
}

int image_row_run(struct guest_set *first)
{
    struct guest *head = first->first;
    const struct rill_host *host = &head->host.guest.host;
    uint32_t arguments[FEED_MAX] = {0u};
    int done;
    int closed;

    if (!row_init() || !host_begin(&head->host, arguments)) {
        return guest_failed(first, GUEST_ERR_TRAP, host->trap != NULL ? host->trap : "entry");
    }
    feed_start();
    done = watchdog_run(run, arguments, feed_tick_rate() / WATCHDOG_DIVISOR);
    closed = host_end(&head->host, head->instance);
    if (done < 0) {
        /* Cut off in the middle: what the environment holds is not to be trusted. */
        wasm_runtime_destroy_exec_env(first->env);
        first->env = NULL;
        return guest_failed(first, GUEST_ERR_HUNG, "no progress");
    }
    if (done == 0) {
        report_lack(first);
        return guest_failed(first, GUEST_ERR_TRAP, host->trap != NULL ? host->trap : "");
    }
    return closed ? 0 : guest_failed(first, GUEST_ERR_TRAP, "streams left open");
}

void image_row_unload(struct guest_set *first)
{
    uint32_t i;

    if (parts != NULL) {
        if (parts->guests[0].ends != NULL && parts->guests[0].ends != first->first->ends) {
            wasm_runtime_free(parts->guests[0].ends);
        }
        /* Each knows places in the others' tables: all are given up before any goes. */
        for (i = 0u; i < row.guest_count; i++) {
            if (parts->guests[i].instance != NULL) {
                rill_host_close(&parts->guests[i].instance->host);
            }
        }
        for (i = row.guest_count; i > 1u; i--) {
            /* The environment is the first one's. */
            parts->of[i - 1u].set.env = NULL;
            guest_unload(&parts->of[i - 1u].set);
        }
        wasm_runtime_free(parts);
        parts = NULL;
    }
    guest_unload(first);
}
