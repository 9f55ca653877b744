/*
 * The image of a guest in flash: a header that says what the guest needs, two small tables, and the module.
 * `rill pack` writes it; a firmware reads it with rill_image_open before it loads anything, so that an image that is
 * torn, foreign, too new or too hungry is refused with a code and never reaches the WebAssembly loader.
 *
 *   offset bytes field          (all little-endian; the image starts at a multiple of 4)
 *        0     4 magic          "RILL"
 *        4     1 version        of this format: RILL_IMAGE_VERSION, or RILL_IMAGE_NATIVE
 *        5     1 header_length  in words; 12, of machine code 13. A reader finds the tables behind a header that later
 *                              versions lengthen
 *        6     1 frames         tasks that the guest runs at once at most
 *        7     1 import_count   entries of the import table
 *        8     4 length         bytes of the whole image
 *       12     4 crc            CRC-32 (IEEE 802.3) of all other bytes of the image
 *       16     8 name           of the guest, zero-padded
 *       24     1 stream_count   entries of the stream table
 *       25     1 param_count    leading entries of the stream table that are parameters; the others are results
 *       26     1 type_count     entries of the type table
 *       27     1 plan_words     16-bit words of all copy plans
 *       28     4 imports_hash   CRC-32 of all tables: equal for guests of one interface
 *       32     4 target         0, or the CRC-32 of the name of the only board it is for
 *       36     4 address        0, or the only flash address where it may lie
 *       40     2 pool           8-byte units of WAMR pool: its own tables, module, instance, execution environment; of
 *                              machine code: an instance
 *       42     2 stack          bytes of WebAssembly operand stack; of machine code: of native stack for its own calls
 *       44     2 arena          bytes of linear memory for what is not pointer-free; 0 for a pointer-free guest
 *       46     2 memory         bytes of linear memory
 *       48     4 cpu            machine code only: the CRC-32 of the core's name, as `rill pack --cpu` has it
 *
 *                import table: one byte an import, in the module's order: the built-in (enum rill_builtin of
 *                rill_host.h) in bits 0-3, RILL_IMPORT_FUTURE, RILL_IMPORT_ASYNC, its element type in bits 6-7.
 *                Import number i of the module is called RILL_IMAGE_MODULE . one letter, see
 *                rill_image_import_letter
 *                stream table: one byte a stream of the exported function's signature: its element type
 *                padding to 4; type table: four bytes an element type: bytes an element in bits 0-10, RILL_TYPE_NUMBER,
 *                log2 of the alignment in bits 12-13; then 16 bits: where its copy plan starts, in words
 *                copy plans (enum rill_op of rill_host.h, without strings and lists), 16-bit words; a step goes on
 *                only behind itself
 *                padding to 4, then the module; its export to call is RILL_IMAGE_ENTRY. Or machine code in its place,
 *                which runs wherever it lies; rill_image_code.h says how it is entered and what it calls
 *
 * Format 2 is for guests that import functions, and for entries with more than streams as parameters and result. A
 * reader without RILL_IMAGE_FUNCTIONS refuses it. Its header goes on, and behind the copy plans, padded to 4, is one
 * more table:
 *       48     2 functions      bytes of the table of functions, a multiple of 4
 *       50     1 entry          how the entry is called: RILL_ENTRY_*, in bits 0-3; in bits 4-7 0, or 1 + the stream
 *                              parameter that gets the stream of the image in front of this one: both are in a row
 *                              then, see RILL_WITH_PIPES
 *       51     1 words          32-bit words of its parameters' core values; those of 64 bits take two
 *       52     1 handles        that the guest needs at once
 *       53     1 calls          of imported async functions that the guest has under way at once
 *       54     1 entries        functions that can be called beside the first one
 *       55     1 entry_words    32-bit words of what the table of functions says of these
 *       56     1 ends           streams and futures beside those of the stream table that the guest's host holds at
 *                              once; it is there, with three bytes of 0 behind it, where header_length is above 14
 *                import table: built-ins on tasks (RILL_TASK_CANCEL and those behind it, of which it is number N) are
 *                RILL_IMAGE_CALL with N % 3 + 1 in bits 6-7, and RILL_IMPORT_FUTURE from N = 3 on; RILL_IMPORT_ASYNC is
 *                what `is_async` of struct rill_import says of them
 *                stream table: RILL_STREAM_FUTURE marks a future, RILL_STREAM_VALUES items that hold strings or lists;
 *                a result that is no stream is not in it
 *                type table: RILL_TYPE_NONE stands for streams without element type; an item counts as a byte there,
 *                which nobody looks at
 *                table of functions: one byte a parameter of the stream table: the word that gets its handle; padding
 *                to 4; then a row for each import that has one (RILL_IMAGE_CALL, and task.return with
 *                RILL_IMPORT_FUTURE), in the module's order: four bytes, the hash of the imported function, and its
 *                core signature as WAMR writes it, "(iI)f", closed by a zero and padded to 4; in place of a hash
 *                task.return has the number of the function that it answers for. At last a record for each further
 *                function: a byte each for its streams, how many of them are parameters, RILL_ENTRY_*, words of its
 *                parameters; its stream table; the words that get its parameters' handles; padding to 4. Its exports
 *                have one letter more, A-Z and a-z by its number, behind the first function's
 *
 * The hash is the CRC-32 of what `rill pack --json` names as the function's text: its full name, and the types of its
 * parameters and result. A firmware that implements a function compares it, so it never serves another signature.
 *
 * C99, no allocation, no state. rill_image_open and rill_image_length take any bytes at any address and read nothing
 * outside of them; all that an accepted image offers here is then in bounds: each index within its table, each copy
 * plan within its element. Whether the module is valid is the WebAssembly loader's to say: a loader that does not
 * validate must only get images that `rill pack` made.
 *
 * Machine code is nobody's to check: it may do whatever the firmware may. Only a firmware that was built with
 * RILL_ALLOW_NATIVE, in all files alike, takes an image that holds it. Which core an image is for, and which of these
 * rules it keeps, is checked; who compiled it is not.
 *
 * The CRC finds torn and worn flash. It is no signature: whoever can write the flash can write a CRC that holds. Who
 * wrote an image is for a secure boot, or whatever receives images, to find out before they are in flash.
 */
