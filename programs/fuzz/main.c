/*
 * Random sequences of built-in calls and host steps against the C host, without WebAssembly: any handle, pointer,
 * length and order. A trap is fine; an access outside the tables, the guest's memory or the host's buffers is what the
 * sanitizers are there for. Every step checks what must always hold: a copy's progress is within its length, every
 * pending copy is of an open end, the short way of a copy comes to what the long one does. With the switches of
 * rill_host.h, strings and lists, calls and tasks as well: the guest's allocator moves its memory, gives wild addresses
 * or traps, core code runs inside core code.
 *
 *   rill-fuzz SEED SEQUENCES      random sequences of bytes from a seed, which is printed
 *   or linked with libFuzzer (-fsanitize=fuzzer, -DRILL_LIBFUZZER): sequences that find new code
 */
#include "fuzz.h"

#include "../check/both_ways.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint16_t plan_u16[] = {RILL_OP_BYTES, 0, 2, RILL_OP_END};
static const uint16_t plan_f32[] = {RILL_OP_F32, 0, RILL_OP_END};
/* record { bool, option<char> }: 12 bytes; a line ends where a step does. */
/* clang-format off */
static const uint16_t plan_record[] = {RILL_OP_BOOL, 0, RILL_OP_VARIANT, 4, 1, 2, 8, 10, RILL_OP_JUMP, 14,
                                       RILL_OP_CHAR, 8, RILL_OP_JUMP, 14, RILL_OP_END};
/* clang-format on */
static const struct rill_type types[] = {{plan_u16, 2, 2, 1, 0}, {plan_f32, 4, 4, 1, 1}, {plan_record, 12, 4, 0, 2}};

static const struct rill_type *next_type(struct input *input)
{
    const uint8_t choice = next_byte(input) % 12u;

    if (choice > 7) {
#ifdef RILL_WITH_TASKS
        return &more_types[choice - 8u];
#else
        return &types[(choice - 8u) % 3u];
#endif
    }
    if (choice == 7) {
        return NULL;
    }
    return choice < 5 ? &types[0] : &types[choice - 4u];
}

/** Mostly aligned addresses: misaligned ones trap at once and lead nowhere. Some are the memory's last ones. */
static uint32_t next_ptr(struct input *input, const struct rill_type *type)
{
    const uint32_t number = next_number(input);
    const uint32_t align = type != NULL ? type->align : 1u;

    if (number == 15) {
        return MEMORY_BYTES - next_byte(input) % 8u * align;
    }
    return number > 15 ? number : number * align;
}

/**
 * What a built-in of copies is called with: anything, but mostly what fits its handle, else sequences would end soon.
 */
struct target {
    const struct rill_type *type;
    uint32_t handle;
    enum rill_kind kind;
    bool is_future;
    bool is_async;
    bool is_there; /* or meant to be wild */
};

static bool may_cancel(const struct world *world, uint32_t handle)
{
    return handle >= 1u && handle <= HANDLES && rill_end_state(&world->ends[handle - 1u]) == RILL_COPYING;
}

static struct target next_target(struct world *world)
{
    struct target target;
    const uint8_t flags = next_byte(world->input);

    target.type = next_type(world->input);
    target.handle = next_number(world->input);
    target.is_future = (flags & 1u) != 0;
    target.is_async = (flags & 6u) != 0;
    target.kind = (flags & 8u) != 0 ? RILL_READABLE : RILL_WRITABLE;
    target.is_there = true;
    if ((flags & 250u) != 0) {
        const struct rill_end *end = &world->ends[target.handle % HANDLES];

        target.handle = target.handle % HANDLES + 1u;
        target.is_there = end->stream != NULL;
        if (target.is_there) {
            target.type = end->stream->element;
            target.is_future = end->stream->is_future != 0;
            target.kind = (enum rill_kind)end->kind;
        }
    }
    return target;
}

static bool wait_a_little(void *context)
{
    struct world *world = context;

    if (world->input->left == 0 || world->depth > 3) {
        return false;
    }
    world->depth++;
#ifdef RILL_WITH_TASKS
    if (next_byte(world->input) % 2u == 0) {
        more_host_step(world);
    }
#endif
    host_step(world);
    world->depth--;
    return true;
}

static const struct rill_port port = {wait_a_little, NULL};

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
#ifdef RILL_WITH_TASKS
    more_check(world);
#endif
}

/** Steps of the embedder keep to its contract: that is what it promises. */
void host_step(struct world *world)
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
            const uint8_t byte = next_byte(input);

            world->buffers[at][i] = byte % 3u == 0 ? byte % 8u : 0u;
        }
        (void)rill_end_copy(&world->host, end, world->buffers[at], length, (verb & 1u) != 0, &packed);
    } else if (rill_end_state(end) == RILL_COPYING && rill_end_has_event(end)) {
        (void)rill_end_event(end);
    } else if (rill_end_state(end) == RILL_COPYING && verb == 5) {
        (void)rill_end_cancel(end);
    } else if (rill_end_state(end) != RILL_COPYING && verb == 6
               && !(end->stream->is_future && end->kind == RILL_WRITABLE && rill_end_state(end) != RILL_DONE)) {
        rill_end_drop(end);
    } else if (verb == 7 && end->kind == RILL_WRITABLE) {
        rill_end_ack_cancel(end);
    }
}

/** What a guest calls. Bytes of the corpus pick one by its value; a verb with several values comes more often. */
enum guest_verb {
    VERB_NEW = 0,
    VERB_NEW_2 = 1,
    VERB_COPY = 2,
    VERB_COPY_2 = 3,
    VERB_COPY_3 = 4,
    VERB_COPY_4 = 5,
    VERB_CANCEL = 6,
    VERB_CANCEL_2 = 7,
    VERB_DROP = 8,
    VERB_SET_NEW = 9,
    VERB_WAIT = 10,
    VERB_POLL = 11,
    VERB_SET_DROP = 12,
    VERB_JOIN = 13,
    VERB_GIVE = 14,
    VERB_TAKE = 15
};
#define GUEST_VERBS 16u

