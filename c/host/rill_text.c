/*
 * Strings between the three encodings of the Canonical ABI: measured and validated in one go, then written in another.
 * See rill_list.h.
 */
#include "rill_internal.h"

#include <string.h>

#define NO_CHAR UINT32_MAX

/** What a string is made of: Latin-1 is RILL_LATIN1_UTF16 without the tag, RILL_UTF16 with it. */
struct text {
    const uint8_t *at;
    const uint8_t *end;
    uint8_t encoding;
};

/** What a string needs. */
struct measure {
    uint32_t utf8_bytes;
    uint32_t utf16_units;
    bool is_latin1;
};

/** Bytes that follow the first one in UTF-8, and the least code point that may be written so; 0 bytes for none. */
static uint32_t utf8_tail(uint8_t first, uint32_t *least)
{
    if (first >= 0xc2u && first < 0xe0u) {
        *least = 0x80u;
        return 1;
    }
    if (first >= 0xe0u && first < 0xf0u) {
        *least = 0x800u;
        return 2;
    }
    if (first >= 0xf0u && first < 0xf5u) {
        *least = UINT32_C(0x10000);
        return 3;
    }
    return 0;
}

static uint32_t next_utf8(struct text *text)
{
    const uint8_t first = *text->at++;
    uint32_t least = 0;
    uint32_t tail;
    uint32_t value;

    if (first < 0x80u) {
        return first;
    }
    tail = utf8_tail(first, &least);
    if (tail == 0 || (size_t)(text->end - text->at) < tail) {
        return NO_CHAR;
    }
    value = first & (0x3fu >> tail);
    for (; tail > 0; tail--) {
        const uint8_t next = *text->at++;

        if ((next & 0xc0u) != 0x80u) {
            return NO_CHAR;
        }
        value = value << 6 | (next & 0x3fu);
    }
    if (value < least || value > UINT32_C(0x10ffff) || (value >= 0xd800u && value < 0xe000u)) {
        return NO_CHAR;
    }
    return value;
}

static uint32_t next_unit(struct text *text)
{
    const uint32_t unit = text->at[0] | (uint32_t)text->at[1] << 8;

    text->at += 2;
    return unit;
}

static uint32_t next_utf16(struct text *text)
{
    const uint32_t unit = next_unit(text);
    uint32_t low;

    if (unit < 0xd800u || unit > 0xdfffu) {
        return unit;
    }
    if (unit > 0xdbffu || text->at == text->end) {
        return NO_CHAR;
    }
    low = next_unit(text);
    if (low < 0xdc00u || low > 0xdfffu) {
        return NO_CHAR;
    }
    return UINT32_C(0x10000) + ((unit - 0xd800u) << 10) + (low - 0xdc00u);
}

/** Takes one character; NO_CHAR when what is there is none. Only before the end. */
static uint32_t next_char(struct text *text)
{
    switch (text->encoding) {
    case RILL_UTF8:
        return next_utf8(text);
    case RILL_UTF16:
        return next_utf16(text);
    default:
        return *text->at++;
    }
}

/** @returns false for a string that is not valid in its encoding */
static bool measure_text(struct text text, struct measure *measure)
{
    measure->utf8_bytes = 0;
    measure->utf16_units = 0;
    measure->is_latin1 = true;
    while (text.at != text.end) {
        const uint32_t value = next_char(&text);

        if (value == NO_CHAR) {
            return false;
        }
        measure->utf8_bytes += value < 0x80u ? 1u : value < 0x800u ? 2u : value < UINT32_C(0x10000) ? 3u : 4u;
        measure->utf16_units += value < UINT32_C(0x10000) ? 1u : 2u;
        measure->is_latin1 = measure->is_latin1 && value < 0x100u;
    }
    return true;
}

static uint8_t *put_utf8(uint8_t *to, uint32_t value)
{
    if (value < 0x80u) {
        *to++ = (uint8_t)value;
        return to;
    }
    if (value < 0x800u) {
        *to++ = (uint8_t)(0xc0u | value >> 6);
    } else {
        if (value < UINT32_C(0x10000)) {
            *to++ = (uint8_t)(0xe0u | value >> 12);
        } else {
            *to++ = (uint8_t)(0xf0u | value >> 18);
            *to++ = (uint8_t)(0x80u | (value >> 12 & 0x3fu));
        }
        *to++ = (uint8_t)(0x80u | (value >> 6 & 0x3fu));
    }
    *to++ = (uint8_t)(0x80u | (value & 0x3fu));
    return to;
}