#ifndef RILL_IMAGE_H
#define RILL_IMAGE_H

#include "rill_host.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Limits ///

#define RILL_IMAGE_MAGIC 0x4C4C4952u
#ifdef RILL_IMAGE_FUNCTIONS
#define RILL_IMAGE_VERSION 2u
#else
#define RILL_IMAGE_VERSION 1u
#endif
/** The version of images of machine code: bit 7, and the version of what rill_image_code.h says. */
#define RILL_IMAGE_NATIVE 0x81u
#define RILL_IMAGE_NATIVE_BIT 0x80u
#define RILL_IMAGE_HEADER 48u
#define RILL_IMAGE_NATIVE_HEADER 52u
/** Bytes of an instance of machine code before its linear memory. */
#define RILL_IMAGE_INSTANCE 8u
#define RILL_IMAGE_NAME 8u
/** Element types that an image has at most. */
#define RILL_IMAGE_MAX_TYPES 4u
/** Imports that an image has at most: one letter each, A-Z and a-z. */
#define RILL_IMAGE_MAX_IMPORTS 52u
/** Module name of the minified imports, and name of the export that starts the task. */
#define RILL_IMAGE_MODULE ""
#define RILL_IMAGE_ENTRY "r"

/// Errors: why an image is refused. rill_image_open reports the first that holds, in this order ///

