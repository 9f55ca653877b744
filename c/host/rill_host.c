/*
 * The state machine of handles, streams and futures. See rill_host.h for the contract; waitable sets are in rill_set.c.
 */
#include "rill_internal.h"

#include <string.h>

bool rill_trap(struct rill_host *host, const char *why)
{
    host->trap = why;
    return false;
}

bool rill_end_guest(struct rill_host *host)
{
    /* A callback of the embedder's answered false: without a text of its own the guest ends all the same. */
    return host->trap != NULL ? false : RILL_TRAP(host, "the embedder ended the guest without a reason");
}

/// Beginning and end of a guest ///

/**
 * Frees all places of the tables. What the embedder holds of them becomes stale: a generation outlives its place's
 * zeroes, so that an end that the host has given away tells the stream of its own guest from the next one's.
 */
static void clear_tables(struct rill_host *host)
{
    uint16_t i;

#ifdef RILL_WITH_PIPES
    rill_cut_pipes(host);
#endif
    memset(host->ends, 0, host->end_count * sizeof *host->ends);
    for (i = 0; i < host->stream_count; i++) {
        const uint16_t generation = host->streams[i].generation;

        memset(&host->streams[i], 0, sizeof host->streams[i]);
        host->streams[i].generation = (uint16_t)(generation + 1u);
    }
    host->used = 0;
    host->free = 0;
    host->next = 0;
}

void rill_host_init(struct rill_host *host, struct rill_end *ends, uint16_t end_count, struct rill_stream *streams,
                    uint16_t stream_count, const struct rill_port *port, void *context)
{
    memset(host, 0, sizeof *host);
    host->ends = ends;
    host->end_count = end_count;
    host->streams = streams;
    host->stream_count = stream_count;
    host->port = port;
    host->context = context;
    host->may_block = 1;
    clear_tables(host);
}

void rill_host_close(struct rill_host *host)
{
    clear_tables(host);
    rill_host_memory(host, NULL, 0);
    host->memory_stays = 0;
    if (host->trap == NULL) {
        (void)RILL_TRAP(host, "the guest was ended");
    }
#ifdef RILL_MAY_REENTER
    host->locate = NULL;
#endif
#ifdef RILL_WITH_CALLS
    host->calls = NULL;
#endif
#ifdef RILL_WITH_TASKS
    host->tasks = NULL;
#endif
}

void rill_host_memory(struct rill_host *host, uint8_t *memory, uint32_t memory_bytes)
{
    host->memory = memory;
    host->memory_bytes = memory_bytes;
#ifdef RILL_MAY_REENTER
    host->is_located = 1;
#endif
}

void rill_host_may_block(struct rill_host *host, bool may_block)
{
    host->may_block = may_block;
}

/// Handle table: the last freed handle is given out first ///

struct rill_end *rill_entry(const struct rill_host *host, uint32_t handle)
{
    struct rill_end *end;

    if (handle == 0 || handle > host->used) {
        return NULL;
    }
    /* SAFETY: `used` handles have been given out, and they never are more than there are places. */
    end = &host->ends[handle - 1];
    return end->kind == RILL_FREE ? NULL : end;
}

uint16_t rill_handle_of(const struct rill_host *host, const struct rill_end *end)
{
    /* SAFETY: `end` is an entry of the table: an end that the embedder holds has no handle, and is never given here. */
    return (uint16_t)(end - host->ends + 1);
}

/** A zeroed entry, or NULL when the table is full. */
struct rill_end *rill_add_entry(struct rill_host *host, enum rill_kind kind)
{
    struct rill_end *end;

    if (host->free != 0) {
        end = &host->ends[host->free - 1];
        host->free = end->set;
    } else if (host->used < host->end_count) {
        end = &host->ends[host->used++];
    } else {
        return NULL;
    }
    memset(end, 0, sizeof *end);
    end->kind = (uint8_t)kind;
    return end;
}

