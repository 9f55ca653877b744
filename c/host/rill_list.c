/*
 * Lifts and lowers values with strings and lists. See rill_list.h.
 */
#include "rill_internal.h"

#include <string.h>

/*
 * A value with lists in lists is walked without recursion: a level for each list that the walk is in, of which the last
 * is the one at hand. Level 0 is the value, or the elements of a stream. list<list<string>>, in its second element:
 *
 *   level 0   the value         left 1   at: the step behind the list's, where it goes on when level 1 is done
 *   level 1   list<string>, 2nd left 1   at: likewise
 *   level 2   string, 1st       left 3   at: the string's step
 *
 * An element's steps stand in the plan behind the RILL_OP_LIST that leads to it, up to their own RILL_OP_END: there the
 * level goes back to `first` for its next element, or up when there is none.
 *
 * One side of a walk at most is the guest. Its elements are kept as addresses, for its allocator, which runs whenever
 * something is lowered, may move its memory; those of the embedder's side stay where they are, and are kept as
 * pointers.
 */

/** The elements of one list that are on their way. */
struct level {
    uint8_t *from; /* the element; NULL when it is in the guest's memory, at `ptr` */
    uint8_t *to;   /* where it goes; likewise */
    uint32_t ptr;
    uint32_t left;   /* elements, with this one */
    uint32_t stride; /* bytes */
    uint16_t first;  /* where an element's steps begin in the plan */
    uint16_t at;     /* the step at hand */
};

void rill_host_lists(struct rill_host *host, enum rill_encoding encoding,
                     bool (*allocate)(struct rill_host *host, uint32_t align, uint32_t byte_length, uint32_t *ptr))
{
    host->encoding = (uint8_t)encoding;
    host->allocate = allocate;
}

void rill_end_space(struct rill_end *end, struct rill_space *space)
{
    end->space = space;
}

uint32_t rill_arena_missing(struct rill_host *host)
{
    rill_locate(host);
    /* The first word of the memory is no place of the guest's data: only an arena that is too small writes there. */
    return host->memory_bytes >= 4u ? rill_load_word(host->memory) : 0u;
}

uint8_t *rill_side_memory(const struct rill_way *way, const struct rill_side *side, uint32_t *byte_length)
{
    *byte_length = side->is_guest ? way->host->memory_bytes : side->space->byte_length;
    return side->is_guest ? way->host->memory : side->space->bytes;
}

static bool allocate_in_space(const struct rill_way *way, uint32_t align, uint32_t byte_length, uint32_t *ptr)
{
    struct rill_space *space = way->to.space;
    const uint64_t start = ((uint64_t)space->used + align - 1u) & ~(uint64_t)(align - 1u);

    if (start + byte_length > space->byte_length) {
        return RILL_TRAP(way->host, "the host's space for strings and lists is too small");
    }
    *ptr = (uint32_t)start;
    space->used = (uint32_t)(start + byte_length);
    return true;
}

bool rill_way_allocate(const struct rill_way *way, uint32_t align, uint64_t byte_length, uint32_t *ptr)
{
    struct rill_host *host = way->host;
    bool done;

    if (byte_length > RILL_MAX_BYTES) {
        return RILL_TRAP(host, "a string or list is longer than 2^28 - 1 bytes");
    }
    if (!way->to.is_guest) {
        return allocate_in_space(way, align, (uint32_t)byte_length, ptr);
    }
    if (host->allocate == NULL) {
        return RILL_TRAP(host, "a string or list is for a guest without cabi_realloc");
    }
    host->is_allocating = 1;
    done = host->allocate(host, align, (uint32_t)byte_length, ptr);
    host->is_allocating = 0;
    if (!done) {
        return rill_end_guest(host);
    }
    rill_leave_host(host);
    rill_locate(host);
    if (!rill_in_range(host->memory_bytes, *ptr, byte_length, align)) {
        return RILL_TRAP(host, "cabi_realloc gives an address that is misaligned or out of memory");
    }
    return true;
}

/**
 * The values of one copy: where they go, and how deep in lists the one at hand is.
 * SAFETY: enter_list goes no deeper than there are levels.
 */
