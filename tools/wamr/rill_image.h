/*
 * The image of a guest in flash: a header that says what the guest needs, two small tables, and the module.
 * `rill pack` writes it; a firmware reads it with rill_image_open before it loads anything, so that an image that is
 * torn, foreign, too new or too hungry is refused with a code and never reaches the WebAssembly loader.
 *
 *   offset bytes field          (all little-endian; the image starts at a multiple of 4)
 *        0     4 magic          "RILL"
 *        4     1 version        of this format: RILL_IMAGE_VERSION
 *        5     1 header_length  in words; 12. A reader finds the tables behind a header that later versions lengthen
 *        6     1 frames         tasks that the guest runs at once at most
 *        7     1 import_count   entries of the import table
 *        8     4 length         bytes of the whole image
 *       12     4 crc            CRC-32 (IEEE 802.3) of all other bytes of the image
 *       16    10 name           of the guest, zero-padded
 *       26     1 type_count     entries of the type table
 *       27     1 param_count    leading entries of the type table that are parameters; the others are results
 *       28     4 imports_hash   CRC-32 of both tables: equal for guests of one interface
 *       32     4 target         0, or the CRC-32 of the name of the only board it is for
 *       36     4 address        0, or the only flash address where it may lie
 *       40     2 pool           8-byte units of WAMR pool for module, instance and execution environment
 *       42     2 stack          bytes of WebAssembly operand stack
 *       44     2 arena          bytes of linear memory for what is not pointer-free; 0 for a pointer-free guest
 *       46     2 memory         bytes of linear memory
 *       48       import table: one byte an import, in the module's order: the built-in's number in bits 0-4,
 *                RILL_IMPORT_ASYNC, the stream or future it belongs to in bits 6-7. Import number i of the module is
 *                called RILL_IMAGE_MODULE . one letter, see rill_image_import_letter
 *                type table: two bytes a stream or future of the exported function's signature: bytes an element in
 *                bits 0-11, log2 of the alignment in bits 12-13, RILL_TYPE_FUTURE, RILL_TYPE_POINTERS
 *                padding to 4, then the module; its export to call is RILL_IMAGE_ENTRY
 *
 * C99, no allocation, no state; safe on any bytes, aligned or not.
 */
#ifndef RILL_IMAGE_H
#define RILL_IMAGE_H

#include <stdint.h>

/// Limits ///

#define RILL_IMAGE_MAGIC 0x4C4C4952u
#define RILL_IMAGE_VERSION 1u
#define RILL_IMAGE_HEADER 48u
#define RILL_IMAGE_NAME 10u
/** Imports that an image has at most: one letter each, A-Z and a-z. */
#define RILL_IMAGE_MAX_IMPORTS 52u
/** Module name of the minified imports, and name of the export that starts the task. */
#define RILL_IMAGE_MODULE ""
#define RILL_IMAGE_ENTRY "r"

/// Errors: why an image is refused. rill_image_open reports the first that holds, in this order ///

#define RILL_ERR_IMAGE_MAGIC (-32)     /**< no image here */
#define RILL_ERR_IMAGE_VERSION (-33)   /**< written by a newer `rill pack` than this firmware */
#define RILL_ERR_IMAGE_TRUNCATED (-34) /**< longer than the room it is said to lie in, or tables that leave it */
#define RILL_ERR_IMAGE_CRC (-35)       /**< not the bytes that `rill pack` wrote */
#define RILL_ERR_IMAGE_TARGET (-36)    /**< for another board */
#define RILL_ERR_IMAGE_ADDRESS (-37)   /**< for another address */
#define RILL_ERR_IMAGE_POOL (-38)      /**< needs more pool than there is */
#define RILL_ERR_IMAGE_STACK (-39)     /**< needs more operand stack than the firmware gives */
#define RILL_ERR_IMAGE_IMPORTS (-40)   /**< imports something that the host does not have */

/// The import table ///