static uint8_t *put_unit(uint8_t *to, uint32_t unit)
{
    to[0] = (uint8_t)unit;
    to[1] = (uint8_t)(unit >> 8);
    return to + 2;
}

static uint8_t *put_utf16(uint8_t *to, uint32_t value)
{
    if (value < UINT32_C(0x10000)) {
        return put_unit(to, value);
    }
    to = put_unit(to, 0xd800u + ((value - UINT32_C(0x10000)) >> 10));
    return put_unit(to, 0xdc00u + ((value - UINT32_C(0x10000)) & 0x3ffu));
}

static void write_text(struct text text, uint8_t encoding, uint8_t *to)
{
    if (text.encoding == encoding) {
        memmove(to, text.at, (size_t)(text.end - text.at));
        return;
    }
    while (text.at != text.end) {
        const uint32_t value = next_char(&text);

        if (encoding == RILL_UTF8) {
            to = put_utf8(to, value);
        } else if (encoding == RILL_UTF16) {
            to = put_utf16(to, value);
        } else {
            *to++ = (uint8_t)value;
        }
    }
}

/** The string of the source at words[0], words[1]. Traps: too long; misaligned; out of memory */
static bool find_text(const struct rill_way *way, uint8_t encoding, const uint32_t words[2], struct text *text)
{
    const bool is_tagged = encoding == RILL_LATIN1_UTF16 && words[1] >= RILL_UTF16_TAG;
    const bool is_wide = encoding == RILL_UTF16 || is_tagged;
    const uint64_t units = is_tagged ? words[1] - RILL_UTF16_TAG : words[1];
    const uint64_t byte_length = is_wide ? 2u * units : units;
    uint32_t memory_bytes;
    const uint8_t *memory = rill_side_memory(way, &way->from, &memory_bytes);

    if (byte_length > RILL_MAX_BYTES) {
        return RILL_TRAP(way->host, "a string is longer than 2^28 - 1 bytes");
    }
    if (!rill_in_range(memory_bytes, words[0], byte_length, encoding == RILL_UTF8 ? 1u : 2u)) {
        return RILL_TRAP(way->host, "a string is misaligned or reaches out of memory");
    }
    /* SAFETY: the whole string is in range, and of an even length where its units are wide. */
    text->at = memory + words[0];
    text->end = text->at + byte_length;
    text->encoding = is_tagged ? (uint8_t)RILL_UTF16 : encoding;
    return true;
}

static uint8_t encoding_of(const struct rill_way *way, const struct rill_side *side)
{
    return side->is_guest ? way->host->encoding : side->space->encoding;
}

bool rill_move_text(const struct rill_way *way, uint32_t words[2])
{
    const uint8_t from_encoding = encoding_of(way, &way->from);
    const uint8_t to_encoding = encoding_of(way, &way->to);
    struct text text;
    struct measure measure;
    uint32_t memory_bytes;
    uint32_t length;
    uint32_t to = 0;
    bool is_wide;

    if (!find_text(way, from_encoding, words, &text)) {
        return false;
    }
    if (!measure_text(text, &measure)) {
        return RILL_TRAP(way->host, "a string is not valid in its encoding");
    }
    is_wide = to_encoding == RILL_UTF16 || (to_encoding == RILL_LATIN1_UTF16 && !measure.is_latin1);
    length = to_encoding == RILL_UTF8 ? measure.utf8_bytes : measure.utf16_units;
    if (!rill_way_allocate(way, to_encoding == RILL_UTF8 ? 1u : 2u, is_wide ? 2u * (uint64_t)length : length, &to)) {
        return false;
    }
    /*
     * SAFETY: the room is for what was measured, and the text is the same one still: the allocator is the guest's only
     * where the text is not, for one side at most is the guest.
     */
    write_text(text, is_wide ? (uint8_t)RILL_UTF16 : to_encoding, rill_side_memory(way, &way->to, &memory_bytes) + to);
    words[0] = to;
    words[1] = to_encoding == RILL_LATIN1_UTF16 && is_wide ? length | RILL_UTF16_TAG : length;
    return true;
}
