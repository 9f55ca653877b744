/*
 * Streams and futures between a guest and rings, opened one by one. See rill_flows.h.
 */
#include "rill_bindings.h"

#include "rill_internal.h"

#include <string.h>

#ifdef RILL_WITH_CALLS

static bool is_idle(const struct rill_flow *flow)
{
    return flow->ring != NULL && rill_end_is_open(&flow->end) && rill_end_state(&flow->end) == (uint32_t)RILL_IDLE;
}

/** What the items of a flow need; NULL of most, and of one that is not open. */
static const struct rill_items *items_of(const struct rill_bindings *bindings, const struct rill_flow *flow)
{
    return rill_end_is_open(&flow->end) ? rill_flow_items(bindings, flow->end.stream->element) : NULL;
}

/** Items that lie in the ring one after the other, or places that do. */
static uint32_t lent(const struct rill_flow *flow, uint8_t **items)
{
    const uint32_t count =
        flow->is_read_by_guest != 0u ? rill_ring_peek(flow->ring, items) : rill_ring_space(flow->ring, items);

    return flow->is_future != 0u && count > 1u ? 1u : count;
}

/** SAFETY: what a copy has moved of what was lent is never more than was lent. */
static void moved(struct rill_flow *flow, uint32_t packed)
{
    const bool is_value = flow->is_future != 0u && (packed & RILL_RESULT) == (uint32_t)RILL_COMPLETED;
    const uint32_t count = is_value ? 1u : packed >> 4;

    if (flow->is_read_by_guest != 0u) {
        rill_ring_skip(flow->ring, count);
    } else {
        rill_ring_fill(flow->ring, count);
    }
    if (rill_end_state(&flow->end) == (uint32_t)RILL_DONE) {
        rill_end_drop(&flow->end);
    }
}

bool rill_flow_go_on(struct rill_bindings *bindings, struct rill_flow *flow)
{
    struct rill_host *host = bindings->rings.host;
    bool has_moved = false;

    if (items_of(bindings, flow) != NULL) {
        return items_of(bindings, flow)->go_on(bindings, flow);
    }
    if (rill_end_state(&flow->end) == (uint32_t)RILL_COPYING && rill_end_has_event(&flow->end)) {
        moved(flow, rill_end_event(&flow->end));
        has_moved = true;
    }
    while (is_idle(flow)) {
        uint32_t packed = RILL_BLOCKED;
        uint8_t *items = NULL;
        /* The order of the looks matters: the putter puts its last item before it says that the stream is over. */
        const bool is_over = flow->is_read_by_guest != 0u && flow->is_over != 0u;
        uint32_t count;

        RILL_RING_BARRIER();
        count = lent(flow, &items);
        if (count == 0u && is_over && !has_moved) {
            if (flow->is_future != 0u) {
                return RILL_TRAP(host, "a future of the firmware's ends without its value");
            }
            rill_end_drop(&flow->end);
            return true;
        }
        if (count == 0u || !rill_end_copy(host, &flow->end, items, count, false, &packed) || packed == RILL_BLOCKED) {
            break;
        }
        moved(flow, packed);
        has_moved = true;
    }
    /* The other side may have gone while nothing was on its way. */
    if (is_idle(flow) && rill_shared(flow->end.stream)->is_dropped) {
        rill_end_drop(&flow->end);
        return true;
    }
    return has_moved;
}

static bool pump(struct rill_bindings *bindings)
{
    struct rill_flow **at = &bindings->flows;
    bool has_moved = false;

    while (*at != NULL) {
        struct rill_flow *flow = *at;

        has_moved = rill_flow_go_on(bindings, flow) || has_moved;
        if (rill_end_is_open(&flow->end)) {
            at = &flow->next;
        } else {
            *at = flow->next;
        }
    }
    return has_moved;
}

static bool has_news(const struct rill_bindings *bindings)
{
    const struct rill_flow *flow;
    uint8_t *items;

    for (flow = bindings->flows; flow != NULL; flow = flow->next) {
        if (is_idle(flow) && (items_of(bindings, flow) == NULL || rill_end_is_awaited(&flow->end))
            && (lent(flow, &items) != 0u || (flow->is_read_by_guest != 0u && flow->is_over != 0u))) {
            return true;
        }
    }
    return false;
}

static void give_up(struct rill_flow *flow)
{
    if (rill_end_state(&flow->end) == (uint32_t)RILL_COPYING) {
        moved(flow, rill_end_cancel(&flow->end));
    }
    rill_end_drop(&flow->end);
}