#define RILL_ERR_IMAGE_MAGIC (-32)     /* no image here */
#define RILL_ERR_IMAGE_VERSION (-33)   /* written by a newer `rill pack` than this firmware */
#define RILL_ERR_IMAGE_TRUNCATED (-34) /* longer than the room it is said to lie in, or tables that leave it */
#define RILL_ERR_IMAGE_CRC (-35)       /* not the bytes that `rill pack` wrote */
#define RILL_ERR_IMAGE_TARGET (-36)    /* for another board */
#define RILL_ERR_IMAGE_ADDRESS (-37)   /* for another address, or not at a multiple of 4 */
#define RILL_ERR_IMAGE_POOL (-38)      /* needs more pool than there is */
#define RILL_ERR_IMAGE_STACK (-39)     /* needs more stack than the firmware gives */
#define RILL_ERR_IMAGE_IMPORTS (-40)   /* imports something that the host does not have */
#define RILL_ERR_IMAGE_TABLES (-41)    /* tables or copy plans that lead out of the image or of an element */
#define RILL_ERR_IMAGE_CPU (-42)       /* machine code for another core */
#define RILL_ERR_IMAGE_NATIVE (-43)    /* machine code, and the firmware was not built to take it */

/// The import table ///

/** Built-ins that the host has: values of enum rill_builtin below this. */
#define RILL_IMAGE_BUILTINS 15u
#define RILL_IMPORT_FUTURE 0x10u
#define RILL_IMPORT_ASYNC 0x20u

/** One import: which built-in, of which element type (0 where that means nothing). */
struct rill_image_import {
    uint8_t builtin;
    uint8_t is_future;
    uint8_t is_async;
    uint8_t type; /* 0..3 */
};

/// The type table ///

/** Set for integers and floats. */
#define RILL_TYPE_NUMBER 0x800u

/// The entry: of guests as C, too ///

/** The entry is not async: it answers with its core result. */
#define RILL_ENTRY_SYNC 1u
/** The entry answers with a value, by task.return or as its core result, and with no stream. */
#define RILL_ENTRY_VALUE 2u
/** The guest has an arena: before it traps for want of memory, it leaves the bytes that it lacks at address 0. */
#define RILL_ENTRY_ARENA 4u
/** The entry goes back to its host while it waits: RILL_IMAGE_CALLBACK is called with what it waits for. */
#define RILL_ENTRY_CALLBACK 8u
/** How an entry is called. */
struct rill_image_entry {
    uint8_t flags; /* RILL_ENTRY_* */
    uint8_t words; /* of its parameters */
    uint8_t calls; /* of imported async functions that go on at once; each needs a place */
#ifdef RILL_IMAGE_FUNCTIONS
    uint8_t ends; /* of streams and futures inside of values, and of functions: the embedder's at once */
#endif
};

#ifdef RILL_IMAGE_FUNCTIONS

/// Format 2 ///

/** Bytes of its header. */
#define RILL_IMAGE_HEADER_2 56u
/** The `builtin` of an import that is a function of the embedder's. */
#define RILL_IMAGE_CALL 15u
/** Set in the stream table for a future. */
#define RILL_STREAM_FUTURE 0x80u
/**
 * Set in the stream table for items that hold strings or lists. Their copy plan moves addresses and lengths as they
 * are: who writes such an item has put what it points to into the guest's memory, and who reads one takes it from there
 * before the guest goes on. Both therefore copy while the guest's own copy waits (rill_end_is_awaited), one item at a
 * time.
 */
#define RILL_STREAM_VALUES 0x40u
/** Set in the type table for no type. */
#define RILL_TYPE_NONE 0x4000u
/** Bits 6-7 of an import that is RILL_IMAGE_CALL, when they are not 0: it is a built-in on tasks, see the import table.
 */
#define RILL_IMAGE_TASKS(entry) (((entry)&0xFu) == RILL_IMAGE_CALL && ((entry) >> 6) != 0u)
/** Name of the export that takes events. */
#define RILL_IMAGE_CALLBACK "c"
/** Words of the entry's parameters at most: 16 core values of 64 bits. */
#define RILL_ENTRY_WORDS 32u
/** Core values that an imported function takes at most, as RILL_MAX_FLAT_PARAMS of rill_call.h and a result's place. */
#define RILL_IMAGE_CELLS 17u

#endif

/// Reading ///

/** What a firmware has to offer. */
struct rill_image_limits {
    uint32_t target;  /* CRC-32 of the board's name */
    uint32_t address; /* where the image lies */
    /** Bytes of pool that are free, less 24 for each place of WAMR's BLOCK_ADDR_CACHE_SIZE above 4. */
    uint32_t pool;
    uint32_t stack; /* bytes of stack at most, as the header has it */
#ifdef RILL_ALLOW_NATIVE
    uint32_t cpu; /* CRC-32 of the core's name */
#endif
};