/** The canonical built-ins. The numbers are part of the format. */
enum rill_builtin {
    RILL_BUILTIN_TASK_RETURN = 0,
    RILL_BUILTIN_TASK_CANCEL = 1,
    RILL_BUILTIN_CONTEXT_GET = 2,
    RILL_BUILTIN_CONTEXT_SET = 3,
    RILL_BUILTIN_BACKPRESSURE_INC = 4,
    RILL_BUILTIN_BACKPRESSURE_DEC = 5,
    RILL_BUILTIN_WAITABLE_SET_NEW = 6,
    RILL_BUILTIN_WAITABLE_SET_WAIT = 7,
    RILL_BUILTIN_WAITABLE_SET_POLL = 8,
    RILL_BUILTIN_WAITABLE_SET_DROP = 9,
    RILL_BUILTIN_WAITABLE_JOIN = 10,
    RILL_BUILTIN_SUBTASK_DROP = 11,
    RILL_BUILTIN_SUBTASK_CANCEL = 12,
    RILL_BUILTIN_THREAD_YIELD = 13,
    RILL_BUILTIN_STREAM_NEW = 16,
    RILL_BUILTIN_STREAM_READ = 17,
    RILL_BUILTIN_STREAM_WRITE = 18,
    RILL_BUILTIN_STREAM_CANCEL_READ = 19,
    RILL_BUILTIN_STREAM_CANCEL_WRITE = 20,
    RILL_BUILTIN_STREAM_DROP_READABLE = 21,
    RILL_BUILTIN_STREAM_DROP_WRITABLE = 22,
    RILL_BUILTIN_FUTURE_NEW = 24,
    RILL_BUILTIN_FUTURE_READ = 25,
    RILL_BUILTIN_FUTURE_WRITE = 26,
    RILL_BUILTIN_FUTURE_CANCEL_READ = 27,
    RILL_BUILTIN_FUTURE_CANCEL_WRITE = 28,
    RILL_BUILTIN_FUTURE_DROP_READABLE = 29,
    RILL_BUILTIN_FUTURE_DROP_WRITABLE = 30,
    RILL_BUILTIN_COUNT = 31
};

/** Set in an entry of the import table for a built-in that is lowered with `async`. */
#define RILL_IMPORT_ASYNC 0x20u

/** One import: which built-in, of which stream or future of the type table (0 where that means nothing). */
struct rill_image_import {
    uint8_t builtin;
    uint8_t async; /**< 0 or 1 */
    uint8_t type;  /**< 0..3 */
};

/// The type table ///

/** Set in an entry of the type table for a future; a stream otherwise. */
#define RILL_TYPE_FUTURE 0x4000u
/** Set when the element type holds strings, lists or handles, which no raw source or sink can give. */
#define RILL_TYPE_POINTERS 0x8000u

/** The element type of one stream or future, in canonical layout. */
struct rill_image_type {
    uint16_t elem_size; /**< bytes; 0 for no payload */
    uint8_t alignment;  /**< bytes: 1, 2, 4 or 8 */
    uint8_t is_future;
    uint8_t has_pointers;
};

/// Reading ///

/** What a firmware has to offer. */
struct rill_image_limits {
    uint32_t target;  /**< CRC-32 of the board's name */
    uint32_t address; /**< where the image lies */
    uint32_t pool;    /**< bytes of pool that are free */
    uint32_t stack;   /**< bytes of operand stack at most */
};

/** A read header. Points into the image, which must stay where it is. */
struct rill_image {
    const uint8_t *bytes; /**< the image's start */
    const uint8_t *module;
    uint32_t length;
    uint32_t module_length;
    uint32_t imports_hash;
    uint32_t pool;
    uint32_t memory;
    uint16_t stack;
    uint16_t arena;
    uint8_t frames;
    uint8_t import_count;
    uint8_t type_count;
    uint8_t param_count;
};

/**
 * Reads and checks an image's header.
 * @param bytes     where the image is said to start
 * @param available bytes from there to the end of the image's room
 * @param limits    what this firmware can give; lent for the call
 * @param image     filled in when the answer is 0
 * @returns 0, or the RILL_ERR_IMAGE_* code of the first check that fails
 */
int rill_image_open(const uint8_t *bytes, uint32_t available, const struct rill_image_limits *limits,
                    struct rill_image *image);

/** The name, up to RILL_IMAGE_NAME bytes without a closing zero; padded with zeros. */
const char *rill_image_name(const uint8_t *bytes);

/** Import `index` (below import_count). */
struct rill_image_import rill_image_import(const struct rill_image *image, uint32_t index);

/** Type `index` (below type_count). */
struct rill_image_type rill_image_type(const struct rill_image *image, uint32_t index);

/** The name of import number `index` in the module: A-Z, a-z. */
char rill_image_import_letter(uint32_t index);

/** CRC-32 (IEEE 802.3, as zlib) of `length` bytes, continuing from `crc` (0 to begin). */
uint32_t rill_crc32(uint32_t crc, const uint8_t *bytes, uint32_t length);

#endif