/** One element goes both ways first, which must agree. */
static void copy(struct rill_host *host, const struct target *to, uint32_t ptr, uint32_t length)
{
    uint32_t packed = 0;
    bool is_short = false;

    if (to->is_async && !to->is_future && length == 1
        && !both_ways_agree(host, to->kind, to->type, to->handle, ptr, &is_short)) {
        (void)fprintf(stderr, "the short way and the long way differ\n");
        abort();
    }
    (void)rill_copy(host, to->kind, to->type, to->is_future, to->is_async, to->handle, ptr, length, &packed);
}

void guest_step(struct world *world)
{
    struct input *input = world->input;
    struct rill_host *host = &world->host;
    const uint32_t verb = next_byte(input) % GUEST_VERBS;
    const struct target to = next_target(world);
    uint32_t a = 0;
    uint32_t b = 0;
    struct rill_end *free_end = NULL;
    uint32_t i;

    for (i = 0; i < HOST_ENDS; i++) {
        if (world->host_ends[i].stream == NULL) {
            free_end = &world->host_ends[i];
        }
    }
    /* With no end there, one is made: VERB_NEW, which is 0, or VERB_GIVE. */
    switch (to.is_there ? verb : verb % 2u * VERB_GIVE) {
    case VERB_NEW:
    case VERB_NEW_2:
        (void)rill_new(host, to.type, to.is_future, &a, &b);
        break;
    case VERB_COPY:
    case VERB_COPY_2:
    case VERB_COPY_3:
    case VERB_COPY_4:
        b = next_ptr(input, to.type);
        copy(host, &to, b, to.is_future ? 1u : next_number(input));
        break;
    case VERB_CANCEL:
    case VERB_CANCEL_2:
        if (next_byte(input) > 240 || may_cancel(world, to.handle)) {
            (void)rill_cancel(host, to.kind, to.type, to.is_future, to.is_async, to.handle, &a);
        }
        break;
    case VERB_DROP:
        (void)rill_drop(host, to.kind, to.type, to.is_future, to.handle);
        break;
    case VERB_SET_NEW:
        (void)rill_set_new(host, &a);
        break;
    case VERB_WAIT:
        if (next_handle(world, RILL_SET, &b)) {
            (void)rill_set_wait(host, b, next_number(input) * 4u, &a);
        }
        break;
    case VERB_POLL:
        if (next_handle(world, RILL_SET, &b)) {
            (void)rill_set_poll(host, b, next_number(input) * 4u, &a);
        }
        break;
    case VERB_SET_DROP:
        if (next_handle(world, RILL_SET, &b)) {
            (void)rill_set_drop(host, b);
        }
        break;
    case VERB_JOIN:
        if (next_byte(input) % 4u == 0 || next_handle(world, RILL_SET, &b)) {
            (void)rill_join(host, to.handle, b);
        }
        break;
    case VERB_GIVE:
        if (free_end != NULL && rill_give(host, to.type, to.is_future, free_end, &a)) {
            if (next_byte(input) % 2u == 0) {
                rill_end_defer_cancel(free_end);
            }
#ifdef RILL_WITH_TASKS
            more_give_space(world, (uint32_t)(free_end - world->host_ends));
#endif
        }
        break;
    case VERB_TAKE:
    default:
        if (free_end != NULL && rill_take(host, to.type, to.is_future, to.handle, free_end)) {
#ifdef RILL_WITH_TASKS
            more_give_space(world, (uint32_t)(free_end - world->host_ends));
#endif
        }
        break;
    }
}

/** Who takes the next step. Without tasks, the guest takes those of the tasks. */
enum step {
    STEP_HOST = 0,
    STEP_HOST_2 = 1,
    STEP_GUEST_TASKS = 2,
    STEP_HOST_TASKS = 3,
    STEP_GUEST = 4,
    STEP_GUEST_2 = 5
};
#define STEPS 6u

static void any_step(struct world *world)
{
    switch (next_byte(world->input) % STEPS) {
    case STEP_HOST:
    case STEP_HOST_2:
        host_step(world);
        break;
#ifdef RILL_WITH_TASKS
    case STEP_GUEST_TASKS:
        more_guest_step(world);
        break;
    case STEP_HOST_TASKS:
        more_host_step(world);
        break;
#endif
    case STEP_GUEST:
    case STEP_GUEST_2:
    default:
        guest_step(world);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    struct world world;
    uint32_t i;

    memset(&world, 0, sizeof world);
    world.memory = calloc(1, MEMORY_BYTES);
    if (world.memory == NULL) {
        return 0;
    }
    world.input = &input;
    for (i = 0; i < HOST_ENDS; i++) {
        world.buffers[i] = calloc(1, BUFFER_BYTES);
    }
    rill_host_init(&world.host, world.ends, HANDLES, world.streams, STREAMS, &port, &world);
    rill_host_memory(&world.host, world.memory, MEMORY_BYTES);
    rill_host_may_block(&world.host, next_byte(&input) % 8u != 0);
#ifdef RILL_WITH_TASKS
    more_begin(&world);
#endif
    while (input.left > 0 && world.host.trap == NULL) {
        any_step(&world);
        check(&world);
    }
    for (i = 0; i < HOST_ENDS; i++) {
        free(world.buffers[i]);
    }
#ifdef RILL_WITH_TASKS
    more_end(&world);
#endif
    free(world.memory);
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
        (void)fprintf(stderr, "usage: rill-fuzz SEED SEQUENCES\n");
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
