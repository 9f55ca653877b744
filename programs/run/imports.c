/*
 * rill-run: the functions that the guest imports. Whoever started the program answers for them, over a socket.
 * Words of 32 bits, then values: a tuple in canonical layout, and the space of its strings and lists.
 *
 *   to it     IMPORT CALL BYTES SPACE_BYTES values space      the arguments; IMPORT counts the descriptor's lines
 *   from it   CALL BYTES SPACE_BYTES values space             the result; or, with IS_TRAP for BYTES, why the guest has
 *             to trap: up to 255 characters in place of the space
 */
#include "run.h"

#ifdef RUN_IMPORTS

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/** Calls under way at once. */
#define MAX_CALLS 256u
/** In place of the bytes of a result. */
#define IS_TRAP UINT32_MAX

enum call_state { CALL_FREE, CALL_OPEN, CALL_CANCELLED };

/** A call that has not been answered. */
struct open_call {
    struct rill_call call; /* first: on_cancel finds the rest behind it */
    uint32_t number;
    enum call_state state;
};

static struct open_call calls[MAX_CALLS];
static struct rill_space space;
static uint32_t last_number;

static void send_all(const void *bytes, size_t length)
{
    const uint8_t *rest = bytes;

    while (length > 0) {
        const ssize_t sent = write(job.imports_descriptor, rest, length);

        if (sent <= 0) {
            fail("nobody takes the calls of imports", "");
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
            fail("nobody answers the calls of imports", "");
        }
        rest += got;
        length -= (size_t)got;
    }
}

static uint32_t size_of(const struct rill_values *values)
{
    return values->type != NULL ? values->type->elem_size : 0u;
}

static uint8_t *make_bytes(uint32_t length)
{
    uint8_t *bytes = calloc(1, length + 1u); /* never 0 bytes: calloc may answer NULL to that */

    if (bytes == NULL) {
        fail("out of memory", "");
    }
    if (space.bytes == NULL) {
        space = make_space();
    }
    space.used = 0;
    return bytes;
}

static struct open_call *find(uint32_t number)
{
    uint32_t i;

    for (i = 0; i < MAX_CALLS; i++) {
        if (calls[i].state != CALL_FREE && calls[i].number == number) {
            return &calls[i];
        }
    }
    fail("an answer to no call", "");
}

static struct open_call *free_place(void)
{
    uint32_t i;

    for (i = 0; i < MAX_CALLS; i++) {
        if (calls[i].state == CALL_FREE) {
            return &calls[i];
        }
    }
    return NULL;
}

/** What the guest passed is none of its handles. @returns false: the guest traps */
static bool take_trap(struct open_call *open, uint32_t length)
{
    static char text[256];

    if (length >= sizeof text) {
        fail("a trap's text that is too long", "");
    }
    receive_all(text, length);
    text[length] = '\0';
    open->call.host->trap = text;
    open->state = CALL_FREE;
    return false;
}

/** Takes in one answer. @returns false for a trap */
static bool take_answer(void)
{
    uint32_t words[3];
    struct open_call *open;
    uint8_t *bytes;
    bool done = true;

    receive_all(words, sizeof words);
    open = find(words[0]);
    if (words[1] == IS_TRAP) {
        return take_trap(open, words[2]);
    }
    bytes = make_bytes(words[1]);
    if (words[2] > space.byte_length || words[1] != size_of(&open->call.func->result)) {
        fail("an answer of another size than its type", "");
    }
    receive_all(bytes, words[1]);
    receive_all(space.bytes, words[2]);
    space.used = words[2];
    if (open->state == CALL_OPEN) {
        done = rill_call_return(&open->call, words[1] != 0 ? bytes : NULL, &space);
    }
    open->state = CALL_FREE;
    free(bytes);
    return done;
}

static bool send_call(struct open_call *open, uint32_t import)
{
    const uint32_t length = size_of(&open->call.func->params);
    uint8_t *bytes = make_bytes(length);
    const bool done = rill_call_start(&open->call, length != 0 ? bytes : NULL, &space);

    if (done) {
        const uint32_t words[4] = {import, open->number, length, space.used};

        send_all(words, sizeof words);
        send_all(bytes, length);
        send_all(space.bytes, space.used);
    }
    free(bytes);
    return done;
}

static bool cancel_call(struct rill_call *call)
{
    ((struct open_call *)(void *)call)->state = CALL_CANCELLED;
    rill_call_cancelled(call);
    return true;
}

bool serve_import(struct rill_host *host, uint32_t at, const uint64_t *args, uint64_t *result)
{
    const struct imported_function *function = job.functions[at];
    struct open_call *open = free_place();

    if (open == NULL) {
        host->trap = "too many calls of imports at once";
        return false;
    }
    rill_call_begin(host, &open->call, &function->func, function->is_lowered_async, args);
    open->call.on_cancel = cancel_call;
    open->number = ++last_number;
    open->state = CALL_OPEN;
    if (!send_call(open, at)) {
        return false;
    }
    while (!function->may_wait && open->state == CALL_OPEN) {
        if (!take_answer()) {
            return false;
        }
    }
    return rill_call_end(&open->call, result);
}

bool are_calls_open(void)
{
    uint32_t i;

    for (i = 0; i < MAX_CALLS; i++) {
        if (calls[i].state == CALL_OPEN && calls[i].call.host == GUEST_HOST) {
            return true;
        }
    }
    return false;
}

bool pump_calls(void)
{
    struct pollfd socket = {job.imports_descriptor, POLLIN, 0};

    if (!are_calls_open() || poll(&socket, 1, 0) <= 0) {
        return false;
    }
    (void)take_answer(); /* a trap is the host's to tell */
    return true;
}

#else

bool are_calls_open(void)
{
    return false;
}

bool pump_calls(void)
{
    return false;
}

#endif
