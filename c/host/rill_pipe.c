/*
 * Streams from one guest into another. See rill_pipe.h for the contract.
 *
 *   table of the first guest                  table of the second guest
 *   writable end ──▶ stream ◀────peer────▶ far stream ◀── readable end
 *
 * The first guest's place holds what both ends share: the waiting copy, whether an end is gone. The second one's holds
 * its own element type, and is the readable end's as long as it is there.
 */
#include "rill_internal.h"

#include <string.h>

#ifdef RILL_WITH_PIPES

/// Types of two guests ///

/** Words of a plan's step. */
static uint32_t step_words(const uint16_t *step)
{
    switch (step[0]) {
    case RILL_OP_END:
        return 1;
    case RILL_OP_BYTES:
        return 3;
    case RILL_OP_ENUM:
    case RILL_OP_FLAGS:
        return 4;
    case RILL_OP_VARIANT:
        return 4u + step[3];
    case RILL_OP_LIST:
        return 5;
    default:
        return 2; /* an offset, or a plan index */
    }
}

/** The highest index that a step goes on at, beside the one behind it. */
static uint32_t highest_target(const uint16_t *step)
{
    uint32_t highest = 0;
    uint32_t i;

    if (step[0] == RILL_OP_JUMP) {
        highest = step[1];
    } else if (step[0] == RILL_OP_LIST) {
        highest = step[4];
    } else if (step[0] == RILL_OP_VARIANT) {
        for (i = 0; i < step[3]; i++) {
            highest = step[4u + i] > highest ? step[4u + i] : highest;
        }
    }
    return highest;
}

/** Whether a step is the last one of the steps that lie behind each other. */
static bool ends_run(const uint16_t *step)
{
    return step[0] == RILL_OP_END || step[0] == RILL_OP_JUMP || step[0] == RILL_OP_VARIANT;
}

/**
 * Whether two plans are the same, word for word.
 * SAFETY: plans are trusted, as rill_value.c has it. No step is read beyond the first difference, and none that neither
 * plan goes on at.
 */
static bool plans_equal(const uint16_t *a, const uint16_t *b)
{
    uint32_t at = 0;
    uint32_t last = 0;

    for (;;) {
        uint32_t words;
        uint32_t target;

        if (a[at] != b[at] || (a[at] == RILL_OP_VARIANT && a[at + 3u] != b[at + 3u])) {
            return false;
        }
        words = step_words(&a[at]);
        if (memcmp(&a[at], &b[at], (size_t)words * sizeof *a) != 0) {
            return false;
        }
        target = highest_target(&a[at]);
        last = target > last ? target : last;
        if (ends_run(&a[at]) && at >= last) {
            return true;
        }
        at += words;
    }
}

static bool match(const struct rill_type *a, const struct rill_type *b)
{
    if (a == NULL || b == NULL) {
        return a == b;
    }
    return a->elem_size == b->elem_size && a->align == b->align && (a->is_number != 0) == (b->is_number != 0)
           && plans_equal(a->plan, b->plan);
}

/// Making and leaving ///

struct rill_stream *rill_leave_pipe(struct rill_stream *stream)
{
    struct rill_stream *shared = stream->peer;

    if (!stream->is_far) {
        return stream;
    }
    shared->peer = NULL;
    stream->peer = NULL;
    stream->is_far = false;
    stream->ends = 0;
    return shared;
}

bool rill_connect(struct rill_host *from, uint32_t handle, const struct rill_type *element, struct rill_host *to,
                  const struct rill_type *as, uint32_t *to_handle)
{
    struct rill_end *taken = rill_guest_end(from, RILL_READABLE, element, false, handle);
    struct rill_end *given;
    struct rill_stream *far;

    if (taken == NULL) {
        return false;
    }
    if (from == to) {
        return RILL_TRAP(from, "a guest's stream is connected with the same guest");
    }
    if (!match(element, as)) {
        return RILL_TRAP(from, "the stream has another element type than the parameter that it is connected with");
    }
    if (rill_end_state(taken) != RILL_IDLE || taken->set != 0) {
        return RILL_TRAP(from, "a readable end is given away that is not idle, or is in a waitable set");
    }
    far = rill_add_stream(to, as, false);
    given = far != NULL ? rill_add_entry(to, RILL_READABLE) : NULL;
    if (given == NULL) {
        if (far != NULL) {
            far->ends = 0;
        }
        (void)RILL_TRAP(to, "no place is left in the host's tables");
        return RILL_TRAP(from, "the guest behind the pipe has no place left");
    }
    far->peer = rill_leave_pipe(taken->stream);
    far->peer->peer = far;
#ifdef RILL_WITH_LISTS
    far->peer->space = NULL;
#endif
    far->is_far = true;
    far->ends = 1;
    given->stream = far;
    rill_free_entry(from, taken);
    *to_handle = rill_handle_of(to, given);
    return true;
}

