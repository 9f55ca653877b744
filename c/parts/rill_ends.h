/*
 * Readable ends of streams and futures inside of values of generated bindings. In C each is a number, of a place in a
 * table of the guest's; what moves goes through a ring of the firmware's, as with other streams and futures.
 *
 *   rill_ends_offer(&host.ends, &ring) ── number, in a value ──▶ the guest reads
 *   the guest writes ── number, in a value ──▶ rill_ends_read(&host.ends, number, &ring), or rill_ends_drop
 *                                         └──▶ in a value again: the guest has its end back
 *
 * A place is taken until one side has ended what goes through it, or rill_ends_drop. A number is that of the place,
 * below how often one was made for it: so an old one is known, for 65,535 ends that come after it in its place, and
 * also when the guest has gone.
 *
 * Spec: component-model, design/mvp/CanonicalABI.md, "Lifting", "Lowering"; "Stream State", "Future State".
 */
#ifndef RILL_ENDS_H
#define RILL_ENDS_H

#include "rill_flows.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A place; a table of them is zero before its first use. All fields are private. */
struct rill_ends_place {
    struct rill_flow flow;
    uint16_t count;  /* numbers that were made for the place; never 0 while it is taken */
    uint8_t state;   /* what it is of */
    uint8_t passing; /* a call is about to pass it */
};

/** All such ends of a guest's. Memory is the caller's; all fields are private. */
struct rill_ends {
    struct rill_bindings *bindings; /* NULL: the guest has gone */
    struct rill_ends_place *places;
    uint16_t count;
};

/** What came of it when the firmware says a number. */
enum rill_ends_how {
    RILL_ENDS_WELL,
    RILL_ENDS_NOT,  /* nothing: it is over, was dropped or passed on, is of a guest that has gone, or none */
    RILL_ENDS_USED, /* nothing: a ring is its already, or a call is about to pass it */
    RILL_ENDS_RING  /* nothing: the ring's items have another length or alignment than the element type */
};

/// For the firmware ///
/*
 * Not from interrupts, but for rill_ends_over.
 * @param ends   the member `ends` of a `struct W_host`
 * @param number any
 */

/**
 * Makes an end that a value may hold: what the putter puts into the ring goes to the guest, once it has it. Of a future
 * the first item alone does.
 * @param ring with items of the element type's bytes, aligned to it
 * @returns its number; 0 when no place is free, or before the guest is there: nothing has happened
 * Lends: `ring`, until the end is over
 */
uint32_t rill_ends_offer(struct rill_ends *ends, struct rill_ring *ring);

/**
 * Reads what has come in a value: the guest's items go into the ring, beginning now.
 * @param ring that gets the items, or the future's value
 * @returns RILL_ENDS_WELL, or why not
 * Lends: `ring`, until the end is over
 */
enum rill_ends_how rill_ends_read(struct rill_ends *ends, uint32_t number, struct rill_ring *ring);

/**
 * No more comes from the firmware: the stream ends when its ring is empty. From interrupts, too.
 * @param number that rill_ends_offer has answered with
 * @returns RILL_ENDS_WELL, or RILL_ENDS_NOT
 */
enum rill_ends_how rill_ends_over(struct rill_ends *ends, uint32_t number);

/**
 * Gives an end up, whatever it is of: one that was offered, one that came and is not wanted, or what goes on. The
 * guest is told that nobody reads, or that the stream is over; one that waits for a future's value traps.
 * @returns RILL_ENDS_WELL, or why not
 */
enum rill_ends_how rill_ends_drop(struct rill_ends *ends, uint32_t number);

/**
 * Whether it is one: from interrupts, too.
 * @returns true also before anything moves; false when it is RILL_ENDS_NOT
 */
bool rill_ends_is_open(const struct rill_ends *ends, uint32_t number);

/// For generated code ///
/*
 * First each number of a call is looked at, so that nothing has changed when one of them is refused, as with resources
 * that the guest implements (rill_guest_resources.h).
 *
 * @param ends      of the guest that calls, or is called
 * @param element   the element type; NULL without one
 * @param is_future whether it is a future
 * @param number    any that the firmware gives
 */

/**
 * Makes a table without ends; numbers of an earlier guest's stay known as old.
 * @param bindings of the guest
 * @param places   zero, or of a table before
 * @param count    places, below 65,535
 * Lends: `bindings` and `places`, until rill_ends_close
 */
void rill_ends_init(struct rill_ends *ends, struct rill_bindings *bindings, struct rill_ends_place *places,
                    uint16_t count);

/** The guest was closed: its numbers are RILL_ENDS_NOT, as before init. */
void rill_ends_close(struct rill_ends *ends);

/**
 * Notes that a call passes an end.
 * @returns false when the number is none that may be passed, or its ring or type is another one: rill_ends_forget is
 *          due
 */
bool rill_ends_ask(struct rill_ends *ends, const struct rill_type *element, bool is_future, uint32_t number);

/** The call is refused: what was asked for is the firmware's as before. */
void rill_ends_forget(struct rill_ends *ends);

/** The call goes on beside others: what was asked for is kept for it, until it is given or rill_ends_return. */
void rill_ends_keep(struct rill_ends *ends);

/** A call beside others that has kept an end is over, and has not started: the end is the firmware's as before. */
void rill_ends_return(struct rill_ends *ends, uint32_t number);

/**
 * Gives the guest an end.
 * @param to gets the handle; may be where the number came from
 * @returns false for a trap
 * Traps: the number is none that may be passed, or its ring or type is another one; no place is left in the host's
 *        tables
 * Spec:  CanonicalABI.md, Flat Lowering
 */
bool rill_ends_give(struct rill_ends *ends, const struct rill_type *element, bool is_future, uint32_t number,
                    uint32_t *to);

/**
 * Takes an end from the guest.
 * @param handle any number that the guest gives
 * @param to     gets its number; may be where the handle came from
 * @returns false for a trap
 * Traps: no such end, or not an idle one; no place is free
 * Spec:  CanonicalABI.md, Flat Lifting
 */
bool rill_ends_take(struct rill_ends *ends, const struct rill_type *element, bool is_future, uint32_t handle,
                    uint32_t *to);

#ifdef __cplusplus
}
#endif

#endif
