/*
 * rill-run: conversations with whoever started the program, and the guest's calls of imports that go through them.
 */
#include "remote.h"

#ifdef RUN_IMPORTS

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/** Calls under way at once. */
#define MAX_CALLS 256u
/** Bytes of an order at most: SOCKET_FORM of remote-socket.ts has as many. */
#define ORDER_BYTES (UINT32_C(1) << 17)

/** The first eight as `enum remote_order` of firmware/remote.h. */
enum order {
    ORDER_ANSWER,
    ORDER_READ,      /* address, length */
    ORDER_WRITE,     /* address, bytes */
    ORDER_ALLOCATE,  /* alignment, length */
    ORDER_ARGUMENTS, /* where, in words, 1 byte; bytes */
    ORDER_REFUSE,    /* why the guest traps */
    ORDER_GIVE,      /* type and whether a future, a word that nobody looks at */
    ORDER_TAKE,      /* the same, a handle */
    ORDER_NEWS,      /* none: REMOTE_NEXT has something to ask for */
    ORDER_QUIET      /* none: nothing will come, if nothing was said since REMOTE_ASLEEP of this number */
};

/** A call that goes on. */
struct open_call {
    struct rill_call call; /* first: on_cancel finds the rest behind it */
    uint64_t core;         /* its core result, of one that is not lowered with `async` */
    uint32_t number;
};

/** What there is to know of each guest's conversations. */
struct talk {
    uint32_t said; /* how much it was */
    bool has_news;
    bool is_quiet;
};

static struct open_call calls[MAX_CALLS];
static struct talk talks[MAX_WORKS];
static uint32_t payload_words[ORDER_BYTES / 4u];
static char trap_text[256];

/* Values are lifted and lowered by whoever answers. */
static const struct rill_func plain = {{NULL, NULL, 0}, {NULL, NULL, 0}};

#define PAYLOAD ((uint8_t *)payload_words)
#define TALK (talks[WORK_INDEX])

/// The socket ///

static void send_all(const void *bytes, size_t length)
{
    const uint8_t *rest = bytes;

    while (length > 0) {
        const ssize_t sent = write(job.imports_descriptor, rest, length);

        if (sent <= 0) {
            fail("nobody listens to the guest", "");
        }
        rest += sent;
        length -= (size_t)sent;
    }
}

static void receive_all(void *bytes, size_t length)
{
    uint8_t *rest = bytes;

    while (length > 0) {
        const ssize_t got = read(job.imports_descriptor, rest, length);

        if (got <= 0) {
            fail("nobody answers the guest", "");
        }
        rest += got;
        length -= (size_t)got;
    }
}

static void say(enum remote_word word, uint32_t number, const void *bytes, uint32_t length)
{
    const uint32_t words[4] = {(uint32_t)word, number, GUEST_HOST->memory_bytes, length};

    TALK.said++;
    TALK.is_quiet = false;
    send_all(words, sizeof words);
    if (length != 0) {
        send_all(bytes, length);
    }
}

void remote_tell(enum remote_word word, uint32_t number)
{
    say(word, number, NULL, 0);
}

/** Waits for an order, whose bytes are in `payload_words` then. @returns which, and how many there are */
static enum order take_order(uint32_t *length)
{
    uint32_t words[2];

    receive_all(words, sizeof words);
    if (words[1] > ORDER_BYTES) {
        fail("an order that is too long", "");
    }
    receive_all(payload_words, words[1]);
    *length = words[1];
    return (enum order)words[0];
}

/// Orders ///

static uint8_t *memory_at(uint32_t ptr, uint32_t length)
{
    const struct rill_host *host = GUEST_HOST;

    if (length > host->memory_bytes || ptr > host->memory_bytes - length) {
        fail("an order beyond the guest's memory", "");
    }
    return host->memory + ptr;
}

static bool allocate(void)
{
    struct rill_way way;
    uint32_t ptr;

    memset(&way, 0, sizeof way);
    way.host = GUEST_HOST;
    way.to.is_guest = true;
    if (!rill_way_allocate(&way, payload_words[0], payload_words[1], &ptr)) {
        return false;
    }
    say(REMOTE_HAS, 0, &ptr, sizeof ptr);
    return true;
}

static void take_arguments(const struct remote *remote, uint32_t length)
{
    const uint32_t at = PAYLOAD[0] * 4u;

    if (remote->words == NULL || length > remote->room || at > remote->room - (length - 1u)) {
        fail("arguments that nobody asked for", "");
    }
    memcpy(remote->words + at, PAYLOAD + 1, length - 1u);
    say(REMOTE_HAS, 0, NULL, 0);
}

