/*
 * rill-conform: the host's own ends of streams and futures.
 */
#include "conform.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static struct rill_host *host(void)
{
    return CONFORM_HOST;
}

static void answer_copy(uint32_t at, uint32_t packed)
{
    const struct rill_end *end = &conform.host_ends[at];
    const struct rill_type *element = end->stream->element;
    const uint32_t progress = end->stream->is_future ? (packed == RILL_COMPLETED ? 1u : 0u) : packed >> 4;

    printf("ok ret %" PRIu32, packed);
    if (end->kind == RILL_READABLE && packed != RILL_BLOCKED && element != NULL && progress > 0) {
        printf(" got ");
        print_hex(conform.buffers[at], progress * element->elem_size);
        printf(" space ");
        print_hex(conform.spaces[at].bytes, conform.spaces[at].used);
    }
}

static void copy(bool is_read)
{
    const uint32_t at = number();
    const uint32_t length = number();
    const bool is_eager = number() != 0;
    struct rill_end *end = &conform.host_ends[at];
    struct rill_space *space = &conform.spaces[at];
    uint32_t packed = 0;

    memset(conform.buffers[at], 0, BUFFER_BYTES);
    space->used = 0;
    if (!is_read) {
        hex(word(), conform.buffers[at], BUFFER_BYTES);
        space->used = hex(word(), space->bytes, space->byte_length);
    }
    if (end->stream->element != NULL && (uint64_t)length * end->stream->element->elem_size > BUFFER_BYTES) {
        fail("a host's copy is too long");
    }
    if (rill_end_copy(host(), end, conform.buffers[at], length, is_eager, &packed)) {
        answer_copy(at, packed);
    } else {
        answer(false);
    }
}

static void take(void)
{
    const struct rill_type *type = conform.type_of[number()];
    const bool is_future = number() != 0;
    const uint32_t handle = number();
    const uint32_t at = number();
    const bool done = rill_take(host(), type, is_future, handle, &conform.host_ends[at]);

    if (done) {
        rill_end_space(&conform.host_ends[at], &conform.spaces[at]);
    }
    answer(done);
}

static void give(void)
{
    const struct rill_type *type = conform.type_of[number()];
    const bool is_future = number() != 0;
    const uint32_t at = number();
    struct rill_end *end = &conform.host_ends[at];
    uint32_t handle = 0;

    if (!rill_give(host(), type, is_future, end, &handle)) {
        fail(host()->trap);
    }
    rill_end_space(end, &conform.spaces[at]);
    if (number() != 0) {
        rill_end_defer_cancel(end);
    }
    printf("ok ret %" PRIu32, handle);
}

static void give_back(void)
{
    uint32_t handle = 0;

    if (!rill_give_back(host(), &conform.host_ends[number()], &handle)) {
        fail(host()->trap);
    }
    printf("ok ret %" PRIu32, handle);
}

bool run_end_command(const char *command)
{
    uint32_t at;

    if (strcmp(command, "take") == 0) {
        take();
    } else if (strcmp(command, "give") == 0) {
        give();
    } else if (strcmp(command, "back") == 0) {
        give_back();
    } else if (strcmp(command, "read") == 0) {
        copy(true);
    } else if (strcmp(command, "write") == 0) {
        copy(false);
    } else if (strcmp(command, "event") == 0) {
        at = number();
        answer_copy(at, rill_end_event(&conform.host_ends[at]));
    } else if (strcmp(command, "cancel") == 0) {
        at = number();
        answer_copy(at, rill_end_cancel(&conform.host_ends[at]));
    } else if (strcmp(command, "drop") == 0) {
        rill_end_drop(&conform.host_ends[number()]);
        answer(true);
    } else if (strcmp(command, "ack") == 0) {
        rill_end_ack_cancel(&conform.host_ends[number()]);
        answer(true);
    } else {
        return false;
    }
    return true;
}
