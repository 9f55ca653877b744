/*
 * Ends of streams and futures that the computer holds: of those inside of values, of streams whose items hold handles,
 * and of what imported functions take and give. The computer lifts and lowers their items one at a time, while the
 * guest's own copy waits, as remote.h draws it.
 */
#ifndef RILL_REMOTE_ENDS_H
#define RILL_REMOTE_ENDS_H

#include "remote.h"

#ifdef RILL_IMAGE_FUNCTIONS

#include "feed.h"

/** Streams of an entry itself: its parameters, and its result. */
#define HOST_STREAMS (FEED_MAX + 1u)

/** In the number of an end, which has its place below. */
#define REMOTE_END 0x80000000u
/** Beside it: nobody reads the end any more. */
#define REMOTE_END_LEFT 0x40000000u
/** In what answers a TAKE: the end was the computer's own, whose place this is. Nobody holds it now. */
#define REMOTE_END_OWN 0x80u

#define REMOTE_END_LATE 1u
/** The guest waits with an item that is not wanted, and the computer knows. */
#define REMOTE_END_FULL 2u

/** One of them. */
struct remote_end {
    struct rill_end end; /* RILL_WRITABLE: the guest reads */
    uint8_t is_late;     /* REMOTE_END_LATE, _FULL: the computer has no item, or wants none, until it says otherwise */
};

/** What a guest with such ends has in the pool, behind its places for calls. */
struct remote_ends {
    uint64_t item[FEED_ITEM_MAX / 8u]; /* on its way */
    struct remote_end of[];            /* host_end_places of them; behind them all streams of the guest */
};

/** Bytes of `count` ends in the pool, and what it takes to align them. */
#define REMOTE_ENDS_BYTES(count)                                                                                       \
    ((count) != 0u ? (uint32_t)(sizeof(struct remote_ends) + (count) * sizeof(struct remote_end)                       \
                                + ((count) + HOST_STREAMS) * sizeof(struct rill_stream))                               \
                         + 4u                                                                                          \
                   : 0u)

/**
 * Makes the places of a new guest free: host_end_places of them.
 * @param behind what is behind the guest's handles
 * @returns its table of streams: host_end_places and HOST_STREAMS more
 */
struct rill_stream *remote_ends_open(struct rill_end *behind);

/**
 * Makes a stream or future of which the computer writes and the guest reads.
 * @param what   the element type's index, and RILL_STREAM_FUTURE
 * @param answer gets its place, and the readable end's handle
 * @returns why the guest has to trap, a RILL_TEXT; NULL
 */
const char *remote_ends_give(remote_guest *guest, uint32_t what, uint32_t answer[2]);

/**
 * The computer takes a readable end over.
 * @param what   the element type's index, and RILL_STREAM_FUTURE
 * @param answer has its handle, gets its place, or what was the computer's own: REMOTE_END_OWN
 * @returns why the guest has to trap, a RILL_TEXT; NULL
 */
const char *remote_ends_take(remote_guest *guest, uint32_t what, uint32_t answer[2]);

/** Moves what can be. @returns 1 when something moved; a guest that has to trap has its reason in `host.trap` */
int remote_ends_pump(remote_guest *guest);

/** The computer has an item for an end, or wants one, or none any more. @param number of it, without REMOTE_END */
void remote_ends_wake(const struct rill_host *host, uint32_t number);

/** The task has ended: takes what it has left to be read. Ends that the guest has kept stay for its next task. */
void remote_ends_settle(remote_guest *guest);

/**
 * The guest's copy of no elements, if there is one, asks whether the other end is ready.
 * @param end the host's
 * @returns 1 when there was one: it is answered
 */
int remote_ends_answer_asking(struct rill_host *host, struct rill_end *end);

#endif

#endif