struct pass {
    struct rill_way way;
    const uint16_t *plan;
    uint32_t depth;
    struct level levels[RILL_LIST_DEPTH + 1u];
};

/**
 * The element at hand: the guest's memory may have moved since the last call of its allocator.
 * SAFETY: the element is one of a list, or of a value, whose whole range was checked, and memory never shrinks.
 */
static const uint8_t *source(const struct pass *pass, const struct level *level)
{
    return level->from != NULL ? level->from : pass->way.host->memory + level->ptr;
}

/** SAFETY: as of `source`; room that the allocator gave was checked as well. */
static uint8_t *target(const struct pass *pass, const struct level *level)
{
    return level->to != NULL ? level->to : pass->way.host->memory + level->ptr;
}

/** Whether all bytes of an element are copied as they are. */
static bool is_plain(const uint16_t *plan, uint32_t stride)
{
    return plan[0] == RILL_OP_BYTES && plan[1] == 0 && plan[2] == stride && plan[3] == RILL_OP_END;
}

/** Reads the address and length at `offset` of the source's element. */
static void load_pair(const struct pass *pass, const struct level *level, uint16_t offset, uint32_t words[2])
{
    const uint8_t *at = source(pass, level) + offset;

    words[0] = rill_load_word(at);
    words[1] = rill_load_word(at + 4);
}

static void store_pair(const struct pass *pass, const struct level *level, uint16_t offset, const uint32_t words[2])
{
    uint8_t *at = target(pass, level) + offset;

    rill_store_word(at, words[0]);
    rill_store_word(at + 4, words[1]);
}

static bool move_text(struct pass *pass, struct level *level, const uint16_t *step)
{
    uint32_t words[2];

    load_pair(pass, level, step[1], words);
    if (!rill_move_text(&pass->way, words)) {
        return false;
    }
    store_pair(pass, level, step[1], words);
    level->at = (uint16_t)(level->at + 2u);
    return true;
}

/** Makes room for a list, and goes down to its elements unless they can be copied at once. */
static bool enter_list(struct pass *pass, struct level *level, const uint16_t *step)
{
    const uint32_t stride = step[2];
    struct level *inner = &pass->levels[pass->depth + 1u];
    uint32_t from_bytes;
    uint32_t to_bytes;
    uint8_t *from_memory;
    uint8_t *to_memory;
    uint32_t words[2];
    uint32_t to;
    uint32_t from;
    uint64_t byte_length;

    if (pass->depth == RILL_LIST_DEPTH) {
        return RILL_TRAP(pass->way.host, "lists are nested deeper than RILL_LIST_DEPTH");
    }
    load_pair(pass, level, step[1], words);
    from = words[0];
    byte_length = (uint64_t)words[1] * stride;
    (void)rill_side_memory(&pass->way, &pass->way.from, &from_bytes);
    if (byte_length > RILL_MAX_BYTES) {
        return RILL_TRAP(pass->way.host, "a list is longer than 2^28 - 1 bytes");
    }
    if (!rill_in_range(from_bytes, from, byte_length, step[3])) {
        return RILL_TRAP(pass->way.host, "a list is misaligned or reaches out of memory");
    }
    if (!rill_way_allocate(&pass->way, step[3], byte_length, &to)) {
        return false;
    }
    /* NOLINTNEXTLINE(clang-analyzer-core.uninitialized.Assign): rill_way_allocate was true, so `to` is set. */
    words[0] = to;
    store_pair(pass, level, step[1], words);
    /* Where this level goes on once the elements are done, be it now: an empty list has none, and needs no level. */
    level->at = step[4];
    if (words[1] == 0) {
        return true;
    }
    /* SAFETY: both ranges are checked; the allocator may have moved the memory, so it is asked for again. */
    from_memory = rill_side_memory(&pass->way, &pass->way.from, &from_bytes);
    to_memory = rill_side_memory(&pass->way, &pass->way.to, &to_bytes);
    if (is_plain(&step[5], stride)) {
        memmove(to_memory + to, from_memory + from, (size_t)byte_length);
        return true;
    }
    inner->from = pass->way.from.is_guest ? NULL : from_memory + from;
    inner->to = pass->way.to.is_guest ? NULL : to_memory + to;
    inner->ptr = pass->way.from.is_guest ? from : to;
    inner->left = words[1];
    inner->stride = stride;
    inner->first = (uint16_t)(&step[5] - pass->plan);
    inner->at = inner->first;
    pass->depth++;
    return true;
}

