/*
 * Streams and futures of generated bindings that are no stream of a task: parameters and results of imported functions,
 * and futures of exported ones. Each goes through a ring of the firmware's, as those of tasks do; a future is one item.
 * What an imported function has opened goes on after its call, whenever the guest waits, until one side ends it.
 *
 * Spec: component-model, design/mvp/CanonicalABI.md, "Stream State", "Future State".
 */
#ifndef RILL_FLOWS_H
#define RILL_FLOWS_H

#include "rill_host.h"
#include "rill_ring.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A stream or future between the guest and a ring. Zero before its first use; in place while it is open. */
struct rill_flow {
    /**
     * Items of the element type's bytes, aligned to it: the guest's come in, or the firmware's go out. NULL: what the
     * guest writes is given up.
     */
    struct rill_ring *ring;
    volatile uint8_t is_over; /* of what the guest reads: set by the putter after its last item */
    uint8_t is_future;        /* private */
    uint8_t is_read_by_guest; /* private */
    struct rill_flow *next;   /* private: open as well */
    struct rill_end end;      /* private */
};

/**
 * Whether more may come, or go: from interrupts, too. What came is in the ring.
 * @param flow of a function that was called
 * @returns false when one side has ended it, or its guest has gone
 */
static inline bool rill_flow_is_open(const struct rill_flow *flow)
{
    return rill_end_is_open(&flow->end);
}

struct rill_bindings;
struct rill_items;

/** What a port does with open flows; there are none before the first is opened, so that it is linked with them. */
struct rill_flow_port {
    /**
     * Lets all go on that can.
     * @param bindings whose
     * @returns whether anything moved
     */
    bool (*pump)(struct rill_bindings *bindings);
    /**
     * Looks for something to move that the last pump did not see.
     * @param bindings whose
     * @returns whether there is
     */
    bool (*has_news)(const struct rill_bindings *bindings);
    /**
     * Gives all up.
     * @param bindings whose
     */
    void (*close)(struct rill_bindings *bindings);
};

/// For generated code ///
/*
 * @param bindings  of the guest
 * @param flow      the function's
 * @param element   the element type, without strings, lists and handles; NULL without one
 * @param is_future whether it is a future
 * @returns false for a trap, with the reason in the guest's `trap`
 */

/**
 * Opens what the guest writes and the firmware reads. `flow->ring` is NULL then: nothing moves before it is set.
 * @param handle of the readable end, any number; free from then on
 * Lends: `flow` and `element`, until the flow ends
 * Traps: it is open; no such end, or not an idle one
 */
bool rill_flow_take(struct rill_bindings *bindings, struct rill_flow *flow, const struct rill_type *element,
                    bool is_future, uint32_t handle);

/**
 * Opens what the firmware writes and the guest reads.
 * Caller must: have set `flow->ring`; have seen by rill_flow_prepare that the flow was not open then.
 * @param handle gets the readable end's handle in the guest
 * Lends: `flow`, its ring and `element`, until the flow ends
 * Traps: no ring, or one of other items; no place is left in the host's tables
 */
bool rill_flow_give(struct rill_bindings *bindings, struct rill_flow *flow, const struct rill_type *element,
                    bool is_future, uint32_t *handle);

/**
 * Whether a flow may be opened: it was not, or has come to its end.
 * Traps: what other flows bring
 */
bool rill_flow_is_free(struct rill_bindings *bindings, const struct rill_flow *flow);

/**
 * Before the firmware sets a flow's ring.
 * Traps: it is open
 */
bool rill_flow_prepare(struct rill_bindings *bindings, struct rill_flow *flow);

/**
 * After the firmware has said which ring the guest's items go to: gives the flow up when it has not.
 * Traps: the ring has other items
 */
bool rill_flow_settle(struct rill_bindings *bindings, struct rill_flow *flow);

/**
 * Whether a ring's places are such elements: their bytes, and where they lie.
 * @param ring of anybody's
 * Traps: never
 */
bool rill_flow_fits(const struct rill_bindings *bindings, const struct rill_ring *ring,
                    const struct rill_type *element);

/**
 * What the items need beside the ring.
 * @returns it; NULL for items without strings, lists and handles
 */
const struct rill_items *rill_flow_items(const struct rill_bindings *bindings, const struct rill_type *element);

/**
 * Gives the guest back what rill_flow_take has taken, and no ring was set for.
 * @param handle gets the readable end's handle in the guest
 * Traps: it is not open; no place is left in the host's tables
 */
bool rill_flow_give_back(struct rill_bindings *bindings, struct rill_flow *flow, uint32_t *handle);

/**
 * Goes on with one flow.
 * @returns whether anything moved
 * Traps: what it brings
 */
bool rill_flow_go_on(struct rill_bindings *bindings, struct rill_flow *flow);

/** Ends a flow, if it is open: after a call of an export. Items that were on their way are in the ring. */
void rill_flow_end(struct rill_bindings *bindings, struct rill_flow *flow);

#ifdef __cplusplus
}
#endif

#endif
