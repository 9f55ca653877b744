/*
 * Items of streams and futures that have strings, lists or handles in them, for generated bindings. An item with
 * strings or lists has room for them behind it, in the ring itself; so what a ring holds is bounded, and an interrupt
 * may put and take such items, too.
 *
 *   RILL_ITEM_PLACE(struct my_entry, 64) places[4];
 *   struct rill_ring ring = RILL_RING_ON(places);
 *   struct rill_space space = RILL_SPACE_ON(places[0].room);        of each place its own
 *   rill_view_put(&space, &places[0].item.value.name, "adc", 3, 1)  before rill_ring_put(&ring, &places[0])
 *   rill_view_in(&space, places[0].item.value.name)                 of what has come
 *
 * A handle in an item is what it is in other values: an index of the firmware's, a number of the guest's resource, or
 * of an end. The item's are the guest's, or the firmware's, when it goes, or has come.
 */
#ifndef RILL_ITEMS_H
#define RILL_ITEMS_H

#include "rill_ends.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The type of a ring's places for items with strings or lists: `item.value`, and `room` for their bytes, a multiple of
 * 8. What is longer ends the guest.
 */
#define RILL_ITEM_PLACE(type, bytes)                                                                                   \
    struct {                                                                                                           \
        union {                                                                                                        \
            type value;                                                                                                \
            uint64_t words[(sizeof(type) + 7u) / 8u];                                                                  \
        } item;                                                                                                        \
        uint64_t room[((bytes) + 7u) / 8u];                                                                            \
    }

/** What items of a type need beside a ring. Constant data, in generated code. */
struct rill_items {
    /**
     * Goes on with a flow of such items: rill_items_go_on, which is linked with them.
     * @param bindings of the guest
     * @param flow     with such items
     * @returns whether anything moved
     */
    bool (*go_on)(struct rill_bindings *bindings, struct rill_flow *flow);
    /**
     * Takes the handles in what has come. NULL without handles.
     * @param bindings of the guest
     * @param item     that was lifted
     * @param space    of its strings and lists; NULL without
     * @returns false for a trap
     */
    bool (*take)(struct rill_bindings *bindings, void *item, struct rill_space *space);
    /**
     * Gives the guest the handles in an item.
     * @param bindings of the guest
     * @param item     that is lowered next
     * @param space    of its strings and lists; NULL without
     * @returns false for a trap
     */
    bool (*give)(struct rill_bindings *bindings, void *item, struct rill_space *space);
    bool has_room; /* strings or lists are in it */
};

/// For generated code ///

/**
 * Moves the items of a flow that both sides are ready for, one at a time.
 * @param bindings of the guest
 * @param flow     open
 * @returns whether anything moved
 * Traps: an item is no value of its type, or longer than its room; what handles in it bring
 */
bool rill_items_go_on(struct rill_bindings *bindings, struct rill_flow *flow);

#ifdef __cplusplus
}
#endif

#endif
