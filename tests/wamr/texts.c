/*
 * Strings between the three encodings of the Canonical ABI, from the guest to the embedder and back: what each comes
 * to, what is none, and where one may lie. Prints a line `ok NAME` or `not ok NAME: what` for each; exits 1 when one is
 * not ok. Run under sanitizers.
 */
#include "rill_list.h"

#include "sequences.h"

#include <stdlib.h>
#include <string.h>

#define ROOM 32u
/** Where a string's address and length are, and where the string is: in the guest's memory and in a space alike. */
#define PAIR_BYTES 8u
#define TEXT_AT 8u
#define MEMORY_BYTES (TEXT_AT + ROOM)

static const uint16_t plan_string[] = {RILL_OP_STRING, 0, RILL_OP_END};
static struct rill_end ends[1];
static struct rill_stream streams[1];
static struct rill_host host;
static uint8_t *memory; /* the guest's: exactly as long as it says */
static uint8_t *bytes;  /* the space's */
static struct rill_space space;
static uint8_t pair[PAIR_BYTES]; /* the embedder's value */
static uint32_t asked_align, asked_bytes, gives;

static bool never(void *context)
{
    (void)context;
    return false;
}

static const struct rill_port port = {never, NULL};

static bool allocate(struct rill_host *of, uint32_t align, uint32_t byte_length, uint32_t *ptr)
{
    (void)of;
    asked_align = align;
    asked_bytes = byte_length;
    *ptr = gives;
    return true;
}

static void *fresh(size_t byte_length)
{
    void *made = calloc(1, byte_length);

    if (made == NULL) {
        exit(2);
    }
    return made;
}

static void begin(void)
{
    free(memory);
    free(bytes);
    memory = fresh(MEMORY_BYTES);
    bytes = fresh(ROOM);
    memset(pair, 0, sizeof pair);
    rill_host_init(&host, ends, 1, streams, 1, &port, NULL);
    rill_host_memory(&host, memory, MEMORY_BYTES);
    space.bytes = bytes;
    space.byte_length = ROOM;
    space.used = 0;
    asked_align = asked_bytes = 0;
    gives = TEXT_AT;
}

/// Words ///

static void put_word(uint8_t *at, uint32_t value)
{
    uint32_t i;

    for (i = 0; i < 4u; i++) {
        at[i] = (uint8_t)(value >> (8u * i));
    }
}