void rill_free_entry(struct rill_host *host, struct rill_end *end)
{
    memset(end, 0, sizeof *end);
    end->set = host->free;
    host->free = rill_handle_of(host, end);
}

struct rill_stream *rill_add_stream(struct rill_host *host, const struct rill_type *element, bool is_future)
{
    uint16_t i;

#ifdef RILL_NO_FUTURES
    if (is_future) {
        return NULL;
    }
#endif
    for (i = 0; i < host->stream_count; i++) {
        struct rill_stream *stream = &host->streams[i];

        if (stream->ends == 0) {
            stream->element = element;
            stream->pending = NULL;
            stream->ends = 2;
            stream->is_dropped = false;
            stream->is_future = is_future;
            stream->defers_cancel = false;
#ifdef RILL_WITH_PIPES
            stream->host = host;
            stream->peer = NULL;
            stream->is_far = false;
#endif
            return stream;
        }
    }
    return NULL;
}

/** The guest's end behind a handle. Traps: none; another kind; another type */
struct rill_end *rill_guest_end(struct rill_host *host, enum rill_kind kind, const struct rill_type *element,
                                bool is_future, uint32_t handle)
{
    struct rill_end *end = rill_entry(host, handle);

    if (end == NULL || end->kind != kind || end->stream->is_future != is_future) {
        RILL_TRAP(host, "no such end of a stream or future");
        return NULL;
    }
    if (!rill_types_equal(end->stream->element, element)) {
        RILL_TRAP(host, "the end has another element type");
        return NULL;
    }
    return end;
}

/// Events: settled when they are delivered ///

/**
 * COMPLETED is 0: an end that stays pending with room left may get it again and again, and DROPPED or CANCELLED at
 * last. Those two take the copy out of the stream, so nothing follows them.
 */
static void set_event(struct rill_end *end, enum rill_result result)
{
    end->packed |= result;
    end->status |= RILL_HAS_EVENT;
}

/** Delivers the pending event. @returns the packed result */
uint32_t rill_take_event(struct rill_end *end)
{
    struct rill_stream *stream = end->stream;
    uint32_t result = end->packed & RILL_RESULT;

#ifdef RILL_WITH_CALLS
    if (end->kind == RILL_SUBTASK) {
        return rill_take_call_event(end);
    }
#endif
    stream = rill_shared(stream);
    /* A buffer that has room, or elements, left: from now on it is the guest's again. */
    if (stream->pending == end) {
        stream->pending = NULL;
    }
    end->status &= RILL_ALL_BUT(RILL_HAS_EVENT | RILL_STATE);
    if (result == RILL_DROPPED || (rill_is_future(stream) && result == RILL_COMPLETED)) {
        end->status |= RILL_DONE;
    }
    return rill_is_future(stream) ? result : end->packed;
}

/** Takes the waiting copy out of the stream and says how it ended. */
void rill_settle_pending(struct rill_stream *stream, enum rill_result result)
{
    struct rill_end *end = stream->pending;

    stream->pending = NULL;
    set_event(end, result);
}

/** Waits until `end` has an event. Traps: waiting is not allowed; it would be for ever */
static bool wait_for_event(struct rill_host *host, struct rill_end *end)
{
    if (!host->may_block) {
        return RILL_TRAP(host, "a task of a function that is not async has to wait");
    }
    end->status |= RILL_SYNC_WAITER;
    while ((end->status & RILL_HAS_EVENT) == 0) {
        if (!rill_let_pass(host)) {
            return RILL_TRAP(host, "waits for ever: nothing can end this copy");
        }
        if (host->trap != NULL) {
            return false;
        }
    }
    end->status &= RILL_ALL_BUT(RILL_SYNC_WAITER);
    return true;
}

