/*
 * Three guests in a row, driven by lines on standard input, for schedules.test.ts, which does the same to V8's host. A
 * line is a guest, what it does, and two numbers; each is answered with a line.
 *
 *   schedules TYPE                    the stream's type: 0 u32, 1 char, 2 f32, 3 record { bool, u32 }, 4 none
 *   w write | r read | c cancel-write | x cancel-read | d drop-writable | e drop-readable   each of guest 0, 1 or 2
 *   p poll | s store a word | h hand the readable end on | m sum of the memory | z close the guest
 *   n three new guests; the numbers and the guest mean nothing
 */
#include "rill_pipe.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GUESTS 3u
#define HANDLES 4u
#define STREAMS 2u
#define MEMORY_BYTES 64u

/* Each guest has tables of its own, in which the type stands elsewhere. */
static const uint16_t plan_u32[GUESTS][4] = {
    {RILL_OP_BYTES, 0, 4, RILL_OP_END}, {RILL_OP_BYTES, 0, 4, RILL_OP_END}, {RILL_OP_BYTES, 0, 4, RILL_OP_END}};
static const uint16_t plan_char[GUESTS][3] = {
    {RILL_OP_CHAR, 0, RILL_OP_END}, {RILL_OP_CHAR, 0, RILL_OP_END}, {RILL_OP_CHAR, 0, RILL_OP_END}};
static const uint16_t plan_f32[GUESTS][3] = {
    {RILL_OP_F32, 0, RILL_OP_END}, {RILL_OP_F32, 0, RILL_OP_END}, {RILL_OP_F32, 0, RILL_OP_END}};
static const uint16_t plan_record[GUESTS][6] = {{RILL_OP_BOOL, 0, RILL_OP_BYTES, 4, 4, RILL_OP_END},
                                                {RILL_OP_BOOL, 0, RILL_OP_BYTES, 4, 4, RILL_OP_END},
                                                {RILL_OP_BOOL, 0, RILL_OP_BYTES, 4, 4, RILL_OP_END}};

/** A guest: exactly as much memory as it says, so that a sanitizer sees a byte too much. */
struct guest {
    struct rill_host host;
    struct rill_end *ends;
    struct rill_stream *streams;
    uint8_t *memory;
    struct rill_type type;
    const struct rill_type *element;
    uint32_t set;
    uint32_t readable;
    uint32_t writable;
    bool is_closed;
};

static struct guest guests[GUESTS];

static bool never(void *context)
{
    (void)context;
    return false;
}

static const struct rill_port port = {never, NULL};

static struct rill_type type_of(uint32_t which, uint32_t guest)
{
    const struct rill_type types[] = {{plan_u32[guest], 4, 4, 1, (uint16_t)guest},
                                      {plan_char[guest], 4, 4, 0, (uint16_t)guest},
                                      {plan_f32[guest], 4, 4, 1, (uint16_t)guest},
                                      {plan_record[guest], 8, 4, 0, (uint16_t)guest}};

    return types[which % 4u];
}

static void begin(struct guest *guest, uint32_t which, uint32_t index)
{
    memset(guest, 0, sizeof *guest);
    guest->ends = calloc(HANDLES, sizeof *guest->ends);
    guest->streams = calloc(STREAMS, sizeof *guest->streams);
    guest->memory = calloc(1, MEMORY_BYTES);
    if (guest->ends == NULL || guest->streams == NULL || guest->memory == NULL) {
        exit(2);
    }
    guest->type = type_of(which, index);
    guest->element = which == 4u ? NULL : &guest->type;
    rill_host_init(&guest->host, guest->ends, HANDLES, guest->streams, STREAMS, &port, NULL);
    rill_host_memory(&guest->host, guest->memory, MEMORY_BYTES);
    if (!rill_set_new(&guest->host, &guest->set)) {
        exit(2);
    }
}

/** Ends a guest, with all its memory: whoever still reaches for it is seen. */
static void close_guest(struct guest *guest)
{
    if (!guest->is_closed) {
        guest->is_closed = true;
        rill_host_close(&guest->host);
        free(guest->memory);
        free(guest->ends);
        free(guest->streams);
    }
}