static uint32_t word_at(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/// The same text three times ///

/** A text in one encoding: its bytes, and its length in code units, with the tag where there is one. */
struct coded {
    const char *bytes;
    uint32_t byte_length;
    uint32_t length;
};

/** Of RILL_UTF8, RILL_UTF16, RILL_LATIN1_UTF16. */
struct text {
    const char *name;
    struct coded coded[3];
};

#define TAGGED(units) (RILL_UTF16_TAG | (units))

/* A literal's end is no part of the text. */
static const struct text texts[] = {
    {"nothing", {{"", 0, 0}, {"", 0, 0}, {"", 0, 0}}},
    {"one byte", {{"a", 1, 1}, {"a\0", 2, 1}, {"a", 1, 1}}},
    {"NUL, the first character", {{"\0", 1, 1}, {"\0\0", 2, 1}, {"\0", 1, 1}}},
    {"U+7F, the last one of a byte", {{"\x7f", 1, 1}, {"\x7f\0", 2, 1}, {"\x7f", 1, 1}}},
    {"U+80, the first one of two", {{"\xc2\x80", 2, 2}, {"\x80\0", 2, 1}, {"\x80", 1, 1}}},
    {"U+FF, the last one of Latin-1", {{"\xc3\xbf", 2, 2}, {"\xff\0", 2, 1}, {"\xff", 1, 1}}},
    {"U+100, the first one that is not", {{"\xc4\x80", 2, 2}, {"\0\1", 2, 1}, {"\0\1", 2, TAGGED(1)}}},
    {"U+7FF, the last one of two", {{"\xdf\xbf", 2, 2}, {"\xff\7", 2, 1}, {"\xff\7", 2, TAGGED(1)}}},
    {"U+800, the first one of three", {{"\xe0\xa0\x80", 3, 3}, {"\0\10", 2, 1}, {"\0\10", 2, TAGGED(1)}}},
    {"U+D7FF, below the surrogates", {{"\xed\x9f\xbf", 3, 3}, {"\xff\xd7", 2, 1}, {"\xff\xd7", 2, TAGGED(1)}}},
    {"U+E000, above them", {{"\xee\x80\x80", 3, 3}, {"\0\xe0", 2, 1}, {"\0\xe0", 2, TAGGED(1)}}},
    {"U+FFFF, the last one of three", {{"\xef\xbf\xbf", 3, 3}, {"\xff\xff", 2, 1}, {"\xff\xff", 2, TAGGED(1)}}},
    {"U+10000, the first one of four",
     {{"\xf0\x90\x80\x80", 4, 4}, {"\0\xd8\0\xdc", 4, 2}, {"\0\xd8\0\xdc", 4, TAGGED(2)}}},
    {"U+10437, all of its bits",
     {{"\xf0\x90\x90\xb7", 4, 4}, {"\1\xd8\x37\xdc", 4, 2}, {"\1\xd8\x37\xdc", 4, TAGGED(2)}}},
    {"U+3FFFF, in four that begin lower",
     {{"\xf0\xbf\xbf\xbf", 4, 4}, {"\xbf\xd8\xff\xdf", 4, 2}, {"\xbf\xd8\xff\xdf", 4, TAGGED(2)}}},
    {"U+10FFFF, the last one",
     {{"\xf4\x8f\xbf\xbf", 4, 4}, {"\xff\xdb\xff\xdf", 4, 2}, {"\xff\xdb\xff\xdf", 4, TAGGED(2)}}},
    {"Latin-1 in front of what is not",
     {{"e\xc3\xa9\xe2\x82\xac", 6, 6}, {"e\0\xe9\0\xac\x20", 6, 3}, {"e\0\xe9\0\xac\x20", 6, TAGGED(3)}}},
    {"what is not in front of Latin-1",
     {{"\xe2\x82\xac\xc3\xa9", 5, 5}, {"\xac\x20\xe9\0", 4, 2}, {"\xac\x20\xe9\0", 4, TAGGED(2)}}},
    {"all lengths together",
     {{"a\xc3\xbf\xe2\x82\xac\xf0\x9f\x98\x80z", 11, 11},
      {"a\0\xff\0\xac\x20\x3d\xd8\0\xde"
       "z\0",
       12, 6},
      {"a\0\xff\0\xac\x20\x3d\xd8\0\xde"
       "z\0",
       12, TAGGED(6)}}},
    {"Latin-1 alone", {{"na\xc3\xafve", 6, 6}, {"n\0a\0\xef\0v\0e\0", 10, 5}, {"na\xefve", 5, 5}}},
};

/** The bytes at `at` are the text's, and the two words say so. */
static bool is_text(const struct coded *text, const uint8_t *words, const uint8_t *at)
{
    return word_at(words + 4) == text->length && memcmp(at, text->bytes, text->byte_length) == 0;
}

/** From the guest's memory to the space: `wanted`. */
static bool lifts(const struct coded *text, enum rill_encoding from, const struct coded *wanted, enum rill_encoding to)
{
    begin();
    rill_host_lists(&host, from, NULL);
    space.encoding = (uint8_t)to;
    memcpy(memory + TEXT_AT, text->bytes, text->byte_length);
    put_word(memory, TEXT_AT);
    put_word(memory + 4, text->length);
    return rill_lift(&host, plan_string, 0, NULL, pair, &space) && word_at(pair) == 0 && is_text(wanted, pair, bytes)
           && space.used == wanted->byte_length;
}

/** From the space to the guest's memory, whose allocator is asked for just as much. */
static bool lowers(const struct coded *text, enum rill_encoding from, const struct coded *wanted, enum rill_encoding to)
{
    begin();
    rill_host_lists(&host, to, allocate);
    space.encoding = (uint8_t)from;
    memcpy(bytes, text->bytes, text->byte_length);
    put_word(pair + 4, text->length);
    return rill_lower(&host, plan_string, pair, &space, 0, NULL) && word_at(memory) == TEXT_AT
           && is_text(wanted, memory, memory + TEXT_AT) && asked_bytes == wanted->byte_length
           && asked_align == (to == RILL_UTF8 ? 1u : 2u);
}

/** All texts, both ways. @returns the first one that came otherwise, or NULL */
static const char *all_texts(enum rill_encoding from, enum rill_encoding to)
{
    uint32_t i;

    for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const struct coded *text = &texts[i].coded[from];
        const struct coded *wanted = &texts[i].coded[to];

        if (!lifts(text, from, wanted, to) || !lowers(text, from, wanted, to)) {
            return texts[i].name;
        }
    }
    return NULL;
}

