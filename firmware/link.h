/*
 * The firmware's line to the computer: text lines in both directions over the serial port, readable in any terminal.
 *
 * To the computer:
 *   rill 1 BOARD ...                      the firmware is up
 *   ready NAME at=ADDRESS key=value...    an image was accepted; the computer answers `g`
 *   want SS Q N                           stream SS has room for N bytes; Q tells a line asked for again from the next
 *   out SS HEX                            items that the guest wrote to its stream SS, canonical layout; a byte each
 *                                         where they have no type, as in `i`
 *   end NAME key=value...                 the task has ended
 *   error CODE WORD ADDRESS NAME TEXT     what went wrong; the firmware goes on with the next guest
 *   done                                  no more images
 * and with RILL_CONVERSES
 *   import HASH                           in front of `ready`: a function that the image needs and the firmware lacks
 *   call Q HASH CELLS, start Q HASH CELLS, next Q, gone NUMBER, args Q, result Q CELLS, item Q STREAM, wrote Q ITEM,
 *   has Q HEX                             remote.h
 *   more                                  behind `end`, of several functions: the computer answers `g`
 *   again                                 a line `c` was damaged
 *   log TEXT                              the guest writes to its log
 *   lacks N                               in front of `error`: the guest's arena is N bytes too small
 * To the board:
 *   iSSQ HEX CRC      SS and Q as in `want`; HEX: up to LINK_PAYLOAD bytes of items; none means the end of the stream
 *   g00P HEX CRC      run; P is a digit of enum feed_policy, HEX the bytes of struct feed_order
 *   cSSQ HEX CRC      SS is a number of enum remote_order, Q as in the line that it answers
 *   p000  CRC         a call that goes on has an answer: remote.h; I in place of i says so, too
 * SS is the stream's number in two hex digits. CRC is four hex digits, CRC-16/CCITT-FALSE of the characters before it.
 * A line that noise has touched is dropped and asked for again; one that never ended is sent again by the computer.
 */
#ifndef RILL_LINK_H
#define RILL_LINK_H

#include "switches.h"

#include <stddef.h>
#include <stdint.h>

/** Bytes of items in one line at most. */
#define LINK_PAYLOAD 32u

/** A received line, decoded. */
struct link_line {
    char kind;      /* 'i', 'I', 'g', 'c' or 'p' */
    uint8_t stream; /* SS */
    char turn;      /* Q, or P */
    uint8_t length;
    uint8_t bytes[LINK_PAYLOAD];
};

/**
 * Decodes the line that has arrived, in place. Main thread. Nothing more is received until link_release.
 * @returns the line, until link_release; NULL when none has arrived or it was damaged, which releases it
 */
const struct link_line *link_take(void);

/** Done with the line: the next one can come. Any context. */
void link_release(void);

/** Whether a line has arrived and was not released yet. */
int link_arrived(void);

/** Lines that were dropped for a wrong form or CRC since the start. */
uint32_t link_noise(void);

#ifdef RILL_CONVERSES

/** Whether `line` is the one that link_take answers with, and no copy of it. */
int link_is_buffer(const struct link_line *line);

/**
 * Puts a copy of `line` back, as if it had just been taken; the buffer is released. Interrupts are held off.
 * @returns the line, until link_release
 */
const struct link_line *link_hold(const struct link_line *line);

#endif

/// Output; main thread only ///

/** `text` is a RILL_TEXT, or else RILL_IN_FLASH. */
void link_text(const char *text);
/** At most `limit` characters of `text`, up to its first zero. */
void link_text_n(const char *text, size_t limit);
void link_decimal(int32_t value);
void link_hex32(uint32_t value);
void link_hex(const uint8_t *bytes, unsigned length);
/** ` KEY=VALUE`; `key` is a RILL_TEXT. */
void link_pair(const char *key, uint32_t value);
void link_end(void);

#endif