/** Whether an end is in a guest's table; it is not looked at. */
static bool is_entry_of(const struct rill_host *host, const struct rill_end *end)
{
    const uintptr_t at = (uintptr_t)end;

    return at >= (uintptr_t)host->ends && at < (uintptr_t)(host->ends + host->end_count);
}

/** The guest with the writable end, or with the whole stream, ends: the other one's place stands alone. */
static void end_writer(struct rill_stream *stream)
{
    struct rill_stream *far = stream->peer;

    if (stream->pending != NULL && is_entry_of(far->host, stream->pending)) {
        rill_settle_pending(stream, RILL_DROPPED);
    }
    far->peer = NULL;
    far->is_far = false;
    far->is_dropped = true;
    far->pending = NULL;
}

/** The guest with the readable end ends. */
static void end_reader(struct rill_stream *far)
{
    struct rill_stream *stream = far->peer;

    if (stream->pending != NULL && is_entry_of(far->host, stream->pending)) {
        stream->pending = NULL;
    }
    stream->peer = NULL;
    rill_drop_side(stream);
}

void rill_cut_pipes(struct rill_host *host)
{
    uint16_t i;

    for (i = 0; i < host->stream_count; i++) {
        struct rill_stream *stream = &host->streams[i];

        if (stream->peer == NULL) {
            continue;
        }
        if (stream->is_far) {
            end_reader(stream);
        } else {
            end_writer(stream);
        }
    }
}

bool rill_outlives_other(struct rill_host *host, struct rill_end *newcomer)
{
    if (rill_guest_of(host, newcomer)->trap != NULL || !rill_is_cut(rill_shared(newcomer->stream))) {
        return false;
    }
    newcomer->packed |= RILL_DROPPED;
    newcomer->status |= RILL_HAS_EVENT;
    return true;
}

/// Strings and lists ///

#ifdef RILL_WITH_LISTS

void rill_pipe_space(struct rill_host *to, uint32_t to_handle, struct rill_space *space)
{
    const struct rill_end *end = rill_entry(to, to_handle);

    if (end != NULL && end->kind == RILL_READABLE && end->stream->is_far) {
        end->stream->peer->space = space;
    }
}

/**
 * Moves an item that needs no space.
 * SAFETY: both ranges were checked when their copies began, and both memories were located just now.
 */
static bool move_plain(const struct rill_end *reader, const struct rill_end *writer, uint32_t offset)
{
    const uint16_t *plan = reader->stream->element->plan;
    struct rill_host *from = writer->stream->host;
    struct rill_host *to = reader->stream->host;
    const uint32_t stop =
        rill_plan_copy(plan, 0, to->memory + reader->at.guest + offset, from->memory + writer->at.guest + offset);

    if (stop == RILL_NO_VALUE) {
        return RILL_TRAP(from, "the bytes in a buffer are no value of its element type");
    }
    return plan[stop] == RILL_OP_END || RILL_TRAP(to, "a pipe has no space for the strings and lists of its items");
}

/** Moves an item through the space: the item itself lies at its beginning, and what it points to behind it. */
static bool move_through(struct rill_space *space, const struct rill_end *reader, const struct rill_end *writer,
                         uint32_t offset)
{
    const struct rill_type *type = reader->stream->element;
    struct rill_host *to = reader->stream->host;

    if (space->byte_length < type->elem_size) {
        return RILL_TRAP(to, "the space of a pipe is shorter than an item");
    }
    space->used = type->elem_size;
    return rill_lift(writer->stream->host, type->plan, writer->at.guest + offset, NULL, space->bytes, space)
           && rill_lower(to, type->plan, space->bytes, space, reader->at.guest + offset, NULL);
}

bool rill_pipe_values(const struct rill_end *reader, const struct rill_end *writer, uint32_t length)
{
    const uint32_t elem_size = reader->stream->element->elem_size;
    struct rill_space *space = writer->stream->space;
    uint32_t i;

    for (i = 0; i < length; i++) {
        if (!(space == NULL ? move_plain(reader, writer, i * elem_size)
                            : move_through(space, reader, writer, i * elem_size))) {
            return false;
        }
    }
    return true;
}

#endif

#endif