static void give_all_up(struct rill_bindings *bindings)
{
    while (bindings->flows != NULL) {
        give_up(bindings->flows);
        bindings->flows = bindings->flows->next;
    }
}

static const struct rill_flow_port flow_port = {pump, has_news, give_all_up};

const struct rill_items *rill_flow_items(const struct rill_bindings *bindings, const struct rill_type *element)
{
    return element == NULL || bindings->items == NULL ? NULL : bindings->items[element->id];
}

bool rill_flow_fits(const struct rill_bindings *bindings, const struct rill_ring *ring, const struct rill_type *element)
{
    const struct rill_items *items = rill_flow_items(bindings, element);

    if (items != NULL && items->has_room) {
        return ring->item >= element->elem_size && (ring->item & 7u) == 0u && ((uintptr_t)ring->room & 7u) == 0u;
    }
    return element == NULL ? ring->item == 0u
                           : ring->item == element->elem_size && ((uintptr_t)ring->room & (element->align - 1u)) == 0u;
}

static bool has_items_of(struct rill_bindings *bindings, const struct rill_ring *ring, const struct rill_type *element)
{
    return rill_flow_fits(bindings, ring, element)
           || RILL_TRAP(bindings->rings.host,
                        "the ring's items have another length or alignment than the stream's or future's");
}

static void note(struct rill_bindings *bindings, struct rill_flow *flow, bool is_future, bool is_read_by_guest)
{
    flow->is_future = is_future;
    flow->is_read_by_guest = is_read_by_guest;
    flow->next = bindings->flows;
    bindings->flows = flow;
    bindings->flow_port = &flow_port;
}

bool rill_flow_is_free(struct rill_bindings *bindings, const struct rill_flow *flow)
{
    /* An end that the last pump has not seen to its end counts as one no more. */
    (void)pump(bindings);
    return !rill_end_is_open(&flow->end);
}

bool rill_flow_prepare(struct rill_bindings *bindings, struct rill_flow *flow)
{
    if (!rill_flow_is_free(bindings, flow)) {
        return RILL_TRAP(bindings->rings.host, "a function is called again while a stream or future of it is open");
    }
    (void)memset(flow, 0, sizeof *flow);
    return bindings->rings.host->trap == NULL;
}

bool rill_flow_take(struct rill_bindings *bindings, struct rill_flow *flow, const struct rill_type *element,
                    bool is_future, uint32_t handle)
{
    if (!rill_flow_prepare(bindings, flow)
        || !rill_take(bindings->rings.host, element, is_future, handle, &flow->end)) {
        return false;
    }
    note(bindings, flow, is_future, false);
    return true;
}

bool rill_flow_give(struct rill_bindings *bindings, struct rill_flow *flow, const struct rill_type *element,
                    bool is_future, uint32_t *handle)
{
    if (flow->ring == NULL) {
        return RILL_TRAP(bindings->rings.host, "the firmware gives no ring for a stream or future");
    }
    if (!has_items_of(bindings, flow->ring, element)
        || !rill_give(bindings->rings.host, element, is_future, &flow->end, handle)) {
        return false;
    }
    note(bindings, flow, is_future, true);
    (void)rill_flow_go_on(bindings, flow);
    return bindings->rings.host->trap == NULL;
}

bool rill_flow_settle(struct rill_bindings *bindings, struct rill_flow *flow)
{
    if (flow->ring == NULL) {
        rill_flow_end(bindings, flow);
        return true;
    }
    return has_items_of(bindings, flow->ring, flow->end.stream->element);
}

/** Takes a flow out of the open ones. @returns whether it was */
static bool unlink_flow(struct rill_bindings *bindings, struct rill_flow *flow)
{
    struct rill_flow **at = &bindings->flows;

    while (*at != NULL && *at != flow) {
        at = &(*at)->next;
    }
    if (*at == NULL) {
        return false;
    }
    *at = flow->next;
    return true;
}

void rill_flow_end(struct rill_bindings *bindings, struct rill_flow *flow)
{
    if (unlink_flow(bindings, flow)) {
        give_up(flow);
    }
}

bool rill_flow_give_back(struct rill_bindings *bindings, struct rill_flow *flow, uint32_t *handle)
{
    (void)unlink_flow(bindings, flow);
    return rill_give_back(bindings->rings.host, &flow->end, handle);
}

#endif
