/*
 * The short way of nearly every copy: one element, and the embedder's end waits for it. See rill_host.h.
 */
#include "rill_internal.h"

#include <string.h>

/** Whether it is a copy of the embedder's with an element or a place left. An eager one leaves the stream with it. */
static bool is_waiting_host_end(const struct rill_end *pending)
{
    return pending != NULL && (pending->status & (RILL_HOST_END | RILL_EAGER)) == RILL_HOST_END
           && pending->length > pending->packed >> 4;
}

/** Moves the element. @returns false for bytes that are no value, and for what may hold pointers */
static bool move_element(const struct rill_type *type, uint8_t *to, const uint8_t *from)
{
    if (type->elem_size == 4 && type->is_number && type->plan[0] == RILL_OP_BYTES) {
        memcpy(to, from, 4);
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
static const struct rill_end *idle_end(const struct rill_host *host, enum rill_kind kind,
                                       const struct rill_type *element, uint32_t handle)
{
    /* SAFETY: `used` handles have been given out, and they never are more than there are places. */
    const struct rill_end *end = handle - 1u < host->used ? &host->ends[handle - 1u] : NULL;

    if (end == NULL || end->kind != kind || end->status != RILL_IDLE || rill_is_future(end->stream)
        || !rill_types_equal(end->stream->element, element)) {
        return NULL;
    }
    return end;
}

bool rill_copy_one(struct rill_host *host, enum rill_kind kind, const struct rill_type *element, uint32_t handle,
                   uint32_t ptr)
{
    const struct rill_end *end = element != NULL ? idle_end(host, kind, element, handle) : NULL;
    struct rill_end *partner = end != NULL ? end->stream->pending : NULL;
    uint8_t *mine;

    if (!is_waiting_host_end(partner) || (ptr & (element->align - 1u)) != 0 || host->memory_bytes < element->elem_size
        || ptr > host->memory_bytes - element->elem_size) {
        return false;
    }
    /* SAFETY: the range was checked just now; the partner's when its copy began, and it has an element left. */
    mine = host->memory + ptr;
    if (!(kind == RILL_READABLE ? move_element(element, mine, partner->at.host)
                                : move_element(element, partner->at.host, mine))) {
        return false;
    }
    partner->at.host += element->elem_size;
    partner->packed += 1u << 4;
    partner->status |= RILL_HAS_EVENT;
    return true;
}
