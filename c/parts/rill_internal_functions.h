/*
 * The table of functions of format 2: what it says of imports and of further functions. Part of rill_image.c.
 *
 * SAFETY: the bytes are anybody's. No row and no record is followed that leaves the table.
 */
#ifndef RILL_INTERNAL_FUNCTIONS_H
#define RILL_INTERNAL_FUNCTIONS_H

#include "rill_internal_layout.h"

#ifdef RILL_IMAGE_FUNCTIONS

/** Whether an import has a row in the table of functions. */
static int has_row(uint8_t entry)
{
    return (entry & 0xCFu) == RILL_IMAGE_CALL || (entry & 0x1Fu) == (TASK_RETURN | RILL_IMPORT_FUTURE);
}

static int is_core_type(uint8_t letter)
{
    return letter == 'i' || letter == 'I' || letter == 'f' || letter == 'F';
}

/**
 * Bytes of the row at `row`, with its padding.
 * @returns 0 when the `available` ones hold no whole row
 */
static uint32_t row_length(const uint8_t *row, uint32_t available)
{
    uint32_t at = 5u;

    if (available < 8u || row[4] != '(') {
        return 0u;
    }
    /* Padding of zeros closes the table, so a row that ends in it is not read beyond. */
    while (at < available && is_core_type(row[at])) {
        at++;
    }
    if (at - 5u > RILL_IMAGE_CELLS || at >= available || row[at] != ')') {
        return 0u;
    }
    at++;
    if (at < available && is_core_type(row[at])) {
        at++;
    }
    return at < available && row[at] == 0u ? (at + 4u) & ~3u : 0u;
}

static uint32_t places_length(const uint8_t *bytes)
{
    return (bytes[AT_PARAM_COUNT] + 3u) & ~3u;
}

/* Items with strings or lists are whole words: they hold addresses. */
static int is_words(const uint8_t *bytes, uint8_t entry, uint32_t type)
{
    return !is_second(bytes) || (entry & RILL_STREAM_VALUES) == 0u
           || (read16(bytes + types_offset(bytes) + TYPE_BYTES * type) & 3u) == 0u;
}

/** Bytes of the record of a further function, with its padding. */
static uint32_t record_length(const uint8_t *record)
{
    return (RECORD_HEAD + record[RECORD_STREAMS] + record[RECORD_PARAMS] + 3u) & ~3u;
}

/** Whether `available` bytes hold a record, each index in it within its table. */
static int is_record(const uint8_t *bytes, const uint8_t *record, uint32_t available)
{
    const uint8_t *next = record + RECORD_HEAD;
    uint32_t i;

    if (available < RECORD_HEAD || record_length(record) > available || record[RECORD_PARAMS] > record[RECORD_STREAMS]
        || record[RECORD_WORDS] > RILL_ENTRY_WORDS) {
        return 0;
    }
#ifndef RILL_WITH_TASKS
    if ((record[RECORD_ENTRY] & RILL_ENTRY_CALLBACK) != 0u) {
        return 0;
    }
#endif
    for (i = record[RECORD_STREAMS]; i != 0u; i--, next++) {
        const uint32_t type = *next & ~STREAM_FLAGS;

        if (type >= bytes[AT_TYPE_COUNT] || !is_words(bytes, *next, type)) {
            return 0;
        }
    }
    for (i = record[RECORD_PARAMS]; i != 0u; i--, next++) {
        if (*next >= record[RECORD_WORDS]) {
            return 0;
        }
    }
    return 1;
}

/** Whether the `available` bytes are the records of all further functions. */
static int has_records(const uint8_t *bytes, const uint8_t *record, uint32_t available)
{
    uint32_t left = bytes[AT_ENTRIES];

    if (left > RILL_IMAGE_MAX_IMPORTS) {
        return 0;
    }
    for (; left != 0u; left--) {
        const uint8_t *next;

        if (!is_record(bytes, record, available)) {
            return 0;
        }
        next = record + record_length(record);
        available -= record_length(record);
        record = next;
    }
    return available == 0u;
}

/** Whether the table of functions is one, with a row for each import that has one. */
static int has_functions(const uint8_t *bytes)
{
    const uint8_t *entry = bytes + tables_offset(bytes);
    const uint8_t *table = bytes + functions_offset(bytes);
    const uint32_t records = 4u * bytes[AT_ENTRY_WORDS];
    uint32_t length = read16(bytes + AT_FUNCTIONS);
    uint32_t at = places_length(bytes);
    uint32_t i;

    if (records > length) {
        return 0;
    }
    length -= records;
    if (at > length || bytes[AT_WORDS] > RILL_ENTRY_WORDS || PIPED(bytes) > bytes[AT_PARAM_COUNT]) {
        return 0;
    }
    for (i = 0u; i < bytes[AT_PARAM_COUNT]; i++) {
        if (table[i] >= bytes[AT_WORDS]) {
            return 0;
        }
    }
    for (i = 0u; i < bytes[AT_IMPORT_COUNT]; i++) {
        if (has_row(entry[i])) {
            uint32_t row = row_length(table + at, length - at);
            if (row == 0u || row > length - at) {
                return 0;
            }
            at += row;
        }
    }
    return at == length && has_records(bytes, table + length, records);
}

#endif

#endif
