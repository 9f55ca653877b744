/*
 * Strings and lists inside of other values, as generated bindings have them: a `struct rill_view` in the value says
 * where in a space the bytes or items lie. So a value has the same layout on every machine, and a view that is wrong
 * traps the guest: nothing is read that is not in the space.
 *
 *   static uint64_t room[32];
 *   struct rill_space space = RILL_SPACE_ON(room);
 *   rill_view_put(&space, &entry.module, "adc", 3, 1)    false when the space is too small
 *   const char *text = rill_view_in(&space, entry.module)
 */
#ifndef RILL_VIEW_H
#define RILL_VIEW_H

#include "rill_list.h"

#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A string or list in a space. 8 bytes, as in canonical layout. */
struct rill_view {
    uint32_t at;     /* bytes from the start of the space */
    uint32_t length; /* bytes of a string, items of a list */
};

/** Initialises an empty space whose room is an array, of 8-byte items where lists are. */
#define RILL_SPACE_ON(array)                                                                                           \
    {                                                                                                                  \
        (uint8_t *)(array), (uint32_t)sizeof(array), 0u, (uint8_t)RILL_UTF8                                            \
    }

/**
 * What a view points to.
 * @param space where it lies
 * @param view  as the bindings or rill_view_put have made it
 * @returns its first byte, aligned to its items; a string has no zero behind it
 * Lends: the space's bytes, until they are taken back
 */
static inline const void *rill_view_in(const struct rill_space *space, struct rill_view view)
{
    return space->bytes + view.at;
}

/**
 * The items of a list that may be any view.
 * @param space      where it lies
 * @param view       any
 * @param item_bytes `sizeof` an item
 * @param align      bytes to which its type is aligned: 1, 2, 4 or 8
 * @returns the first one; NULL when the view reaches out of what the space has, or its items are not aligned
 * Lends: the space's bytes, until they are taken back
 */
static inline void *rill_view_items(const struct rill_space *space, struct rill_view view, uint32_t item_bytes,
                                    uint32_t align)
{
    const uint64_t end = (uint64_t)view.at + (uint64_t)view.length * item_bytes;

    return end > space->used || (view.at & (align - 1u)) != 0u ? NULL : space->bytes + view.at;
}

/**
 * Copies a string or list into a space, behind what is there.
 * @param space      with its first byte aligned to the items; moves on
 * @param view       gets where the copy lies; unchanged when there is no room
 * @param items      `length * item_bytes` bytes, not in what the space has left
 * @param length     bytes of a string, in UTF-8, or items of a list
 * @param item_bytes 1 of a string; `sizeof` an item
 * @returns false when the space is too small: nothing is written
 */
static inline bool rill_view_put(struct rill_space *space, struct rill_view *view, const void *items, uint32_t length,
                                 uint32_t item_bytes)
{
    /* An item's bytes are a multiple of its alignment, which is 8 at most. */
    const uint32_t lowest = item_bytes & (0u - item_bytes);
    const uint32_t align = lowest > 8u ? 8u : lowest == 0u ? 1u : lowest;
    const uint64_t start = ((uint64_t)space->used + align - 1u) & ~(uint64_t)(align - 1u);
    const uint64_t byte_length = (uint64_t)length * item_bytes;

    if (byte_length > RILL_MAX_BYTES || start + byte_length > space->byte_length) {
        return false;
    }
    if (byte_length != 0u) {
        (void)memcpy(space->bytes + start, items, (size_t)byte_length);
    }
    view->at = (uint32_t)start;
    view->length = length;
    space->used = (uint32_t)(start + byte_length);
    return true;
}

/**
 * Copies all that one space has into another, so that views of the one are views of the other.
 * @param to   what it has is given up; the same as `from`: nothing is done
 * @param from with views in it
 * @returns false when `to` is too small: nothing is written
 */
static inline bool rill_space_copy(struct rill_space *to, const struct rill_space *from)
{
    if (from->used > to->byte_length) {
        return false;
    }
    if (to->bytes != from->bytes && from->used != 0u) {
        (void)memcpy(to->bytes, from->bytes, from->used);
    }
    to->used = from->used;
    return true;
}

#ifdef __cplusplus
}
#endif

#endif
