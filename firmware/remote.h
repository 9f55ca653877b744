/*
 * What the computer does for the firmware while a call waits: it gives the entry its arguments, takes its result, and
 * answers calls of functions that the firmware does not have. It lifts and lowers the values itself, so the firmware
 * needs to know no types: it hands core values on, and reads, writes and allots the guest's memory as it is told.
 *
 *   board     call Q HASH CELLS    the guest calls a function; Q tells an answer from the one before
 *   computer  c01Q ADDRESS LENGTH  an order, as lines of link.h are: here, to read memory
 *   board     has Q HEX            done, with what there is to say; it awaits the next order
 *   computer  c00Q RESULT          the call is answered, and the guest goes on
 *
 * A call of an async function goes on when the computer has lifted its arguments:
 *
 *   board     start Q HASH CELLS   as `call`; the computer answers with a number for the call, 0 when it has returned
 *   computer  p000 CRC             a call that goes on has an answer; said again until the board asks
 *   board     next Q               which: the computer lowers the answer, and answers with the number; 0 for none
 *   board     gone NUMBER          the guest has cancelled the call: nothing is lowered for it any more
 *
 * Items of streams and futures that hold strings or lists are conversations, too, in which the guest waits:
 *
 *   board     item Q  STREAM       the guest waits for an item: the computer lowers it, gives its words as arguments,
 *                                  and answers with 1; with 0 at the stream's end
 *   board     wrote Q  ITEM        the guest waits with an item: the computer lifts it, and answers
 *
 * So are those of ends that the computer holds (remote_ends.h): STREAM, or what stands where `call` has its HASH, is
 * the end's place then, above it REMOTE_END. An answer of 0 ends the stream, of 1 brings an item, or wants the next
 * one; with 2 the end is left alone until `next` is answered with the end's number. `gone` says that the guest has
 * dropped the other end, `full` that it waits with an item that is not wanted yet.
 */
#ifndef RILL_REMOTE_H
#define RILL_REMOTE_H

#include "switches.h"
#ifdef RILL_FIRMWARE_NATIVE
#include "rill_native.h"
#else
#include "rill_wamr.h"
#endif

#include <stdint.h>

/** A guest, and what its allocator runs in. */
#ifdef RILL_FIRMWARE_NATIVE
typedef struct rill_native remote_guest;
typedef struct rill_native *remote_env;
#else
typedef struct rill_guest remote_guest;
typedef wasm_exec_env_t remote_env;
#endif

/** What the computer may order: SS of its lines `c`. The numbers are part of the serial line's protocol. */
enum remote_order {
    REMOTE_ANSWER = 0,    /* up to 8 bytes: the call's core result; the conversation is over */
    REMOTE_READ = 1,      /* address, 4 bytes, and how many, 1 byte: answers with the bytes */
    REMOTE_WRITE = 2,     /* address, 4 bytes, and the bytes */
    REMOTE_ALLOCATE = 3,  /* alignment and length, 4 bytes each: answers with the address that cabi_realloc gave */
    REMOTE_ARGUMENTS = 4, /* place, 1 byte, and words from there on: the entry's arguments, or an item */
    REMOTE_REFUSE =
        5, /* what the guest has passed is no value, or none of its handles: it traps, and the computer says why */
    /* element type and RILL_STREAM_FUTURE, 1 byte, and 4 that nobody looks at: answers with a new end's place and the
     * guest's handle, 4 bytes each */
    REMOTE_GIVE = 6,
    REMOTE_TAKE = 7 /* the same, with a handle of the guest's: answers with the end's place, 4 bytes, and 4 more */
};

/** A conversation: what the orders may touch. */
struct remote {
    remote_guest *guest; /* whose memory */
    remote_env env;      /* what its allocator runs in; NULL where it may not run */
    uint32_t *words;     /* of the entry's parameters, or of an item; NULL where they are not asked for */
    uint32_t word_count;
    uint64_t result; /* gets the core result */
};

/**
 * Says `WORD Q HASH CELLS` and does what the computer orders until it answers. The guest's time stands still meanwhile.
 * @param word  what is asked, a RILL_TEXT
 * @param hash  four bytes that say which function; NULL for none
 * @param cells core values
 * @param count of them
 * @returns why the guest has to trap, a RILL_TEXT; NULL when there is an answer
 */
const char *remote_ask(struct remote *remote, const char *word, const uint8_t *hash, const uint64_t *cells,
                       uint32_t count);

/**
 * After a trap: says how many bytes the guest's arena lacked, if that was why: a line `lacks N`.
 * @param host of a guest with an arena, which leaves the number at address 0
 */
void remote_report_lack(const struct rill_host *host);

#ifdef RILL_SUBTASKS
/**
 * Asks for the calls that have an answer, when the computer has said that there are any, and returns them.
 * @param env what the guest's allocator runs in
 * @returns whether there were any; a guest that has to trap has its reason in `host.trap`
 */
int remote_take_answers(remote_guest *guest, remote_env env);
#endif

#endif
