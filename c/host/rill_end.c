/*
 * Ends of streams and futures that the embedder holds itself. See rill_host.h for the contract.
 */
#include "rill_internal.h"

#include <string.h>

/** An end of the host's is in no set: `set` holds the generation of its stream, by which is_open knows a stale one. */
static void open_host_end(struct rill_end *end, struct rill_stream *stream, enum rill_kind kind)
{
    memset(end, 0, sizeof *end);
    end->stream = stream;
    end->kind = (uint8_t)kind;
    end->status = RILL_HOST_END;
    end->set = stream->generation;
}

/**
 * As rill_end_is_open; a macro, because compilers that save flash make a function of it, and the stack is deep here.
 */
#define is_open(end) ((end)->stream != NULL && (end)->set == (end)->stream->generation)

bool rill_end_is_open(const struct rill_end *end)
{
    return is_open(end);
}

bool rill_give(struct rill_host *host, const struct rill_type *element, bool is_future, struct rill_end *end,
               uint32_t *handle)
{
    struct rill_stream *stream = rill_add_stream(host, element, is_future);
    struct rill_end *reader = stream != NULL ? rill_add_entry(host, RILL_READABLE) : NULL;

    if (reader == NULL) {
        return RILL_TRAP(host, "no place is left in the host's tables");
    }
    reader->stream = stream;
    open_host_end(end, stream, RILL_WRITABLE);
    *handle = rill_handle_of(host, reader);
    return true;
}

bool rill_take(struct rill_host *host, const struct rill_type *element, bool is_future, uint32_t handle,
               struct rill_end *end)
{
    struct rill_end *taken = rill_guest_end(host, RILL_READABLE, element, is_future, handle);

    if (taken == NULL) {
        return false;
    }
    if (rill_end_state(taken) != RILL_IDLE || taken->set != 0) {
        return RILL_TRAP(host, "a readable end is given away that is not idle, or is in a waitable set");
    }
#ifdef RILL_WITH_PIPES
    open_host_end(end, rill_leave_pipe(taken->stream), RILL_READABLE);
#else
    open_host_end(end, taken->stream, RILL_READABLE);
#endif
    rill_free_entry(host, taken);
    return true;
}

bool rill_give_back(struct rill_host *host, struct rill_end *end, uint32_t *handle)
{
    struct rill_end *given;

    if (!is_open(end)) {
        return RILL_TRAP(host, "an end is handed to the guest that is not open");
    }
    given = rill_add_entry(host, RILL_READABLE);
    if (given == NULL) {
        return RILL_TRAP(host, "no place is left in the host's tables");
    }
    given->stream = end->stream;
    memset(end, 0, sizeof *end);
    *handle = rill_handle_of(host, given);
    return true;
}

bool rill_end_copy(struct rill_host *host, struct rill_end *end, uint8_t *buffer, uint32_t length, bool is_eager,
                   uint32_t *packed)
{
#ifdef RILL_WITH_PIPES
    /* What one guest has handed on to another is of the table where it was made. */
    host = is_open(end) ? end->stream->host : host;
#endif
    if (host->trap != NULL || !is_open(end)) {
        end->status = RILL_HOST_END | RILL_DONE;
        *packed = RILL_DROPPED;
        return true;
    }
    rill_locate(host);
    end->at.host = buffer;
    end->status = (uint8_t)(is_eager ? RILL_HOST_END | RILL_EAGER : RILL_HOST_END);
    if (!rill_begin_copy(host, end, length)) {
        end->status = RILL_HOST_END;
        return false;
    }
    *packed = (end->status & RILL_HAS_EVENT) != 0 ? rill_take_event(end) : RILL_BLOCKED;
    return true;
}

bool rill_end_has_event(const struct rill_end *end)
{
    return (end->status & RILL_HAS_EVENT) != 0 || !is_open(end);
}

uint32_t rill_end_event(struct rill_end *end)
{
    if ((end->status & RILL_HAS_EVENT) == 0) {
        /* What the copy had moved when the guest ended counts once. */
        const uint32_t progress = rill_end_state(end) == RILL_COPYING ? end->packed & ~RILL_RESULT : 0u;

        end->status = RILL_HOST_END | RILL_DONE;
        return progress | RILL_DROPPED;
    }
    return rill_take_event(end);
}

bool rill_end_is_awaited(const struct rill_end *end)
{
    const struct rill_end *pending = is_open(end) ? end->stream->pending : NULL;

    return pending != NULL && pending != end && rill_remaining(pending) > 0;
}

uint32_t rill_end_cancel(struct rill_end *end)
{
    if (!rill_end_has_event(end)) {
        rill_settle_pending(end->stream, RILL_CANCELLED);
    }
    return rill_end_event(end);
}

void rill_end_ack_cancel(struct rill_end *end)
{
    const struct rill_end *pending = is_open(end) ? end->stream->pending : NULL;

    if (pending != NULL && rill_end_state(pending) == RILL_CANCELLING_COPY) {
        rill_settle_pending(end->stream, RILL_CANCELLED);
    }
}

void rill_end_defer_cancel(struct rill_end *end)
{
    if (is_open(end)) {
        end->stream->defers_cancel = true;
    }
}

void rill_end_drop(struct rill_end *end)
{
    if (is_open(end)) {
        rill_drop_side(end->stream);
    }
    memset(end, 0, sizeof *end);
}
