/*
 * Items with strings, lists or handles. See rill_items.h.
 *
 * An item is lifted or lowered only while the guest's own copy waits for it: so no handle is given for an item that the
 * guest does not take, and no copy of the host's stays on its way.
 */
#include "rill_bindings.h"

#include "rill_internal.h"

#ifdef RILL_WITH_CALLS

static void use_space(struct rill_end *end, struct rill_space *space)
{
#ifdef RILL_WITH_LISTS
    rill_end_space(end, space);
#else
    (void)end;
    (void)space;
#endif
}

/** The room behind the item in a place of the ring. SAFETY: rill_flow_fits has seen that there is some. */
#ifdef RILL_WITH_LISTS
static struct rill_space room_of(const struct rill_flow *flow, uint8_t *place, bool is_filled)
{
    const uint32_t at = (flow->end.stream->element->elem_size + 7u) & ~UINT32_C(7);
    struct rill_space space = rill_bindings_space(place + at, flow->ring->item - at);

    space.used = is_filled ? space.byte_length : 0u;
    return space;
}
#endif

/** Moves the item in a place, or into it. @returns false when it did not move, or the guest traps */
static bool move(struct rill_bindings *bindings, struct rill_flow *flow, uint8_t *place)
{
    const struct rill_items *items = rill_flow_items(bindings, flow->end.stream->element);
    struct rill_host *guest = bindings->rings.host;
    const bool is_lowered = flow->is_read_by_guest != 0u;
    struct rill_space *space = NULL;
    uint32_t packed = RILL_BLOCKED;
#ifdef RILL_WITH_LISTS
    struct rill_space room;

    if (items->has_room) {
        room = room_of(flow, place, is_lowered);
        space = &room;
    }
#endif
    if (is_lowered && items->give != NULL && !items->give(bindings, place, space)) {
        return false;
    }
    use_space(&flow->end, space);
    if (!rill_end_copy(guest, &flow->end, place, 1u, false, &packed)) {
        return false;
    }
    use_space(&flow->end, NULL);
    if (packed == RILL_BLOCKED) {
        (void)rill_end_cancel(&flow->end);
        return items->give != NULL && is_lowered
               && RILL_TRAP(guest, "a copy of handles is given up while it is lowered");
    }
    return is_lowered || items->take == NULL || items->take(bindings, place, space);
}

/** The guest's copy of no elements, if there is one, is told that this side is there. */
static bool answer_asking(struct rill_host *guest, struct rill_flow *flow)
{
    const struct rill_end *pending = flow->end.stream->pending;
    uint32_t packed;

    if (pending == NULL || pending == &flow->end || pending->length != 0u) {
        return false;
    }
    if (rill_end_copy(guest, &flow->end, NULL, 1u, false, &packed) && packed == RILL_BLOCKED) {
        (void)rill_end_cancel(&flow->end);
    }
    return true;
}

bool rill_items_go_on(struct rill_bindings *bindings, struct rill_flow *flow)
{
    struct rill_host *guest = bindings->rings.host;
    bool has_moved = false;

    while (guest->trap == NULL && rill_flow_is_open(flow) && flow->ring != NULL) {
        uint8_t *place = NULL;
        const bool is_over = flow->is_read_by_guest != 0u && flow->is_over != 0u;
        uint32_t count;

        RILL_RING_BARRIER();
        count = flow->is_read_by_guest != 0u ? rill_ring_peek(flow->ring, &place) : rill_ring_space(flow->ring, &place);
        if (flow->end.stream->is_dropped || (count == 0u && is_over)) {
            if (!flow->end.stream->is_dropped && flow->is_future != 0u) {
                return RILL_TRAP(guest, "a future of the firmware's ends without its value");
            }
            rill_end_drop(&flow->end);
            return true;
        }
        if (count == 0u || !rill_end_is_awaited(&flow->end)) {
            return (count != 0u && answer_asking(guest, flow)) || has_moved;
        }
        if (!move(bindings, flow, place)) {
            return has_moved;
        }
        has_moved = true;
        if (flow->is_read_by_guest != 0u) {
            rill_ring_skip(flow->ring, 1);
        } else {
            rill_ring_fill(flow->ring, 1);
        }
        if (rill_end_state(&flow->end) == (uint32_t)RILL_DONE) {
            rill_end_drop(&flow->end);
        }
    }
    return has_moved;
}

#endif
