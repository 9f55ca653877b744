/*
 * Random sequences of built-in calls and host steps against the C host, without WebAssembly: any handle, pointer, length and order.
 * A trap is fine; an access outside the tables, the guest's memory or the host's buffers is what the sanitizers are there for.
 * Every step checks what must always hold: a copy's progress is within its length, every pending copy is of an open end.
 *
 *   rill-fuzz SEED SEQUENCES      random sequences of bytes from a seed, which is printed
 *   or linked with libFuzzer (-fsanitize=fuzzer, -DRILL_LIBFUZZER): sequences that find new code
 */
#include "rill_host.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HANDLES 8u
#define STREAMS 4u
#define HOST_ENDS 3u
#define MEMORY_BYTES 256u
#define BUFFER_BYTES 64u

static const uint16_t plan_u16[] = {RILL_OP_BYTES, 0, 2, RILL_OP_END};
static const uint16_t plan_f32[] = {RILL_OP_F32, 0, RILL_OP_END};
/* record { bool, option<char> }: 12 bytes */
static const uint16_t plan_record[] = {RILL_OP_BOOL, 0, RILL_OP_VARIANT, 4, 1, 2, 8, 10, RILL_OP_JUMP, 14, RILL_OP_CHAR, 8,
                                       RILL_OP_JUMP, 14, RILL_OP_END};
static const struct rill_type types[] = {{plan_u16, 2, 2, 1, 0}, {plan_f32, 4, 4, 1, 1}, {plan_record, 12, 4, 0, 2}};

/** The bytes that decide what happens; 0 when there are no more. */
struct input {
    const uint8_t *at;
    size_t left;
};

static uint8_t next_byte(struct input *input)
{
    if (input->left == 0) {
        return 0;
    }
    input->left--;
    return *input->at++;
}

/** Mostly a small number, sometimes any. */
static uint32_t next_number(struct input *input)
{
    const uint8_t first = next_byte(input);
    uint32_t value;

    if (first < 240) {
        return first % 16u;
    }
    value = (uint32_t)next_byte(input) << 24;
    value |= (uint32_t)next_byte(input) << 16;
    value |= (uint32_t)next_byte(input) << 8;
    return value | next_byte(input);
}

static const struct rill_type *next_type(struct input *input)
{
    const uint8_t choice = next_byte(input) % 8u;

    if (choice == 7) {
        return NULL;
    }
    return choice < 5 ? &types[0] : &types[choice - 4u];
}

/** Mostly aligned addresses: misaligned ones trap at once and lead nowhere. */
static uint32_t next_ptr(struct input *input, const struct rill_type *type)
{
    const uint32_t number = next_number(input);

    return number > 15 || type == NULL ? number : number * type->align;
}

/** One guest, its memory exactly as long as it says, so that one byte too far is seen. */
struct world {
    struct rill_end ends[HANDLES];
    struct rill_stream streams[STREAMS];
    struct rill_end host_ends[HOST_ENDS];
    uint8_t *buffers[HOST_ENDS];
    struct rill_host host;
    struct input *input;
    uint32_t depth;
};

static void host_step(struct world *world);

static bool wait_a_little(void *context)
{
    struct world *world = context;

    if (world->input->left == 0 || world->depth > 3) {
        return false;
    }
    world->depth++;
    host_step(world);
    world->depth--;
    return true;
}

static const struct rill_port port = {wait_a_little};

static void check_end(const struct rill_end *end)
{
    if (end->packed >> 4 > end->length) {
        abort();
    }
    if (end->stream != NULL && end->stream->ends == 0) {
        abort();
    }
}

static void check(const struct world *world)
{
    uint32_t i;

    for (i = 0; i < HANDLES; i++) {
        check_end(&world->ends[i]);
    }
    for (i = 0; i < HOST_ENDS; i++) {
        check_end(&world->host_ends[i]);
    }
    for (i = 0; i < STREAMS; i++) {
        const struct rill_end *pending = world->streams[i].pending;

        if (pending != NULL && (pending->stream != &world->streams[i] || pending->kind < RILL_READABLE)) {
            abort();
        }
    }
}