static const char *utf8_to_utf8(void) { return all_texts(RILL_UTF8, RILL_UTF8); }
static const char *utf8_to_utf16(void) { return all_texts(RILL_UTF8, RILL_UTF16); }
static const char *utf8_to_latin1_utf16(void) { return all_texts(RILL_UTF8, RILL_LATIN1_UTF16); }
static const char *utf16_to_utf8(void) { return all_texts(RILL_UTF16, RILL_UTF8); }
static const char *utf16_to_utf16(void) { return all_texts(RILL_UTF16, RILL_UTF16); }
static const char *utf16_to_latin1_utf16(void) { return all_texts(RILL_UTF16, RILL_LATIN1_UTF16); }
static const char *latin1_utf16_to_utf8(void) { return all_texts(RILL_LATIN1_UTF16, RILL_UTF8); }
static const char *latin1_utf16_to_utf16(void) { return all_texts(RILL_LATIN1_UTF16, RILL_UTF16); }
static const char *latin1_utf16_to_itself(void) { return all_texts(RILL_LATIN1_UTF16, RILL_LATIN1_UTF16); }

/// What is no text ///

struct wrong {
    const char *name;
    struct coded coded;
};

static const struct wrong wrong_utf8[] = {
    {"a byte that only follows", {"\x80", 1, 1}},
    {"the last such byte", {"\xbf", 1, 1}},
    {"two of them", {"\xbf\xbf", 2, 2}},
    {"three of them", {"\xbf\xbf\xbf", 3, 3}},
    {"four of them", {"\x84\x80\x80\x80", 4, 4}},
    {"four bytes that begin with F8", {"\xf8\x90\x80\x80", 4, 4}},
    {"NUL in two bytes", {"\xc0\x80", 2, 2}},
    {"U+7F in two bytes", {"\xc1\xbf", 2, 2}},
    {"U+7FF in three", {"\xe0\x9f\xbf", 3, 3}},
    {"U+FFFF in four", {"\xf0\x8f\xbf\xbf", 4, 4}},
    {"U+D800", {"\xed\xa0\x80", 3, 3}},
    {"U+DFFF", {"\xed\xbf\xbf", 3, 3}},
    {"U+110000", {"\xf4\x90\x80\x80", 4, 4}},
    {"four bytes that begin with F5", {"\xf5\x80\x80\x80", 4, 4}},
    {"FF", {"\xff\x80\x80\x80", 4, 4}},
    {"one of two", {"a\xc3", 2, 2}},
    {"two of three", {"a\xe2\x82", 3, 3}},
    {"three of four", {"\xf0\x9f\x98", 3, 3}},
    {"two, and no second one", {"\xc3z", 2, 2}},
    {"three, and no third one", {"\xe2\x82\xc0", 3, 3}},
    {"four, and no fourth one", {"\xf0\x9f\x98\x7f", 4, 4}},
    {"three, and no second one", {"\xe2z\x82", 3, 3}},
};