static bool copies(struct guest *guest, char what, uint32_t ptr, uint32_t length, uint32_t *packed)
{
    const bool is_read = what == 'r';

    return rill_copy(&guest->host, is_read ? RILL_READABLE : RILL_WRITABLE, guest->element, false, true,
                     is_read ? guest->readable : guest->writable, ptr, length, packed);
}

static bool cancels(struct guest *guest, char what, uint32_t *packed)
{
    const bool is_read = what == 'x';

    return rill_cancel(&guest->host, is_read ? RILL_READABLE : RILL_WRITABLE, guest->element, false, true,
                       is_read ? guest->readable : guest->writable, packed);
}

/** The event's code and what came of the copy. */
static bool polls(struct guest *guest, uint32_t *code, uint32_t *packed)
{
    const uint32_t at = MEMORY_BYTES - 8u;

    if (!rill_set_poll(&guest->host, guest->set, at, code)) {
        return false;
    }
    memcpy(packed, guest->memory + at + 4u, sizeof *packed);
    memset(guest->memory + at, 0, 8);
    return true;
}

static bool hands_on(struct guest *guest, uint32_t *packed)
{
    struct guest *next = guest + 1;

    *packed = 0;
    return guest + 1 < guests + GUESTS && rill_join(&guest->host, guest->readable, 0)
           && rill_connect(&guest->host, guest->readable, guest->element, &next->host, next->element, &next->readable)
           && rill_join(&next->host, next->readable, next->set);
}

static uint32_t sum_of(const struct guest *guest)
{
    uint32_t sum = 0;
    uint32_t i;

    for (i = 0; i < MEMORY_BYTES; i++) {
        sum = sum * 31u + guest->memory[i];
    }
    return sum;
}

static bool is_trapped(void)
{
    uint32_t i;

    for (i = 0; i < GUESTS; i++) {
        if (!guests[i].is_closed && guests[i].host.trap != NULL) {
            return true;
        }
    }
    return false;
}

static void act(struct guest *guest, char what, uint32_t a, uint32_t b)
{
    uint32_t code = 0;
    uint32_t packed = 0;
    bool done = true;

    if (guest->is_closed) {
        puts("closed");
        return;
    }
    switch (what) {
    case 'w':
    case 'r':
        done = copies(guest, what, a, b, &packed);
        break;
    case 'c':
    case 'x':
        done = cancels(guest, what, &packed);
        break;
    case 'd':
        done = rill_drop(&guest->host, RILL_WRITABLE, guest->element, false, guest->writable);
        break;
    case 'e':
        done = rill_drop(&guest->host, RILL_READABLE, guest->element, false, guest->readable);
        break;
    case 'p':
        done = polls(guest, &code, &packed);
        break;
    case 's':
        memcpy(guest->memory + a % (MEMORY_BYTES - 3u), &b, sizeof b);
        break;
    case 'h':
        done = hands_on(guest, &packed);
        break;
    case 'm':
        packed = sum_of(guest);
        break;
    default:
        close_guest(guest);
        break;
    }
    if (!done || is_trapped()) {
        puts("trap");
    } else {
        printf("%" PRIu32 " %" PRIu32 "\n", code, packed);
    }
}

static void end_all(void)
{
    uint32_t i;

    for (i = 0; i < GUESTS; i++) {
        close_guest(&guests[i]);
    }
}

static void begin_all(uint32_t which)
{
    uint32_t packed;
    uint32_t i;

    for (i = 0; i < GUESTS; i++) {
        begin(&guests[i], which, i);
    }
    if (!rill_new(&guests[0].host, guests[0].element, false, &guests[0].readable, &guests[0].writable)
        || !rill_join(&guests[0].host, guests[0].writable, guests[0].set) || !hands_on(&guests[0], &packed)) {
        exit(2);
    }
}

int main(int argc, char **argv)
{
    const uint32_t which = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0;
    uint32_t guest;
    uint32_t a;
    uint32_t b;
    char what;

    begin_all(which);
    while (scanf("%" SCNu32 " %c %" SCNu32 " %" SCNu32, &guest, &what, &a, &b) == 4) {
        if (what == 'n') {
            end_all();
            begin_all(which);
            puts("new");
        } else {
            act(&guests[guest % GUESTS], what, a, b);
        }
    }
    end_all();
    return 0;
}
