/*
 * rill-run: what whoever started the program does for a guest while it waits: gives its function arguments, takes its
 * result, answers the functions that it imports, and has the other ends of its streams and futures. It lifts and lowers
 * the values itself, by orders: firmware/remote.h has the same for boards. Here both talk over a socket.
 *
 *   to it     WORD NUMBER MEMORY BYTES bytes   words of 32 bits; MEMORY: bytes of the guest's
 *   from it   ORDER BYTES bytes
 */
#ifndef RUN_REMOTE_H
#define RUN_REMOTE_H

#include "run.h"

#ifdef RUN_IMPORTS

/** What is said to it; the first five tell, all others ask. remote-socket.ts has the same numbers. */
enum remote_word {
    REMOTE_HAS,    /* an order is done; what there is to say */
    REMOTE_GONE,   /* NUMBER of a call that the guest has cancelled, or of an end whose other one it has dropped */
    REMOTE_FULL,   /* the guest waits with an item that is not wanted yet */
    REMOTE_ASLEEP, /* nothing goes on before it says so; NUMBER is for REMOTE_QUIET */
    REMOTE_RESULT, /* asks, as all that follow: core values, 8 bytes each */
    REMOTE_READY,  /* the answer is which function is called, counted from 1; 0: none */
    REMOTE_ARGS,   /* of that function */
    REMOTE_CALL,   /* NUMBER of an import, core values; the answer is the core result */
    REMOTE_START,  /* the same of an async function: the answer is a number for the call, or 0 and the core result */
    REMOTE_NEXT,   /* which call has an answer, or end is no longer late: its number, and a core result; 0 for none */
    REMOTE_ITEM,   /* NUMBER of an end whose next item is wanted; the answer is enum remote_end_answer */
    REMOTE_WROTE   /* NUMBER of an end that brings this item; the same */
};

/** In the number of an end, above its place: HELD_END of held-items.ts. */
#define REMOTE_END 0x80000000u

/** A conversation. */
struct remote {
    uint8_t *words; /* gets arguments, or an item; NULL where there are none */
    uint32_t room;  /* bytes there */
    uint32_t number;
    uint64_t cell; /* the answer: a number, and a core result, or only that */
};

/** Says something that is not answered. */
void remote_tell(enum remote_word word, uint32_t number);

/**
 * Asks, and does what is ordered until there is an answer.
 * @param length bytes of what is said
 * @returns false: the guest traps
 */
bool remote_ask(struct remote *remote, enum remote_word word, uint32_t number, const void *bytes, uint32_t length);

/* remote_ends.c */

/** Makes a stream or future of which the guest reads. @param end its type's index and whether a future; gets its place
 * and the readable end's handle. @returns false for a trap */
bool remote_ends_give(uint32_t end[2]);
/** Takes a readable end of the guest's over. @param end the same with its handle; gets its place. As remote_ends_give
 */
bool remote_ends_take(uint32_t end[2]);
/** The end of this number is no longer late, or nobody reads it any more. */
void remote_ends_wake(uint32_t number);
/** Moves what can be. @returns whether anything did */
bool remote_ends_pump(void);
/** The guest's task has ended: takes what it has left to be read. */
void remote_ends_settle(void);
/** Whether an end may be woken. */
bool are_remote_ends_late(void);

#endif

#endif