/** What a built-in answers that begins or cancels a copy: how it ended, now or after waiting; BLOCKED when async. */
static bool answer(struct rill_host *host, struct rill_end *end, bool is_async, uint32_t *packed)
{
    if ((end->status & RILL_HAS_EVENT) == 0) {
        if (is_async) {
            *packed = RILL_BLOCKED;
            return true;
        }
        if (!wait_for_event(host, end)) {
            return false;
        }
    }
    *packed = rill_take_event(end);
    return true;
}

/// Copies ///

uint32_t rill_remaining(const struct rill_end *end)
{
    return end->length - (end->packed >> 4);
}

/**
 * The element to copy next.
 * SAFETY: the range was checked when the copy began, `at` moves by what is copied only, and a guest's memory never
 * shrinks. It may have moved: only an offset is kept.
 */
static uint8_t *element_at(struct rill_host *host, const struct rill_end *end)
{
    return (end->status & RILL_HOST_END) != 0 ? end->at.host : rill_guest_of(host, end)->memory + end->at.guest;
}

static void advance(struct rill_end *end, uint32_t length, uint32_t elem_size)
{
    end->packed += length << 4;
    if ((end->status & RILL_HOST_END) != 0) {
        end->at.host += (size_t)length * elem_size;
    } else {
        end->at.guest += length * elem_size;
    }
}

#ifdef RILL_WITH_LISTS
/** Moves elements that may hold strings and lists. */
static bool move_values(struct rill_host *host, struct rill_end *reader, struct rill_end *writer, uint32_t length)
{
#ifdef RILL_WITH_PIPES
    if (((reader->status | writer->status) & RILL_HOST_END) == 0) {
        return rill_pipe_values(reader, writer, length);
    }
    host = rill_guest_of(rill_guest_of(host, reader), writer);
#endif
    return rill_move_values(host, reader, writer, length);
}
#endif

/** Moves `length` elements, which both copies have left. Traps: a value that is none */
static bool move_elements(struct rill_host *host, struct rill_end *reader, struct rill_end *writer, uint32_t length)
{
    const struct rill_type *type = reader->stream->element;
    uint8_t *to;
    const uint8_t *from;
    uint32_t i;

    if (type == NULL) {
        reader->packed += length << 4;
        writer->packed += length << 4;
        return true;
    }
#ifdef RILL_WITH_PIPES
    rill_locate(rill_guest_of(host, reader));
    rill_locate(rill_guest_of(host, writer));
#endif
#ifdef RILL_WITH_LISTS
    if (!type->is_number) {
        if (!move_values(host, reader, writer, length)) {
            return false;
        }
        advance(reader, length, type->elem_size);
        advance(writer, length, type->elem_size);
        return true;
    }
#endif
    to = element_at(host, reader);
    from = element_at(host, writer);
    if (type->is_number) {
        /* The only types whose two buffers may overlap, in one guest; they have no padding. */
        memmove(to, from, (size_t)length * (size_t)type->elem_size);
        from = to;
    }
    if (!type->is_number || type->plan[0] != RILL_OP_BYTES) {
        for (i = 0; i < length; i++) {
            const size_t offset = (size_t)i * (size_t)type->elem_size;

            if (!rill_value_copy(type, to + offset, from + offset)) {
                return RILL_TRAP(rill_guest_of(host, writer), "the bytes in a buffer are no value of its element type");
            }
        }
    }
    advance(reader, length, type->elem_size);
    advance(writer, length, type->elem_size);
    return true;
}

/** Both ends belong to the guest: then only numbers, and elements without type, may be copied. */
static bool check_same_instance(struct rill_host *host, const struct rill_end *a, const struct rill_end *b)
{
    const struct rill_type *type = a->stream->element;

    if (((a->status | b->status) & RILL_HOST_END) == 0 && rill_guest_of(host, a) == rill_guest_of(host, b)
        && type != NULL && !type->is_number) {
        return RILL_TRAP(host, "both ends are in one instance, and the elements are no numbers");
    }
    return true;
}