static bool refuse(uint32_t length)
{
    const size_t taken = length < sizeof trap_text ? length : sizeof trap_text - 1u;

    memcpy(trap_text, PAYLOAD, taken);
    trap_text[taken] = '\0';
    GUEST_HOST->trap = trap_text;
    return false;
}

/** Gives an end, or takes one. */
static bool move_end(bool gives)
{
    uint32_t end[2] = {payload_words[0], payload_words[1]};

    if (!(gives ? remote_ends_give(end) : remote_ends_take(end))) {
        return false;
    }
    say(REMOTE_HAS, 0, end, sizeof end);
    return true;
}

/** What comes outside of conversations, too. */
static void take_news(enum order order)
{
    if (order == ORDER_QUIET) {
        TALK.is_quiet = payload_words[0] == TALK.said;
    } else {
        TALK.has_news = true;
    }
}

/** Does what is ordered. @returns false: the guest traps */
static bool obey(struct remote *remote, enum order order, uint32_t length)
{
    switch (order) {
    case ORDER_READ:
        say(REMOTE_HAS, 0, memory_at(payload_words[0], payload_words[1]), payload_words[1]);
        return true;
    case ORDER_WRITE:
        memcpy(memory_at(payload_words[0], length - 4u), PAYLOAD + 4, length - 4u);
        say(REMOTE_HAS, 0, NULL, 0);
        return true;
    case ORDER_ALLOCATE:
        return allocate();
    case ORDER_ARGUMENTS:
        take_arguments(remote, length);
        return true;
    case ORDER_REFUSE:
        return refuse(length);
    case ORDER_GIVE:
    case ORDER_TAKE:
        return move_end(order == ORDER_GIVE);
    default:
        take_news(order);
        return true;
    }
}

bool remote_ask(struct remote *remote, enum remote_word word, uint32_t number, const void *bytes, uint32_t length)
{
    const uint32_t in_front = word == REMOTE_START || word == REMOTE_NEXT ? 4u : 0u;
    enum order order;
    uint32_t got;

    say(word, number, bytes, length);
    for (order = take_order(&got); order != ORDER_ANSWER; order = take_order(&got)) {
        if (!obey(remote, order, got)) {
            return false;
        }
    }
    memset(PAYLOAD + got, 0, 12u);
    remote->number = payload_words[0];
    memcpy(&remote->cell, PAYLOAD + in_front, sizeof remote->cell);
    return true;
}

/// Calls of imports ///

static bool is_free(const struct open_call *open)
{
    return open->call.host == NULL || open->call.state >= RILL_CALL_RETURNED;
}

static struct open_call *free_place(void)
{
    uint32_t i;

    for (i = 0; i < MAX_CALLS; i++) {
        if (is_free(&calls[i])) {
            return &calls[i];
        }
    }
    return NULL;
}

static bool cancel_call(struct rill_call *call)
{
    const struct open_call *open = (struct open_call *)(void *)call;

    if (open->number != 0) {
        remote_tell(REMOTE_GONE, open->number);
    }
    rill_call_cancelled(call);
    return true;
}

/** The guest's own resource is dropped: runs the guest's destructor. */
static bool destroy(const char *destructor, uint64_t representation)
{
    uint64_t cells[MAX_CELLS] = {representation};
    engine_function function = engine_find(destructor);
    const char *trap = function != NULL ? engine_call(function, cells) : NULL;

    if (trap != NULL && GUEST_HOST->trap == NULL) {
        GUEST_HOST->trap = trap;
    }
    return trap == NULL;
}

static bool call_at_once(const struct imported_function *function, uint32_t at, const uint64_t *args, uint64_t *result)
{
    struct remote remote = {NULL, 0, 0, 0};

    if (!remote_ask(&remote, REMOTE_CALL, at, args, function->cells * 8u)) {
        return false;
    }
    if (function->destructor != NULL) {
        return destroy(function->destructor, remote.cell);
    }
    if (function->has_result) {
        *result = remote.cell;
    }
    return true;
}

