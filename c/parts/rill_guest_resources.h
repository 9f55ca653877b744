/*
 * Resources that the guest implements. Each has one place from resource.new to its destructor, whoever holds it: the
 * guest by a handle, the firmware by a number. So handing one over takes no further place.
 *
 *   guest ── handle ──▶ struct rill_guest_resource: what it stands for ◀── number ── firmware
 *
 * A number is that of the place, below how often one was made for it: so an old one is known, also when the place has
 * another resource since, or the guest has gone and the memory serves another one. It is known for 65,535 resources
 * that come after it in its place. Handles begin behind those of the firmware's resources.
 *
 * Spec: component-model, design/mvp/CanonicalABI.md, "Resource State", "canon resource.new", "canon resource.drop".
 */
#ifndef RILL_GUEST_RESOURCES_H
#define RILL_GUEST_RESOURCES_H

#include "rill_resources.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The place of a resource; a table of them is zero before its first use. 12 bytes. All fields are private. */
struct rill_guest_resource {
    uint32_t representation; /* what the guest knows it by */
    uint16_t count;          /* numbers that were made for the place; never 0 while the firmware has one */
    uint16_t lends;          /* calls beside others that have it lent */
    uint16_t asked;          /* times the call under way has it lent; UINT16_MAX: it is about to be handed over */
    uint8_t type;            /* one more than the resource's number in its world; 0 is a free place */
    uint8_t holder;          /* who holds it */
};

/** All resources of a guest's. Memory is the caller's; all fields are private. */
struct rill_guest_resources {
    struct rill_host *host;
    struct rill_guest_resource *places;
    uint16_t count;
    uint16_t first; /* places of the firmware's resources, whose handles come before */
    uint8_t depth;  /* destructors under way */
};

/** What a number of the firmware's is. */
enum rill_held {
    RILL_HELD,      /* a resource of its, which it may lend, hand over and drop */
    RILL_HELD_LENT, /* the same, lent to a call that goes on: it may be lent, but not handed over or dropped */
    RILL_HELD_NOT   /* nothing: dropped, handed over, of another type, of a guest that has trapped or gone, or none */
};

/** Destructors that the guest may run inside of each other, by dropping what it has: each takes a part of the stack. */
#ifndef RILL_NESTED_DESTRUCTORS
#define RILL_NESTED_DESTRUCTORS 8u
#endif

/// For generated code ///
/*
 * @param resources of the guest that calls, or is called
 * @param type      the resource's number in its world, 0..254
 * @param handle    any number that the guest gives
 * @param number    any number that the firmware gives
 */

/**
 * Makes a table without resources; numbers of an earlier guest's stay known as old.
 * @param host   the guest's, set up by rill_host_init
 * @param places zero, or of a table before; all are freed
 * @param count  places, below 65,535
 * @param first  places of the guest's `struct rill_resources`, 0 without one
 * Lends: `host` and `places`, until rill_guest_resources_close
 */
void rill_guest_resources_init(struct rill_guest_resources *resources, struct rill_host *host,
                               struct rill_guest_resource *places, uint16_t count, uint16_t first);

/** The guest was closed, with all that it had: no destructor runs. Numbers are RILL_HELD_NOT, as before init. */
void rill_guest_resources_close(struct rill_guest_resources *resources);

/**
 * resource.new.
 * @param representation what the guest knows it by, any number
 * @param handle         gets the guest's
 * @returns false for a trap, with the reason in the guest's `trap`
 * Traps: no place is left
 * Spec:  CanonicalABI.md, canon resource.new
 */
bool rill_guest_resource_new(struct rill_guest_resources *resources, uint8_t type, uint32_t representation,
                             uint64_t *handle);

/**
 * resource.rep.
 * @param representation gets what the guest has given
 * @returns false for a trap
 * Traps: no such handle
 * Spec:  CanonicalABI.md, canon resource.rep
 */
bool rill_guest_resource_rep(struct rill_guest_resources *resources, uint8_t type, uint32_t handle,
                             uint64_t *representation);

/**
 * resource.drop: the guest gives up its own. The caller runs the destructor, and calls rill_guest_resource_dropped.
 * @param representation gets the destructor's argument
 * @returns false for a trap
 * Traps: no such handle; more destructors are inside of each other than RILL_NESTED_DESTRUCTORS
 * Spec:  CanonicalABI.md, canon resource.drop
 */
bool rill_guest_resource_drop(struct rill_guest_resources *resources, uint8_t type, uint32_t handle,
                              uint64_t *representation);

/**
 * The destructor of one that the guest has dropped has returned.
 * @param is_done whether it went well
 * @returns `is_done`
 */
bool rill_guest_resource_dropped(struct rill_guest_resources *resources, bool is_done);

/**
 * Takes what the guest answers with: it is the firmware's.
 * @param to gets its number; may be where the handle came from
 * @returns false for a trap
 * Traps: no such handle
 * Spec:  CanonicalABI.md, Flat Lifting
 */
bool rill_guest_resource_take(struct rill_guest_resources *resources, uint8_t type, uint32_t handle, uint32_t *to);

/// What the firmware passes ///
/*
 * First each number of a call is looked at, so that nothing has changed when one of them is refused:
 *
 *   ask, for each ──all good──▶ give, for each ──▶ the guest runs ──▶ forget
 *        │                      └─ keep ──▶ give, later ──▶ … ──▶ return, for each     calls beside others
 *        └─one is not──▶ forget: the call is refused
 *
 * @param resources of the guest that is called
 * @param type      the resource's number in its world, 0..254
 * @param number    any number that the firmware gives
 */

/**
 * What a number is.
 * @returns it
 */
enum rill_held rill_guest_resource_look(const struct rill_guest_resources *resources, uint8_t type, uint32_t number);

/**
 * Notes that a call passes a resource.
 * @param how RILL_BORROW, or RILL_OWN: then it is not lent, and the call passes it once
 * @returns false when the number is no such resource: rill_guest_resources_forget is due
 */
bool rill_guest_resource_ask(struct rill_guest_resources *resources, uint8_t type, enum rill_ownership how,
                             uint32_t number);

/** The call is refused, or over: what was asked for is the firmware's as before, unless it was given. */
void rill_guest_resources_forget(struct rill_guest_resources *resources);

/** The call goes on beside others: what was asked for is kept for it, until rill_guest_resource_return. */
void rill_guest_resources_keep(struct rill_guest_resources *resources);

/**
 * Gives the guest what was asked for.
 * @param how as it was asked
 * @param to  gets the handle of what is handed over; of what is lent, what the guest knows it by. May be where the
 *            number came from
 * @returns false for a trap
 * Traps: it was not asked for
 * Spec:  CanonicalABI.md, Flat Lowering
 */
bool rill_guest_resource_give(struct rill_guest_resources *resources, uint8_t type, enum rill_ownership how,
                              uint32_t number, uint32_t *to);

/**
 * A call beside others is over that has kept a resource: one that was lent, or that was to be handed over, and was
 * not, because the call never started. Another number does nothing.
 * @param how as it was asked
 */
void rill_guest_resource_return(struct rill_guest_resources *resources, uint8_t type, enum rill_ownership how,
                                uint32_t number);

/**
 * The firmware drops its own. The caller runs the destructor.
 * @param representation gets the destructor's argument
 * @returns false when it is not RILL_HELD: nothing has happened
 */
bool rill_guest_resource_end(struct rill_guest_resources *resources, uint8_t type, uint32_t number,
                             uint64_t *representation);

#ifdef __cplusplus
}
#endif

#endif