/**
 * Meets the copy that waits at the other end, or becomes the one that does.
 *
 *   pending        newcomer       what comes of it
 *   ------------   ------------   ---------------------------------------------------------------------------
 *   none           any            the newcomer waits
 *   some left      some           as many elements move as both have; both have an event
 *   some left      none           the newcomer has an event: it knows that the other side is ready
 *   none left      any            the pending one has an event, if not before; the newcomer waits
 *   read of none   write of none  the write has an event, the read waits: whichever came first
 *
 * The last row is the only one in which reading and writing differ. Without it two ends that merely ask whether the
 * other is ready would answer each other for ever.
 *
 * A pending copy with something left stays pending with its event: more may move before the event is delivered, which
 * then tells of all of it. A future's has nothing left, and an eager one gives the rest up.
 * Spec: CanonicalABI.md, Stream State, SharedStreamImpl.read, .write; Future State
 */
static bool meet(struct rill_host *host, struct rill_end *newcomer)
{
    struct rill_stream *stream = rill_shared(newcomer->stream);
    struct rill_end *pending = stream->pending;
    const bool is_reader = newcomer->kind == RILL_READABLE;

    if (stream->is_dropped || rill_is_cut(stream)) {
        set_event(newcomer, RILL_DROPPED);
        return true;
    }
    if (pending == NULL) {
        stream->pending = newcomer;
        return true;
    }
    if (!check_same_instance(host, newcomer, pending)) {
        return false;
    }
    if (rill_remaining(pending) > 0) {
        if (rill_remaining(newcomer) > 0) {
            const uint32_t length =
                rill_remaining(newcomer) < rill_remaining(pending) ? rill_remaining(newcomer) : rill_remaining(pending);

            if (!move_elements(host, is_reader ? newcomer : pending, is_reader ? pending : newcomer, length)) {
                return rill_outlives(host, newcomer);
            }
            if (rill_is_future(stream) || (pending->status & RILL_EAGER) != 0) {
                stream->pending = NULL;
            }
            set_event(pending, RILL_COMPLETED);
        }
        set_event(newcomer, RILL_COMPLETED);
        return true;
    }
    if (!is_reader && newcomer->length == 0 && pending->length == 0) {
        set_event(newcomer, RILL_COMPLETED);
        return true;
    }
    rill_settle_pending(stream, RILL_COMPLETED);
    stream->pending = newcomer;
    return true;
}

/** Begins a copy of `length` elements; the range was checked. */
bool rill_begin_copy(struct rill_host *host, struct rill_end *end, uint32_t length)
{
    end->length = length;
    end->packed = 0;
    end->status |= RILL_COPYING;
    return meet(host, end);
}

/** Whether `length` elements take at most `room` bytes. */
static bool fits(uint32_t length, uint32_t elem_size, uint32_t room)
{
#if SIZE_MAX > UINT16_MAX
    if ((length | elem_size) > UINT16_MAX) {
        return (uint64_t)length * elem_size <= room;
    }
#endif
    /* Small cores multiply 64-bit numbers in a function of 40 instructions, and the smallest have no such room. */
    return (length | elem_size) <= UINT16_MAX && length * elem_size <= room;
}

static bool check_range(struct rill_host *host, const struct rill_type *type, uint32_t ptr, uint32_t length)
{
    if (length > RILL_MAX_LENGTH) {
        return RILL_TRAP(host, "a copy of more than 2^28 - 1 elements");
    }
    if (type == NULL || length == 0) {
        return true;
    }
    if ((ptr & (type->align - 1u)) != 0) {
        return RILL_TRAP(host, "a buffer is not aligned to its element type");
    }
    if (ptr > host->memory_bytes || !fits(length, type->elem_size, host->memory_bytes - ptr)) {
        return RILL_TRAP(host, "a buffer reaches out of memory");
    }
    return true;
}