bool serve_import(struct rill_host *host, uint32_t at, const uint64_t *args, uint64_t *result)
{
    const struct imported_function *function = job.functions[at];
    struct remote remote = {NULL, 0, 0, 0};
    struct open_call *open;
    uint64_t answer = 0;

    if (!function->may_wait) {
        return call_at_once(function, at, args, result);
    }
    open = free_place();
    if (open == NULL) {
        host->trap = "too many calls of imports at once";
        return false;
    }
    rill_call_begin(host, &open->call, &plain, function->is_lowered_async, args);
    open->call.on_cancel = cancel_call;
    (void)rill_call_start(&open->call, NULL, NULL);
    if (!remote_ask(&remote, REMOTE_START, at, args, function->cells * 8u)) {
        return false;
    }
    open->number = remote.number;
    open->core = remote.cell;
    if (open->number == 0) {
        (void)rill_call_return(&open->call, NULL, NULL);
    }
    if (!rill_call_end(&open->call, &answer)) {
        return false;
    }
    if (function->has_result) {
        *result = function->is_lowered_async ? answer : open->core;
    }
    return true;
}

/// What comes later ///

static bool is_call_open(void)
{
    uint32_t i;

    for (i = 0; i < MAX_CALLS; i++) {
        if (!is_free(&calls[i]) && calls[i].call.host == GUEST_HOST) {
            return true;
        }
    }
    return false;
}

bool is_remote_awaited(void)
{
    return job.imports_descriptor != 0 && !TALK.is_quiet && (is_call_open() || are_remote_ends_late());
}

void remote_sleeps(void)
{
    /* What is said counts: by this number nothing else was said since. */
    remote_tell(REMOTE_ASLEEP, TALK.said + 1u);
}

static void return_call(const struct remote *answer)
{
    uint32_t i;

    for (i = 0; i < MAX_CALLS; i++) {
        if (!is_free(&calls[i]) && calls[i].call.host == GUEST_HOST && calls[i].number == answer->number) {
            calls[i].core = answer->cell;
            (void)rill_call_return(&calls[i].call, NULL, NULL);
        }
    }
}

/** Asks for what is new, until there is nothing more. @returns whether there was anything */
static bool ask_for_news(void)
{
    bool has_moved = false;

    while (TALK.has_news && GUEST_HOST->trap == NULL) {
        struct remote remote = {NULL, 0, 0, 0};

        TALK.has_news = false;
        if (!remote_ask(&remote, REMOTE_NEXT, 0, NULL, 0) || remote.number == 0) {
            break;
        }
        TALK.has_news = true;
        has_moved = true;
        if ((remote.number & REMOTE_END) != 0) {
            remote_ends_wake(remote.number ^ REMOTE_END);
        } else {
            return_call(&remote);
        }
    }
    return has_moved;
}

bool pump_remote(void)
{
    struct pollfd socket = {job.imports_descriptor, POLLIN, 0};
    bool has_moved;
    uint32_t length;

    if (job.imports_descriptor == 0) {
        return false;
    }
    has_moved = remote_ends_pump();
    if (is_remote_awaited() && poll(&socket, 1, 0) > 0) {
        take_news(take_order(&length));
    }
    return ask_for_news() || has_moved || GUEST_HOST->trap != NULL;
}

/// Functions that are called one after the other ///

bool next_entry(void)
{
    struct remote remote = {NULL, 0, 0, 0};

    if (!remote_ask(&remote, REMOTE_READY, 0, NULL, 0) || remote.number == 0) {
        return false;
    }
    if (remote.number > job.entry_count) {
        fail("there is no such function", "");
    }
    job.entry = &job.entries[remote.number - 1u];
    job.call = job.entry->name;
    job.is_callback = job.entry->is_callback;
    job.may_block = !job.entry->is_sync;
    job.has_returned = false;
    return true;
}

bool ask_arguments(uint64_t *cells, uint32_t *count)
{
    uint32_t words[2u * MAX_CELLS] = {0};
    struct remote remote = {(uint8_t *)words, sizeof words, 0, 0};
    const char *letter;
    uint32_t at = 0;

    if (!remote_ask(&remote, REMOTE_ARGS, 0, NULL, 0)) {
        return false;
    }
    *count = 0;
    for (letter = job.entry->params; *letter != '\0'; letter++) {
        uint64_t cell = words[at++];

        if (*letter == 'I' || *letter == 'F') {
            cell |= (uint64_t)words[at++] << 32;
        }
        cells[(*count)++] = cell;
    }
    return true;
}

bool give_result(const uint64_t *cells)
{
    struct remote remote = {NULL, 0, 0, 0};

    return remote_ask(&remote, REMOTE_RESULT, 0, cells, job.entry->results * 8u);
}

#else

bool is_remote_awaited(void)
{
    return false;
}

void remote_sleeps(void)
{
}

bool pump_remote(void)
{
    return false;
}

#endif
