/*
 * The guest's handles of resources that the firmware implements. What a handle stands for is an index into a table of
 * the firmware's: it gives one, and gets back none but those that it gave and that are not dropped.
 *
 *   guest ── handle ──▶ struct rill_resources ── index ──▶ the firmware's table
 *
 * Handles of resources begin behind those of streams and sets, so that no number is both.
 *
 * Spec: component-model, design/mvp/CanonicalABI.md, "Resource State", "canon resource.drop", "Flat Lifting".
 */
#ifndef RILL_RESOURCES_H
#define RILL_RESOURCES_H

#include "rill_host.h"
#ifdef RILL_WITH_LISTS
#include "rill_list.h"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** A handle's place in the table; zero is a free one. 8 bytes. All fields are private. */
struct rill_resource {
    uint32_t index;    /* what the firmware gave */
    uint16_t lends;    /* calls under way that have it lent; UINT16_MAX: one that begins takes it for good */
    uint8_t type;      /* one more than the resource's number in its world; 0 is a free place */
    uint8_t is_borrow; /* the firmware has lent it to the guest */
};

/** The handles of a guest. Memory is the caller's; all fields are private. */
struct rill_resources {
    struct rill_host *host;
    struct rill_resource *places;
    uint16_t count;
    uint16_t borrowed; /* handles that are lent to the guest */
};

/** What an index is given to the guest as, and how one is taken: lent, or for good. */
enum rill_ownership { RILL_OWN, RILL_BORROW };

/// For generated code ///
/*
 * @param resources of the guest that calls, or is called
 * @param type      the resource's number in its world, 0..254
 * @param handle    any number that the guest gives
 * @returns false for a trap, with the reason in the guest's `trap`
 */

/**
 * Makes a table without handles.
 * @param host   the guest's, set up by rill_host_init
 * @param places all are freed
 * @param count  places
 * Lends: `host` and `places`, until rill_resources_end has answered false
 */
void rill_resources_init(struct rill_resources *resources, struct rill_host *host, struct rill_resource *places,
                         uint16_t count);

/**
 * Gives the guest a handle.
 * @param how    RILL_OWN: the guest drops it, or hands it on, once for each time that it was given; RILL_BORROW: it
 *               drops it before the call ends
 * @param index  the firmware's
 * @param handle gets it
 * Traps: no place is left
 * Spec:  CanonicalABI.md, Flat Lowering
 */
bool rill_resource_give(struct rill_resources *resources, uint8_t type, enum rill_ownership how, uint32_t index,
                        uint32_t *handle);

/**
 * Takes what the guest passes.
 * @param how   RILL_OWN: the handle is free once rill_resources_taken says so, and the guest's again when it traps
 *              before; RILL_BORROW: it is lent, until rill_resource_return
 * @param index gets the firmware's
 * Traps: no such handle; RILL_OWN: it is lent
 * Spec:  CanonicalABI.md, Flat Lifting
 */
bool rill_resource_take(struct rill_resources *resources, uint8_t type, enum rill_ownership how, uint32_t handle,
                        uint32_t *index);

/** All that a call takes is taken: what rill_resource_take was given with RILL_OWN is the firmware's. */
void rill_resources_taken(struct rill_resources *resources);

#ifdef RILL_WITH_LISTS
/**
 * The same as rill_resource_take with RILL_BORROW, for handles in lists: as many as the guest likes.
 * @param index gets the firmware's
 * @param space notes the handle, at its end
 * Traps: no such handle; no room is left in the space
 * Spec:  CanonicalABI.md, Flat Lifting
 */
bool rill_resource_lend(struct rill_resources *resources, uint8_t type, uint32_t handle, uint32_t *index,
                        struct rill_space *space);

/**
 * A call is over that had handles in lists lent.
 * @param space       in which they are noted; has all its room again
 * @param byte_length bytes of its room
 */
void rill_resources_return(struct rill_resources *resources, struct rill_space *space, uint32_t byte_length);
#endif

/**
 * A call that had a handle lent is over.
 * @param handle that rill_resource_take was given with RILL_BORROW; another one does nothing
 */
void rill_resource_return(struct rill_resources *resources, uint32_t handle);

/**
 * resource.drop.
 * @param is_owner gets whether the firmware's destructor is due
 * @param index    gets the firmware's
 * Traps: no such handle; it is lent
 * Spec:  CanonicalABI.md, canon resource.drop
 */
bool rill_resource_drop(struct rill_resources *resources, uint8_t type, uint32_t handle, bool *is_owner,
                        uint32_t *index);

/**
 * Whether the guest has given up what it was lent, as it must when a call ends.
 * Traps: it has not
 * Spec:  CanonicalABI.md, Tasks
 */
bool rill_resources_settle(struct rill_resources *resources);

#ifdef RILL_WITH_TASKS
/**
 * The same as rill_resource_give with RILL_BORROW, for one of several calls.
 * @param calls  of each place, whose it is; as many as there are places
 * @param call   any address that stands for the call, while it goes on
 * @param index  the firmware's
 * @param handle gets it
 * Traps: no place is left
 * Spec:  CanonicalABI.md, Flat Lowering
 */
bool rill_resource_lend_to(struct rill_resources *resources, const void **calls, const void *call, uint8_t type,
                           uint32_t index, uint32_t *handle);

/**
 * The same as rill_resources_settle, for one of several calls.
 * @param calls as above
 * @param call  that ends
 * Traps: the guest has not given up what that call was lent
 * Spec:  CanonicalABI.md, Tasks
 */
bool rill_resources_settle_call(struct rill_resources *resources, const void *const *calls, const void *call);
#endif

/**
 * After the guest's end: takes back what it still owns, one by one.
 * @param type  gets the resource's number
 * @param index gets the firmware's
 * @returns false when there is nothing more
 */
bool rill_resources_end(struct rill_resources *resources, uint8_t *type, uint32_t *index);

#ifdef __cplusplus
}
#endif

#endif
