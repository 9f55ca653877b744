/*
 * The short way of nearly every copy of the guest's: one element, and the embedder's end waits for it, or nobody does.
 * See rill_host.h.
 */
#include "rill_internal.h"

#include <string.h>

/** What the short way answers of a copy that is not for it. */
#define NOT_TAKEN 0u

/** Whether a copy is the embedder's and has an element or a place left. An eager one leaves the stream with it. */
static bool is_waiting_host_end(const struct rill_end *pending)
{
    return (pending->status & (RILL_HOST_END | RILL_EAGER)) == RILL_HOST_END && pending->length > pending->packed >> 4;
}

/** Copies a word of any alignment. Where a core loads aligned words alone, memcpy would be a call of a loop. */
static void copy_word(uint8_t *to, const uint8_t *from)
{
#if defined(__GNUC__) && (defined(__riscv) || (defined(__arm__) && !defined(__ARM_FEATURE_UNALIGNED)))
    if ((((uintptr_t)to | (uintptr_t)from) & 3u) == 0) {
        /* SAFETY: both are aligned to 4: that was asked just now. */
        memcpy(__builtin_assume_aligned(to, 4), __builtin_assume_aligned(from, 4), 4);
        return;
    }
#endif
    memcpy(to, from, 4);
}

/** Moves the element. @returns false for bytes that are no value, and for what may hold pointers */
static bool move_element(const struct rill_type *type, uint8_t *to, const uint8_t *from)
{
    /* One step for all bytes: an integer, or a record of them without padding. */
    if (type->plan[0] == RILL_OP_BYTES && type->plan[2] == type->elem_size) {
        if (type->elem_size == 4) {
            copy_word(to, from);
        } else {
            memcpy(to, from, (size_t)type->elem_size);
        }
        return true;
    }
#ifdef RILL_WITH_LISTS
    if (!type->is_number) {
        return false;
    }
#endif
    return rill_value_copy(type, to, from);
}

/** The guest's idle end of a stream of that type; else NULL. No flag is set: an event that is not taken, a waiter. */
static struct rill_end *idle_end(const struct rill_host *host, enum rill_kind kind, const struct rill_type *element,
                                 uint32_t handle)
{
    /* SAFETY: `used` handles have been given out, and they never are more than there are places. */
    struct rill_end *end = handle - 1u < host->used ? &host->ends[handle - 1u] : NULL;

    if (end == NULL || end->kind != kind || end->status != RILL_IDLE || rill_is_future(end->stream)
        || !rill_types_equal(end->stream->element, element)) {
        return NULL;
    }
    return end;
}

/** Moves an element between the guest's memory and the embedder's end. */
static uint32_t meet_partner(struct rill_end *partner, enum rill_kind kind, const struct rill_type *element,
                             uint8_t *mine)
{
    const uint32_t elem_size = element->elem_size;
    const bool is_reader = kind == RILL_READABLE;
    uint8_t *other = partner->at.host;

    /* SAFETY: the partner's range was checked when its copy began, and it has an element left. */
    if (!is_waiting_host_end(partner) || !move_element(element, is_reader ? mine : other, is_reader ? other : mine)) {
        return NOT_TAKEN;
    }
    partner->at.host = other + elem_size;
    partner->packed += 1u << 4;
    partner->status |= RILL_HAS_EVENT;
    return 1u << 4 | RILL_COMPLETED;
}

/** The copy becomes the one that waits. */
static uint32_t wait_for_partner(struct rill_end *end, uint32_t ptr)
{
    struct rill_stream *stream = end->stream;

#ifdef RILL_WITH_PIPES
    if (stream->peer != NULL) {
        return NOT_TAKEN;
    }
#endif
    if (stream->is_dropped) {
        return NOT_TAKEN;
    }
    end->at.guest = ptr;
    end->length = 1;
    end->packed = 0;
    end->status = RILL_COPYING;
    stream->pending = end;
    return RILL_BLOCKED;
}

uint32_t rill_copy_one(struct rill_host *host, enum rill_kind kind, const struct rill_type *element, uint32_t handle,
                       uint32_t ptr)
{
    struct rill_end *end = element != NULL ? idle_end(host, kind, element, handle) : NULL;

    if (end == NULL || (ptr & (element->align - 1u)) != 0 || host->memory_bytes < element->elem_size
        || ptr > host->memory_bytes - element->elem_size) {
        return NOT_TAKEN;
    }
    /* SAFETY: the range was checked just now. */
    return end->stream->pending != NULL ? meet_partner(end->stream->pending, kind, element, host->memory + ptr)
                                        : wait_for_partner(end, ptr);
}