static const struct wrong wrong_utf16[] = {
    {"a high surrogate at the end", {"\0\xd8", 2, 1}},
    {"the last high surrogate at the end", {"\xff\xdb", 2, 1}},
    {"a low surrogate", {"\0\xdc", 2, 1}},
    {"the last low surrogate", {"\xff\xdf", 2, 1}},
    {"a low surrogate before another", {"\0\xdc\0\xdc", 4, 2}},
    {"two high surrogates", {"\0\xd8\0\xd8", 4, 2}},
    {"a high surrogate, and a letter", {"\0\xd8z\0", 4, 2}},
    {"a high surrogate, and U+DBFF", {"\0\xd8\xff\xdb", 4, 2}},
    {"a high surrogate, and U+E000", {"\0\xd8\0\xe0", 4, 2}},
};

/** None of them gets through, to whatever it goes. @returns the first one that does, or NULL */
static const char *none_of(const struct wrong *wrong, size_t count, enum rill_encoding from, uint32_t tag)
{
    static const struct coded nothing = {"", 0, 0};
    size_t i;

    for (i = 0; i < count; i++) {
        const struct coded tagged = {wrong[i].coded.bytes, wrong[i].coded.byte_length, wrong[i].coded.length | tag};
        uint32_t to;

        for (to = RILL_UTF8; to <= RILL_LATIN1_UTF16; to++) {
            if (lifts(&tagged, from, &nothing, (enum rill_encoding)to) || host.trap == NULL
                || lowers(&tagged, from, &nothing, (enum rill_encoding)to) || host.trap == NULL || asked_bytes != 0) {
                return wrong[i].name;
            }
        }
    }
    return NULL;
}

#define NONE_OF(wrong, from, tag) none_of((wrong), sizeof(wrong) / sizeof(wrong)[0], (from), (tag))

static const char *no_utf8(void) { return NONE_OF(wrong_utf8, RILL_UTF8, 0); }
static const char *no_utf16(void) { return NONE_OF(wrong_utf16, RILL_UTF16, 0); }
static const char *no_tagged_utf16(void) { return NONE_OF(wrong_utf16, RILL_LATIN1_UTF16, RILL_UTF16_TAG); }

/// Where a string lies ///

/** A string of the guest's at `ptr`, of that length, is lifted as UTF-8. */
static bool is_lifted(enum rill_encoding from, uint32_t ptr, uint32_t length)
{
    begin();
    rill_host_lists(&host, from, NULL);
    space.encoding = RILL_UTF8;
    put_word(memory, ptr);
    put_word(memory + 4, length);
    return rill_lift(&host, plan_string, 0, NULL, pair, &space);
}

/** The same, but it must trap for a reason. */
static bool traps(enum rill_encoding from, uint32_t ptr, uint32_t length)
{
    return !is_lifted(from, ptr, length) && host.trap != NULL;
}

#define HOLDS(all) ((all) ? NULL : "gave another result")

static const char *up_to_the_last_byte(void)
{
    return HOLDS(is_lifted(RILL_UTF8, MEMORY_BYTES - 3u, 3) && is_lifted(RILL_UTF16, MEMORY_BYTES - 4u, 2)
                 && is_lifted(RILL_LATIN1_UTF16, MEMORY_BYTES - 2u, 2)
                 && is_lifted(RILL_LATIN1_UTF16, MEMORY_BYTES - 2u, TAGGED(1)));
}
static const char *one_byte_further(void)
{
    return HOLDS(traps(RILL_UTF8, MEMORY_BYTES - 3u, 4) && traps(RILL_UTF16, MEMORY_BYTES - 4u, 3)
                 && traps(RILL_LATIN1_UTF16, MEMORY_BYTES - 2u, 3)
                 && traps(RILL_LATIN1_UTF16, MEMORY_BYTES - 2u, TAGGED(2)) && traps(RILL_UTF8, UINT32_MAX, 1)
                 && traps(RILL_UTF8, UINT32_MAX - 1u, 2));
}
static const char *misaligned(void)
{
    return HOLDS(is_lifted(RILL_UTF8, 9, 1) && traps(RILL_UTF16, 9, 1) && traps(RILL_LATIN1_UTF16, 9, 1)
                 && traps(RILL_LATIN1_UTF16, 9, TAGGED(1)));
}
static const char *nothing_at_the_end_of_memory(void)
{
    return HOLDS(is_lifted(RILL_UTF8, MEMORY_BYTES, 0) && traps(RILL_UTF8, MEMORY_BYTES + 1u, 0));
}