/** A read header. Points into the image, which must stay where it is. */
struct rill_image {
    const uint8_t *bytes;  /* the image's start */
    const uint8_t *module; /* or machine code */
    uint32_t length;
    uint32_t module_length;
    uint32_t imports_hash;
    uint32_t pool;
    uint32_t memory;
    uint16_t stack;
    uint16_t arena;
    uint8_t frames;
    uint8_t import_count;
    uint8_t stream_count;
    uint8_t param_count;
    uint8_t type_count;
#ifdef RILL_IMAGE_FUNCTIONS
    uint8_t entry; /* the function that is called: rill_image_choose */
#endif
#ifdef RILL_ALLOW_NATIVE
    uint8_t is_native; /* `module` is machine code */
#endif
};

/**
 * Reads and checks an image's header, tables and copy plans.
 * @param bytes     where the image is said to start; any address
 * @param available bytes from there to the end of the image's room
 * @param limits    what this firmware can give
 * @param image     filled in when the answer is 0
 * @returns 0, or the RILL_ERR_IMAGE_* code of the first check that fails
 * Lends: `bytes`, for as long as `image`, or a type of it, is used; the checks hold of the bytes as they were
 */
int rill_image_open(const uint8_t *bytes, uint32_t available, const struct rill_image_limits *limits,
                    struct rill_image *image);

/**
 * Bytes that the image at `bytes` takes, whether rill_image_open accepts it or not: a search for images goes on behind
 * it, never in its inside, where a guest's data could look like another image. Later versions of the format, too, have
 * their magic, length and CRC where this one has them.
 * @param bytes     where an image could start; any address
 * @param available bytes from there to the end of what is searched
 * @returns 0 when no whole and undamaged image starts there
 */
uint32_t rill_image_length(const uint8_t *bytes, uint32_t available);

/// Of an image that was accepted ///
/*
 * @param image open: rill_image_open has answered 0, and its bytes are where they were
 */

/**
 * The guest's name.
 * @param bytes of an image that rill_image_open has accepted, or rill_image_length has found whole
 * @returns RILL_IMAGE_NAME bytes in the image: padded with zeros, without a closing one when all are used
 */
const char *rill_image_name(const uint8_t *bytes);

/**
 * One import.
 * @param index its place in the module's order, below `image->import_count`
 * @returns what it is
 */
struct rill_image_import rill_image_import(const struct rill_image *image, uint32_t index);

/**
 * What an entry of the import table means.
 * @param entry the byte
 * @returns the import; of bytes that rill_image_open has not accepted with any `builtin` of four bits
 */
struct rill_image_import rill_image_import_of(uint8_t entry);

#ifdef RILL_IMAGE_FUNCTIONS
/**
 * Its entry in the import table.
 * @param index as of rill_image_import
 * @returns the byte, for rill_image_import_of
 */
uint8_t rill_image_import_entry(const struct rill_image *image, uint32_t index);
#endif

/**
 * Handles that the guest needs at once: for a parameter its readable end, for a result both ends, for each of these
 * operations a waitable set. A guest that was not built with as-rill's library may want more, and traps.
 */
#define RILL_IMAGE_HANDLES(params, results) (2u * (params) + 3u * (results))

/**
 * The same, of an open image.
 * @returns handles
 */
uint32_t rill_image_handles(const struct rill_image *image);

/**
 * The element type of a stream.
 * @param index the stream: parameters first, then results, below `image->stream_count`
 * @returns the type's index, below `image->type_count`
 */
uint32_t rill_image_stream(const struct rill_image *image, uint32_t index);

/**
 * An element type, for the host.
 * @param index below `image->type_count`
 * @returns the type; its plan stays in the image, each step inside of the element. One that stands for none (format 2)
 *          has an `align` of 0: rill_image_element gives what the host takes
 */
struct rill_type rill_image_type(const struct rill_image *image, uint32_t index);

