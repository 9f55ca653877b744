/*
 * See both_ways.h.
 */
#include "both_ways.h"

#include "rill_internal.h"

#include <string.h>

/** Bytes of an element at most, of those that a script or a sequence has. */
#define ELEMENT_BYTES 64u

/** All that a copy of one element can change. */
struct state {
    struct rill_host host;
    struct rill_end ends[BOTH_WAYS_PLACES];
    struct rill_stream streams[BOTH_WAYS_PLACES];
    struct rill_end partner;        /* the embedder's end that waits */
    uint8_t element[ELEMENT_BYTES]; /* in its buffer */
    uint8_t memory[BOTH_WAYS_MEMORY];
};

/** The embedder's end that waits for the guest's, and the element in its buffer. */
struct partner {
    struct rill_end *end;
    uint8_t *element;
    uint32_t byte_length;
};

static struct partner partner_of(const struct rill_host *host, const struct rill_type *element, uint32_t handle)
{
    const struct rill_end *end = rill_entry(host, handle);
    struct partner partner = {NULL, NULL, 0};

    if (end == NULL || end->stream == NULL || end->stream->pending == NULL
        || (end->stream->pending->status & RILL_HOST_END) == 0) {
        return partner;
    }
    partner.end = end->stream->pending;
    if (element != NULL && end->stream->element != NULL && element->elem_size <= ELEMENT_BYTES
        && rill_remaining(partner.end) > 0) {
        partner.element = partner.end->at.host;
        partner.byte_length = end->stream->element->elem_size;
    }
    return partner;
}

static void save(struct state *state, const struct rill_host *host, const struct partner *partner)
{
    state->host = *host;
    memcpy(state->ends, host->ends, host->end_count * sizeof *host->ends);
    memcpy(state->streams, host->streams, host->stream_count * sizeof *host->streams);
    if (host->memory != NULL) {
        memcpy(state->memory, host->memory, host->memory_bytes);
    }
    if (partner->end != NULL) {
        state->partner = *partner->end;
    }
    if (partner->element != NULL) {
        memcpy(state->element, partner->element, partner->byte_length);
    }
}

static void restore(const struct state *state, struct rill_host *host, const struct partner *partner)
{
    *host = state->host;
    memcpy(host->ends, state->ends, host->end_count * sizeof *host->ends);
    memcpy(host->streams, state->streams, host->stream_count * sizeof *host->streams);
    if (host->memory != NULL) {
        memcpy(host->memory, state->memory, host->memory_bytes);
    }
    if (partner->end != NULL) {
        *partner->end = state->partner;
    }
    if (partner->element != NULL) {
        memcpy(partner->element, state->element, partner->byte_length);
    }
}

/** Whether two ends are as good as equal: an idle one of the guest's may keep any trace of its last copy. */
static bool is_same_end(const struct rill_end *a, const struct rill_end *b)
{
    const bool is_idle = a->kind >= RILL_READABLE && a->status == RILL_IDLE;

    return a->stream == b->stream && a->set == b->set && a->kind == b->kind && a->status == b->status
           && (is_idle || (a->length == b->length && a->packed == b->packed && a->at.host == b->at.host));
}

static bool is_same_table(const struct state *a, const struct state *b)
{
    uint32_t i;

    for (i = 0; i < a->host.end_count; i++) {
        if (!is_same_end(&a->ends[i], &b->ends[i])) {
            return false;
        }
    }
    for (i = 0; i < a->host.stream_count; i++) {
        if (a->streams[i].pending != b->streams[i].pending || a->streams[i].ends != b->streams[i].ends
            || a->streams[i].is_dropped != b->streams[i].is_dropped) {
            return false;
        }
    }
    return a->host.trap == b->host.trap && a->host.next == b->host.next && a->host.used == b->host.used;
}

static bool is_same(const struct state *a, const struct state *b, const struct partner *partner)
{
    return is_same_table(a, b) && (partner->end == NULL || is_same_end(&a->partner, &b->partner))
           && memcmp(a->element, b->element, partner->byte_length) == 0
           && memcmp(a->memory, b->memory, a->host.memory_bytes) == 0;
}

bool both_ways_agree(struct rill_host *host, enum rill_kind kind, const struct rill_type *element, uint32_t handle,
                     uint32_t ptr, bool *is_short)
{
    static struct state before;
    static struct state one;
    static struct state other;
    const struct partner partner = partner_of(host, element, handle);
    uint32_t packed = 0;
    uint32_t answer;
    bool agree;

    save(&before, host, &partner);
    answer = rill_copy_one(host, kind, element, handle, ptr);
    save(&one, host, &partner);
    *is_short = answer != 0;
    if (*is_short) {
        restore(&before, host, &partner);
        agree = rill_copy(host, kind, element, false, true, handle, ptr, 1, &packed) && packed == answer;
        save(&other, host, &partner);
        agree = agree && is_same(&one, &other, &partner);
    } else {
        agree = is_same_table(&before, &one) && (partner.end == NULL || is_same_end(&before.partner, &one.partner));
    }
    restore(&before, host, &partner);
    return agree;
}