bool rill_new(struct rill_host *host, const struct rill_type *element, bool is_future, uint32_t *readable,
              uint32_t *writable)
{
    struct rill_stream *stream = rill_add_stream(host, element, is_future);
    struct rill_end *reader = stream != NULL ? rill_add_entry(host, RILL_READABLE) : NULL;
    struct rill_end *writer = reader != NULL ? rill_add_entry(host, RILL_WRITABLE) : NULL;

    if (writer == NULL) {
        return RILL_TRAP(host, "no place is left in the host's tables");
    }
    reader->stream = stream;
    writer->stream = stream;
    *readable = rill_handle_of(host, reader);
    *writable = rill_handle_of(host, writer);
    return true;
}

bool rill_copy(struct rill_host *host, enum rill_kind kind, const struct rill_type *element, bool is_future,
               bool is_async, uint32_t handle, uint32_t ptr, uint32_t length, uint32_t *packed)
{
    struct rill_end *end = rill_guest_end(host, kind, element, is_future, handle);

    if (end == NULL) {
        return false;
    }
    if (rill_end_state(end) != RILL_IDLE) {
        return RILL_TRAP(host, "a copy begins on an end that is not idle");
    }
    if (!is_async && end->set != 0) {
        return RILL_TRAP(host, "a synchronous copy on an end that is in a waitable set");
    }
    if (!check_range(host, element, ptr, length)) {
        return false;
    }
    end->at.guest = ptr;
    if (!rill_begin_copy(host, end, length)) {
        return false;
    }
    return answer(host, end, is_async, packed);
}

bool rill_cancel(struct rill_host *host, enum rill_kind kind, const struct rill_type *element, bool is_future,
                 bool is_async, uint32_t handle, uint32_t *packed)
{
    struct rill_end *end = rill_guest_end(host, kind, element, is_future, handle);

    if (end == NULL) {
        return false;
    }
    if ((end->status & (RILL_STATE | RILL_SYNC_WAITER)) != RILL_COPYING) {
        return RILL_TRAP(host, "no copy is in flight that could be cancelled");
    }
    if (!is_async && end->set != 0) {
        return RILL_TRAP(host, "a synchronous cancel on an end that is in a waitable set");
    }
    end->status ^= RILL_COPYING ^ RILL_CANCELLING_COPY;
    /* A copy in flight without an event is the one that waits at its stream: what is settled is this end's. */
    if ((end->status & RILL_HAS_EVENT) == 0 && !rill_shared(end->stream)->defers_cancel) {
        rill_settle_pending(rill_shared(end->stream), RILL_CANCELLED);
    }
    return answer(host, end, is_async, packed);
}

/** One end of a stream goes; a waiting copy of the other one ends with DROPPED. */
void rill_drop_side(struct rill_stream *stream)
{
    if (!stream->is_dropped) {
        stream->is_dropped = true;
        /* The other end's: no end is dropped while its own copy is in flight. */
        if (stream->pending != NULL) {
            rill_settle_pending(stream, RILL_DROPPED);
        }
    }
    stream->ends--;
}

bool rill_drop(struct rill_host *host, enum rill_kind kind, const struct rill_type *element, bool is_future,
               uint32_t handle)
{
    struct rill_end *end = rill_guest_end(host, kind, element, is_future, handle);

    if (end == NULL) {
        return false;
    }
    if (rill_end_state(end) == RILL_COPYING || rill_end_state(end) == RILL_CANCELLING_COPY) {
        return RILL_TRAP(host, "an end is dropped while its copy is in flight");
    }
    if (rill_is_future(end->stream) && kind == RILL_WRITABLE && rill_end_state(end) != RILL_DONE) {
        return RILL_TRAP(host, "a future's writable end is dropped before the future is written");
    }
    rill_drop_side(rill_shared(end->stream));
#ifdef RILL_WITH_PIPES
    (void)rill_leave_pipe(end->stream);
#endif
    rill_free_entry(host, end);
    return true;
}