/**
 * Fills in the image's element types; guests point to them with `types`.
 * @param types gets image->type_count of them, at most RILL_IMAGE_MAX_TYPES
 * Lends: the image's copy plans, for as long as the types are used
 */
void rill_image_types(const struct rill_image *image, struct rill_type *types);
#ifdef RILL_IMAGE_FUNCTIONS

/** A row of the table of functions. Both point into the image. */
struct rill_image_row {
    const uint8_t *hash;   /* four bytes, little-endian */
    const char *signature; /* of core values: "(iI)f" */
};

/**
 * Functions of the guest that can be called.
 * @returns how many, 1 to 53
 */
uint32_t rill_image_entries(const struct rill_image *image);

/**
 * From now on `image` is of another function of its guest: its `stream_count` and `param_count`, and what the functions
 * here say of streams and of the entry.
 * @param entry below rill_image_entries; 0 is the one that rill_image_open has chosen
 */
void rill_image_choose(struct rill_image *image, uint32_t entry);

/**
 * The name of an export of the function that is called.
 * @param what  RILL_IMAGE_ENTRY, or what else a firmware calls: its first letter counts
 * @param name  gets the name, closed by a zero
 */
void rill_image_export(const struct rill_image *image, const char *what, char name[3]);

/**
 * How the entry is called.
 * @returns what the header says; of format 1 no flags, and one word for each stream parameter
 */
struct rill_image_entry rill_image_entry(const struct rill_image *image);

/**
 * Which parameter gets the stream of the image in front of this one.
 * @returns 0 for none, or 1 + its place among the streams
 */
uint32_t rill_image_piped(const struct rill_image *image);

/**
 * The same of bytes that could be an image.
 * @param bytes     where an image could start; any address
 * @param available bytes from there to the end of what is searched
 * @returns whether a whole and undamaged image starts there that takes a stream so; it may be refused all the same
 */
bool rill_image_is_piped(const uint8_t *bytes, uint32_t available);

/**
 * Where the handle of a stream parameter goes.
 * @param index below `image->param_count`
 * @returns the place among the words of the entry's parameters
 */
uint32_t rill_image_place(const struct rill_image *image, uint32_t index);

/**
 * Whether an entry of the stream table is a future.
 * @param index below `image->stream_count`
 * @returns 1 for a future, 0 for a stream
 */
int rill_image_is_future(const struct rill_image *image, uint32_t index);

/**
 * Whether the items of an entry of the stream table hold strings or lists.
 * @param index below `image->stream_count`
 * @returns 1 when they do: see RILL_STREAM_VALUES
 */
int rill_image_has_values(const struct rill_image *image, uint32_t index);

/**
 * What the host is to be given as element type.
 * @param type as rill_image_type gave it
 * @returns the type, NULL when it stands for none
 */
static inline const struct rill_type *rill_image_element(const struct rill_type *type)
{
    return type->align != 0u ? type : NULL;
}

/**
 * Goes through the table of functions, with the import table.
 * @param import an entry of the import table
 * @param row    gets the entry's row, when it has one; holds the row of the import with one before it, with NULL in
 *               `hash` for the first
 * @returns 1 when the import has a row, 0 when not
 */
int rill_image_next_row(const struct rill_image *image, struct rill_image_import import, struct rill_image_row *row);

/**
 * The hash in a row.
 * @param hash four bytes of a row
 * @returns the number
 */
uint32_t rill_image_hash(const uint8_t *hash);

#endif

/// Any bytes ///

/**
 * The name of an import in the module.
 * @param index its place in the module's order, below RILL_IMAGE_MAX_IMPORTS
 * @returns A-Z, a-z
 */
char rill_image_import_letter(uint32_t index);

/**
 * CRC-32 (IEEE 802.3, as zlib).
 * @param crc    of the bytes in front of these; 0 to begin
 * @param bytes  any
 * @param length bytes
 * @returns the CRC of all of them
 */
uint32_t rill_crc32(uint32_t crc, const uint8_t *bytes, uint32_t length);

#ifdef __cplusplus
}
#endif

#endif
