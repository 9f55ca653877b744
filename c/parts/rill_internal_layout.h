/*
 * Where things are in an image: rill_image.h draws it. Part of rill_image.c.
 *
 * SAFETY: the bytes are anybody's. What is behind the header is where these say only once rill_image.c has found it
 * inside the image.
 */
#ifndef RILL_INTERNAL_LAYOUT_H
#define RILL_INTERNAL_LAYOUT_H

#include "rill_internal_plans.h"

#define AT_VERSION 4u
#define AT_HEADER_LENGTH 5u
#define AT_FRAMES 6u
#define AT_IMPORT_COUNT 7u
#define AT_LENGTH 8u
#define AT_CRC 12u
#define AT_NAME 16u
#define AT_STREAM_COUNT 24u
#define AT_PARAM_COUNT 25u
#define AT_TYPE_COUNT 26u
#define AT_PLAN_WORDS 27u
#define AT_IMPORTS_HASH 28u
#define AT_TARGET 32u
#define AT_ADDRESS 36u
#define AT_POOL 40u
#define AT_STACK 42u
#define AT_ARENA 44u
#define AT_MEMORY 46u
#define AT_CPU 48u
#ifdef RILL_IMAGE_FUNCTIONS
#define AT_FUNCTIONS 48u
#define AT_ENTRY 50u
#define AT_WORDS 51u
#define AT_HANDLES 52u
#define AT_CALLS 53u
#define AT_ENTRIES 54u
#define AT_ENTRY_WORDS 55u
#define AT_ENDS 56u
/* Beside how the entry is called: 0, or 1 + the parameter that gets the stream of the image in front of this one. */
#define PIPED(bytes) ((uint32_t)(bytes)[AT_ENTRY] >> 4)
#define ENTRY_FLAGS 0xFu
/* Of a record of a further function. */
#define RECORD_STREAMS 0u
#define RECORD_PARAMS 1u
#define RECORD_ENTRY 2u
#define RECORD_WORDS 3u
#define RECORD_HEAD 4u
#define TASK_RETURN 14u
/* In the stream table, above the type's index. */
#define STREAM_FLAGS (RILL_STREAM_FUTURE | RILL_STREAM_VALUES)
#endif

#define POOL_UNIT 8u
#define TYPE_BYTES 4u
#define ELEM_SIZE 0x7FFu
#define ALIGNMENT(bits) (1u << (((bits) >> 12) & 3u))

static inline uint32_t read32(const uint8_t *bytes)
{
    return read16(bytes) | ((uint32_t)read16(bytes + 2) << 16);
}

static inline uint32_t tables_offset(const uint8_t *bytes)
{
    return 4u * bytes[AT_HEADER_LENGTH];
}

static inline uint32_t types_offset(const uint8_t *bytes)
{
    return (tables_offset(bytes) + bytes[AT_IMPORT_COUNT] + bytes[AT_STREAM_COUNT] + 3u) & ~3u;
}

static inline uint32_t plans_offset(const uint8_t *bytes)
{
    return types_offset(bytes) + TYPE_BYTES * bytes[AT_TYPE_COUNT];
}

/* The last table starts at the next multiple of 4 behind the copy plans; in format 1 the module does. */
static inline uint32_t functions_offset(const uint8_t *bytes)
{
    return (plans_offset(bytes) + PLAN_BYTES * bytes[AT_PLAN_WORDS] + 3u) & ~3u;
}

/* Bytes of header that an image of the version has at least. */
#ifdef RILL_ALLOW_NATIVE
#define HEADER(bytes) ((bytes)[AT_VERSION] == RILL_IMAGE_NATIVE ? RILL_IMAGE_NATIVE_HEADER : RILL_IMAGE_HEADER)
#else
#define HEADER(bytes) RILL_IMAGE_HEADER
#endif

#ifdef RILL_IMAGE_FUNCTIONS
static inline int is_second(const uint8_t *bytes)
{
    return bytes[AT_VERSION] == 2u;
}

static inline uint32_t module_offset(const uint8_t *bytes)
{
    return functions_offset(bytes) + (is_second(bytes) ? read16(bytes + AT_FUNCTIONS) : 0u);
}
#else
#define module_offset functions_offset
#endif

#endif