/** A trap that speaks of length, not of memory: nothing that long is looked at. */
static bool is_too_long(enum rill_encoding from, uint32_t length)
{
    return traps(from, TEXT_AT, length) && strstr(host.trap, "longer") != NULL;
}

static bool is_out_of_memory(enum rill_encoding from, uint32_t length)
{
    return traps(from, TEXT_AT, length) && strstr(host.trap, "memory") != NULL;
}

static const char *longest(void)
{
    return HOLDS(is_out_of_memory(RILL_UTF8, 0x0fffffffu) && is_too_long(RILL_UTF8, 0x10000000u)
                 && is_out_of_memory(RILL_UTF16, 0x07ffffffu) && is_too_long(RILL_UTF16, 0x08000000u)
                 && is_too_long(RILL_UTF16, 0x80000001u) && is_out_of_memory(RILL_LATIN1_UTF16, 0x0fffffffu)
                 && is_too_long(RILL_LATIN1_UTF16, 0x10000000u) && is_too_long(RILL_LATIN1_UTF16, 0x7fffffffu)
                 && is_too_long(RILL_LATIN1_UTF16, TAGGED(0x08000000u)));
}

/** What would come next is behind the memory. */
static const char *high_surrogate_in_the_last_bytes(void)
{
    begin();
    rill_host_lists(&host, RILL_UTF16, NULL);
    space.encoding = RILL_UTF8;
    put_word(memory, MEMORY_BYTES - 2u);
    put_word(memory + 4, 1);
    memory[MEMORY_BYTES - 1u] = 0xd8;
    return HOLDS(!rill_lift(&host, plan_string, 0, NULL, pair, &space) && host.trap != NULL);
}

static const char *tag_without_units(void)
{
    return HOLDS(is_lifted(RILL_LATIN1_UTF16, TEXT_AT, RILL_UTF16_TAG) && word_at(pair + 4) == 0);
}

/// All of them ///

static const struct sequence sequences[] = {
    {"utf8-to-utf8", utf8_to_utf8},
    {"utf8-to-utf16", utf8_to_utf16},
    {"utf8-to-latin1+utf16", utf8_to_latin1_utf16},
    {"utf16-to-utf8", utf16_to_utf8},
    {"utf16-to-utf16", utf16_to_utf16},
    {"utf16-to-latin1+utf16", utf16_to_latin1_utf16},
    {"latin1+utf16-to-utf8", latin1_utf16_to_utf8},
    {"latin1+utf16-to-utf16", latin1_utf16_to_utf16},
    {"latin1+utf16-to-itself", latin1_utf16_to_itself},
    {"no-utf8", no_utf8},
    {"no-utf16", no_utf16},
    {"no-tagged-utf16", no_tagged_utf16},
    {"up-to-the-last-byte", up_to_the_last_byte},
    {"one-byte-further", one_byte_further},
    {"misaligned", misaligned},
    {"nothing-at-the-end-of-memory", nothing_at_the_end_of_memory},
    {"longest", longest},
    {"high-surrogate-in-the-last-bytes", high_surrogate_in_the_last_bytes},
    {"tag-without-units", tag_without_units},
};

int main(void)
{
    const int code = run_sequences(sequences, sizeof sequences / sizeof sequences[0], begin);

    free(memory);
    free(bytes);
    return code;
}