/** Ends the element at hand; goes up when it was the last one of its list. */
static void next_element(struct pass *pass, struct level *level)
{
    level->left--;
    level->from = level->from != NULL ? level->from + level->stride : NULL;
    level->to = level->to != NULL ? level->to + level->stride : NULL;
    level->ptr += level->stride;
    level->at = level->first;
    if (level->left == 0 && pass->depth > 0) {
        pass->depth--;
    }
}

static bool has_space(const struct rill_side *side)
{
    return side->is_guest || side->space != NULL;
}

static bool run(struct pass *pass)
{
    while (pass->levels[0].left > 0) {
        struct level *level = &pass->levels[pass->depth];
        const unsigned at = rill_plan_copy(pass->plan, level->at, target(pass, level), source(pass, level));
        const uint16_t *step;

        if (at == RILL_NO_VALUE) {
            return RILL_TRAP(pass->way.host, "the bytes in memory are no value of their type");
        }
        step = &pass->plan[at];
        if (step[0] == RILL_OP_END) {
            next_element(pass, level);
            continue;
        }
        if (!has_space(&pass->way.from) || !has_space(&pass->way.to)) {
            return RILL_TRAP(pass->way.host, "the host gave no space for strings and lists");
        }
        level->at = (uint16_t)at;
        if (step[0] == RILL_OP_STRING ? !move_text(pass, level, step) : !enter_list(pass, level, step)) {
            return false;
        }
    }
    return true;
}

/** Sets a pass up for one value; its sides are the caller's to fill in. */
static void begin(struct pass *pass, struct rill_host *host, const uint16_t *plan)
{
    pass->way.host = host;
    pass->plan = plan;
    pass->depth = 0;
    memset(&pass->levels[0], 0, sizeof pass->levels[0]);
    pass->levels[0].left = 1;
}

bool rill_lift(struct rill_host *host, const uint16_t *plan, uint32_t ptr, uint8_t *image, uint8_t *to,
               struct rill_space *space)
{
    struct pass pass;

    rill_locate(host);
    begin(&pass, host, plan);
    pass.way.from.is_guest = true;
    pass.way.from.space = NULL;
    pass.way.to.is_guest = false;
    pass.way.to.space = space;
    pass.levels[0].from = image;
    pass.levels[0].to = to;
    pass.levels[0].ptr = ptr;
    return run(&pass);
}

bool rill_lower(struct rill_host *host, const uint16_t *plan, const uint8_t *from, struct rill_space *space,
                uint32_t ptr, uint8_t *image)
{
    struct pass pass;

    rill_locate(host);
    begin(&pass, host, plan);
    pass.way.from.is_guest = false;
    pass.way.from.space = space;
    pass.way.to.is_guest = true;
    pass.way.to.space = NULL;
    /* Only read: a pass stores at its target alone. */
    pass.levels[0].from = (uint8_t *)(uintptr_t)from;
    pass.levels[0].to = image;
    pass.levels[0].ptr = ptr;
    return run(&pass);
}

/** The side of an end. @returns where its elements are; NULL in the guest's memory */
static uint8_t *side_of(const struct rill_end *end, struct rill_side *side)
{
    side->is_guest = (end->status & RILL_HOST_END) == 0;
    side->space = side->is_guest ? NULL : end->space;
    return side->is_guest ? NULL : end->at.host;
}

bool rill_move_values(struct rill_host *host, struct rill_end *reader, struct rill_end *writer, uint32_t length)
{
    const struct rill_type *type = reader->stream->element;
    struct pass pass;

    begin(&pass, host, type->plan);
    pass.levels[0].from = side_of(writer, &pass.way.from);
    pass.levels[0].to = side_of(reader, &pass.way.to);
    pass.levels[0].ptr = pass.way.from.is_guest ? writer->at.guest : reader->at.guest;
    pass.levels[0].left = length;
    pass.levels[0].stride = type->elem_size;
    return run(&pass);
}
