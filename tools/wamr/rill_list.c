/*
 * Lifts and lowers values with strings and lists. See rill_list.h.
 */
#include "rill_internal.h"

#include <string.h>

/** The elements of one list that are on their way; the lowest level is the value itself. */
struct level {
    uint8_t *own;    /* the element on the embedder's side */
    uint32_t ptr;    /* the same in the guest's memory */
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

uint8_t *rill_way_memory(const struct rill_way *way, bool is_source, uint32_t *byte_length)
{
    if (is_source == way->is_lift) {
        *byte_length = way->host->memory_bytes;
        return way->host->memory;
    }
    *byte_length = way->space->byte_length;
    return way->space->bytes;
}

static bool allocate_in_space(const struct rill_way *way, uint32_t align, uint32_t byte_length, uint32_t *ptr)
{
    struct rill_space *space = way->space;
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
    if (way->is_lift) {
        return allocate_in_space(way, align, (uint32_t)byte_length, ptr);
    }
    if (host->allocate == NULL) {
        return RILL_TRAP(host, "a string or list is for a guest without cabi_realloc");
    }
    host->is_allocating = 1;
    done = host->allocate(host, align, (uint32_t)byte_length, ptr);
    host->is_allocating = 0;
    if (!done) {
        return false;
    }
    if (!rill_in_range(host->memory_bytes, *ptr, byte_length, align)) {
        return RILL_TRAP(host, "cabi_realloc gives an address that is misaligned or out of memory");
    }
    return true;
}

/** The values of one copy: where they go, and how deep in lists the one at hand is. */
struct pass {
    struct rill_way way;
    const uint16_t *plan;
    uint8_t *image; /* the guest's side of the lowest level, when it is not in the guest's memory */
    uint32_t depth;
    struct level levels[RILL_LIST_DEPTH + 1u];
};

/** The element at hand in the guest: its memory may have moved since the last call of its allocator. */
static uint8_t *guest_side(const struct pass *pass, const struct level *level)
{
    return pass->depth == 0 && pass->image != NULL ? pass->image : pass->way.host->memory + level->ptr;
}

/** Whether all bytes of an element are copied as they are. */
static bool is_plain(const uint16_t *plan, uint32_t stride)
{
    return plan[0] == RILL_OP_BYTES && plan[1] == 0 && plan[2] == stride && plan[3] == RILL_OP_END;
}

/** Reads the address and length at `offset` of the source's element. */
static void load_pair(const struct pass *pass, const struct level *level, uint16_t offset, uint32_t words[2])
{
    const uint8_t *at = (pass->way.is_lift ? guest_side(pass, level) : level->own) + offset;

    words[0] = rill_load_word(at);
    words[1] = rill_load_word(at + 4);
}

static void store_pair(const struct pass *pass, const struct level *level, uint16_t offset, const uint32_t words[2])
{
    uint8_t *at = (pass->way.is_lift ? level->own : guest_side(pass, level)) + offset;

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
    (void)rill_way_memory(&pass->way, true, &from_bytes);
    if (byte_length > RILL_MAX_BYTES) {
        return RILL_TRAP(pass->way.host, "a list is longer than 2^28 - 1 bytes");
    }
    if (!rill_in_range(from_bytes, from, byte_length, step[3])) {
        return RILL_TRAP(pass->way.host, "a list is misaligned or reaches out of memory");
    }
    if (!rill_way_allocate(&pass->way, step[3], byte_length, &to)) {
        return false;
    }
    words[0] = to;
    store_pair(pass, level, step[1], words);
    level->at = step[4];
    if (words[1] == 0) {
        return true;
    }
    from_memory = rill_way_memory(&pass->way, true, &from_bytes);
    to_memory = rill_way_memory(&pass->way, false, &to_bytes);
    if (is_plain(&step[5], stride)) {
        memcpy(to_memory + to, from_memory + from, (size_t)byte_length);
        return true;
    }
    inner->own = pass->way.is_lift ? to_memory + to : from_memory + from;
    inner->ptr = pass->way.is_lift ? from : to;
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
    level->own += level->stride;
    level->ptr += level->stride;
    level->at = level->first;
    if (level->left == 0 && pass->depth > 0) {
        pass->depth--;
    }
}

static bool run(struct pass *pass)
{
    while (pass->levels[0].left > 0) {
        struct level *level = &pass->levels[pass->depth];
        uint8_t *guest = guest_side(pass, level);
        const uint32_t at = rill_plan_copy(pass->plan, level->at, pass->way.is_lift ? level->own : guest,
                                           pass->way.is_lift ? guest : level->own);
        const uint16_t *step = &pass->plan[at];

        if (at == RILL_NO_VALUE) {
            return RILL_TRAP(pass->way.host, "the bytes in memory are no value of their type");
        }
        if (step[0] == RILL_OP_END) {
            next_element(pass, level);
            continue;
        }
        if (pass->way.space == NULL) {
            return RILL_TRAP(pass->way.host, "the host gave no space for strings and lists");
        }
        level->at = (uint16_t)at;
        if (step[0] == RILL_OP_STRING ? !move_text(pass, level, step) : !enter_list(pass, level, step)) {
            return false;
        }
    }
    return true;
}

/** Sets a pass up for `length` values that lie one behind the other. */
static void begin(struct pass *pass, struct rill_host *host, struct rill_space *space, const uint16_t *plan, bool is_lift)
{
    pass->way.host = host;
    pass->way.space = space;
    pass->way.is_lift = is_lift;
    pass->plan = plan;
    pass->image = NULL;
    pass->depth = 0;
    pass->levels[0].left = 1;
    pass->levels[0].stride = 0;
    pass->levels[0].first = 0;
    pass->levels[0].at = 0;
}

bool rill_lift(struct rill_host *host, const uint16_t *plan, uint32_t ptr, uint8_t *image, uint8_t *to, struct rill_space *space)
{
    struct pass pass;

    begin(&pass, host, space, plan, true);
    pass.image = image;
    pass.levels[0].own = to;
    pass.levels[0].ptr = ptr;
    return run(&pass);
}

bool rill_lower(struct rill_host *host, const uint16_t *plan, const uint8_t *from, struct rill_space *space, uint32_t ptr,
                uint8_t *image)
{
    struct pass pass;

    begin(&pass, host, space, plan, false);
    pass.image = image;
    /* Only read: a pass that lowers stores on the guest's side alone. */
    pass.levels[0].own = (uint8_t *)(uintptr_t)from;
    pass.levels[0].ptr = ptr;
    return run(&pass);
}

bool rill_move_values(struct rill_host *host, struct rill_end *reader, struct rill_end *writer, uint32_t length)
{
    const bool is_lift = (reader->status & RILL_HOST_END) != 0;
    const struct rill_end *own = is_lift ? reader : writer;
    const struct rill_end *guest = is_lift ? writer : reader;
    const struct rill_type *type = reader->stream->element;
    struct pass pass;

    begin(&pass, host, own->space, type->plan, is_lift);
    pass.levels[0].own = own->at.host;
    pass.levels[0].ptr = guest->at.guest;
    pass.levels[0].left = length;
    pass.levels[0].stride = type->elem_size;
    return run(&pass);
}