/** Steps of the embedder keep to its contract: that is what it promises. */
static void host_step(struct world *world)
{
    struct input *input = world->input;
    const uint32_t at = next_byte(input) % HOST_ENDS;
    struct rill_end *end = &world->host_ends[at];
    const uint32_t verb = next_byte(input) % 8u;
    uint32_t packed;

    if (end->stream == NULL || world->host.trap != NULL) {
        return;
    }
    if (rill_end_state(end) == RILL_IDLE && verb < 4) {
        const uint32_t elem_size = end->stream->element != NULL ? end->stream->element->elem_size : 1u;
        const uint32_t room = BUFFER_BYTES / elem_size;
        const uint32_t length = end->stream->is_future ? 1u : next_byte(input) % (room + 1u);
        uint32_t i;

        for (i = 0; i < length * elem_size && end->kind == RILL_WRITABLE; i++) {
            world->buffers[at][i] = next_byte(input) % 3u == 0 ? 1u : 0u;
        }
        (void)rill_end_copy(&world->host, end, world->buffers[at], length, (verb & 1u) != 0, &packed);
    } else if (rill_end_state(end) == RILL_COPYING && rill_end_has_event(end)) {
        (void)rill_end_event(end);
    } else if (rill_end_state(end) == RILL_COPYING && verb == 5) {
        (void)rill_end_cancel(end);
    } else if (rill_end_state(end) != RILL_COPYING && verb == 6 &&
               !(end->stream->is_future && end->kind == RILL_WRITABLE && rill_end_state(end) != RILL_DONE)) {
        rill_end_drop(end);
    } else if (verb == 7 && end->kind == RILL_WRITABLE) {
        rill_end_ack_cancel(end);
    }
}

static void guest_step(struct world *world)
{
    struct input *input = world->input;
    struct rill_host *host = &world->host;
    const uint32_t verb = next_byte(input) % 16u;
    const struct rill_type *type = next_type(input);
    const uint8_t flags = next_byte(input);
    const bool is_future = (flags & 1u) != 0;
    const bool is_async = (flags & 6u) != 0;
    const enum rill_kind kind = (flags & 8u) != 0 ? RILL_READABLE : RILL_WRITABLE;
    uint32_t a = 0;
    uint32_t b = 0;
    struct rill_end *free_end = NULL;
    uint32_t i;

    for (i = 0; i < HOST_ENDS; i++) {
        if (world->host_ends[i].stream == NULL) {
            free_end = &world->host_ends[i];
        }
    }
    switch (verb) {
    case 0:
    case 1:
        (void)rill_new(host, type, is_future, &a, &b);
        break;
    case 2:
    case 3:
    case 4:
    case 5:
        a = next_number(input);
        b = next_ptr(input, type);
        (void)rill_copy(host, kind, type, is_future, is_async, a, b, is_future ? 1u : next_number(input), &a);
        break;
    case 6:
    case 7:
        (void)rill_cancel(host, kind, type, is_future, is_async, next_number(input), &a);
        break;
    case 8:
        (void)rill_drop(host, kind, type, is_future, next_number(input));
        break;
    case 9:
        (void)rill_set_new(host, &a);
        break;
    case 10:
        (void)rill_set_wait(host, next_number(input), next_number(input) * 4u, &a);
        break;
    case 11:
        (void)rill_set_poll(host, next_number(input), next_number(input) * 4u, &a);
        break;
    case 12:
        (void)rill_set_drop(host, next_number(input));
        break;
    case 13:
        (void)rill_join(host, next_number(input), next_number(input));
        break;
    case 14:
        if (free_end != NULL && rill_give(host, type, is_future, free_end, &a) && (flags & 16u) != 0) {
            rill_end_defer_cancel(free_end);
        }
        break;
    default:
        if (free_end != NULL) {
            (void)rill_take(host, type, is_future, next_number(input), free_end);
        }
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    struct world world;
    uint8_t *memory = calloc(1, MEMORY_BYTES);
    uint32_t i;

    if (memory == NULL) {
        return 0;
    }
    memset(&world, 0, sizeof world);
    world.input = &input;
    for (i = 0; i < HOST_ENDS; i++) {
        world.buffers[i] = calloc(1, BUFFER_BYTES);
    }
    rill_host_init(&world.host, world.ends, HANDLES, world.streams, STREAMS, &port, &world);
    rill_host_memory(&world.host, memory, MEMORY_BYTES);
    rill_host_may_block(&world.host, next_byte(&input) % 8u != 0);
    while (input.left > 0 && world.host.trap == NULL) {
        if (next_byte(&input) % 3u == 0) {
            host_step(&world);
        } else {
            guest_step(&world);
        }
        check(&world);
    }
    for (i = 0; i < HOST_ENDS; i++) {
        free(world.buffers[i]);
    }
    free(memory);
    return 0;
}

#ifndef RILL_LIBFUZZER

#define SEQUENCE_BYTES 600u

int main(int argc, char **argv)
{
    static uint8_t bytes[SEQUENCE_BYTES];
    uint64_t state;
    uint64_t sequences;
    uint64_t done;
    uint32_t i;

    if (argc != 3) {
        fprintf(stderr, "usage: rill-fuzz SEED SEQUENCES\n");
        return 2;
    }
    state = strtoull(argv[1], NULL, 10) | 1u;
    sequences = strtoull(argv[2], NULL, 10);
    for (done = 0; done < sequences; done++) {
        for (i = 0; i < SEQUENCE_BYTES; i++) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            bytes[i] = (uint8_t)(state >> 32);
        }
        (void)LLVMFuzzerTestOneInput(bytes, SEQUENCE_BYTES);
    }
    printf("%" PRIu64 " sequences from seed %s\n", done, argv[1]);
    return 0;
}

#endif
