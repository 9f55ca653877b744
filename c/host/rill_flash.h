/*
 * Constants that take no RAM. On AVR flash has addresses of its own, and whatever is `const` is copied to RAM unless it
 * is said to stay; everywhere else these are a constant like any other.
 */
#ifndef RILL_FLASH_H
#define RILL_FLASH_H

#ifdef __AVR__
#include <avr/pgmspace.h>

/** Of a `static const` array: it stays in flash, and is read with what follows. */
#define RILL_IN_FLASH __attribute__((__progmem__))
/** The address of a literal in flash. */
#define RILL_TEXT(literal)                                                                                             \
    (__extension__({                                                                                                   \
        static const char in_flash[] RILL_IN_FLASH = literal;                                                          \
        &in_flash[0];                                                                                                  \
    }))
/** The byte at an address in flash. */
#define RILL_FLASH_BYTE(address) pgm_read_byte(address)
/** As memcpy, out of flash. */
#define RILL_FLASH_COPY(to, from, length) memcpy_P((to), (from), (length))

#else
#include <string.h>

#define RILL_IN_FLASH
#define RILL_TEXT(literal) (literal)
#define RILL_FLASH_BYTE(address) (*(address))
#define RILL_FLASH_COPY(to, from, length) memcpy((to), (from), (length))
#endif

#endif
