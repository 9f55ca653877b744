/*
 * Lists from the guest to the embedder and back: how deep, how long and where they may be, what their elements come to,
 * and what the guest's allocator is asked for. Prints a line `ok NAME` or `not ok NAME: what` for each; exits 1 when
 * one is not ok. Run under sanitizers.
 */
#include "rill_list.h"

#include "sequences.h"

#include <stdlib.h>
#include <string.h>

#define MEMORY_BYTES 160u
#define SPACE_BYTES 96u
#define HANDLES 2u
#define STREAMS 1u
/** list<…<bool>>: as many words as a level adds, and those of the bool. */
#define LEVEL_WORDS 6u
#define DEEPEST (RILL_LIST_DEPTH + 1u)
#define DEEP_WORDS (DEEPEST * LEVEL_WORDS + 3u)

/* A list's step: its offset, an element's bytes and alignment, where the plan goes on; then the element's steps. */
static const uint16_t plan_bytes[] = {RILL_OP_LIST, 0, 1, 1, 9, RILL_OP_BYTES, 0, 1, RILL_OP_END, RILL_OP_END};
static const uint16_t plan_words[] = {RILL_OP_LIST, 0, 4, 4, 9, RILL_OP_BYTES, 0, 4, RILL_OP_END, RILL_OP_END};
static const uint16_t plan_bools[] = {RILL_OP_LIST, 0, 1, 1, 8, RILL_OP_BOOL, 0, RILL_OP_END, RILL_OP_END};
/* list<record { bool, u32 }>: three bytes of padding */
static const uint16_t plan_records[] = {RILL_OP_LIST,  0, 8, 4,           11,         RILL_OP_BOOL, 0,
                                        RILL_OP_BYTES, 4, 4, RILL_OP_END, RILL_OP_END};
/* list<record { u8, u16 }>: begins like what can be copied at once */
static const uint16_t plan_pairs[] = {RILL_OP_LIST,  0, 4, 2,           12,         RILL_OP_BYTES, 0, 1,
                                      RILL_OP_BYTES, 2, 2, RILL_OP_END, RILL_OP_END};
/* list<record { u32, u8 }>: three bytes of padding at the end of each */
static const uint16_t plan_padded[] = {RILL_OP_LIST, 0, 8, 4, 9, RILL_OP_BYTES, 0, 5, RILL_OP_END, RILL_OP_END};
static const uint16_t plan_strings[] = {RILL_OP_LIST, 0, 8, 4, 8, RILL_OP_STRING, 0, RILL_OP_END, RILL_OP_END};
/* record { list<u8>, u8, string } */
static const uint16_t plan_mixed[] = {
    RILL_OP_LIST, 0, 1, 1, 9, RILL_OP_BYTES, 0, 1, RILL_OP_END, RILL_OP_BYTES, 8, 1, RILL_OP_STRING, 12, RILL_OP_END};
static const struct rill_type strings = {plan_strings, 8, 4, 0, 0};

static struct rill_end ends[HANDLES];
static struct rill_stream streams[STREAMS];
static struct rill_end other; /* the host's */
static struct rill_host host;
static uint8_t *memory;
static uint32_t memory_bytes;
static uint8_t *bytes;
static struct rill_space space;
static uint8_t value[24]; /* the embedder's */
static uint32_t next;     /* what the allocator gives */
static uint32_t asked, asked_align, asked_bytes;
static bool moves, was_allocating;

static bool never(void *context)
{
    (void)context;
    return false;
}

static const struct rill_port port = {never, NULL};

static void *fresh(size_t byte_length)
{
    void *made = calloc(1, byte_length);

    if (made == NULL) {
        exit(2);
    }
    return made;
}

static bool allocate(struct rill_host *of, uint32_t align, uint32_t byte_length, uint32_t *ptr)
{
    asked++;
    asked_align = align;
    asked_bytes = byte_length;
    was_allocating = of->is_allocating != 0;
    *ptr = next;
    next += (byte_length + 7u) & ~7u;
    if (moves) {
        uint8_t *moved = fresh(memory_bytes);

        memcpy(moved, memory, MEMORY_BYTES);
        free(memory);
        memory = moved;
    }
    return true;
}

static void locate(struct rill_host *of) { rill_host_memory(of, memory, memory_bytes); }

static void begin(void)
{
    free(memory);
    free(bytes);
    memory_bytes = MEMORY_BYTES;
    memory = fresh(MEMORY_BYTES);
    bytes = fresh(SPACE_BYTES);
    memset(value, 0, sizeof value);
    memset(&other, 0, sizeof other);
    rill_host_init(&host, ends, HANDLES, streams, STREAMS, &port, NULL);
    rill_host_memory(&host, memory, MEMORY_BYTES);
    rill_host_lists(&host, RILL_UTF8, allocate);
    host.locate = locate;
    space.bytes = bytes;
    space.byte_length = SPACE_BYTES;
    space.used = 0;
    space.encoding = RILL_UTF8;
    next = 64;
    asked = asked_align = asked_bytes = 0;
    moves = was_allocating = false;
}

/// Words ///

static void put_word(uint8_t *at, uint32_t word)
{
    uint32_t i;

    for (i = 0; i < 4u; i++) {
        at[i] = (uint8_t)(word >> (8u * i));
    }
}

static void put_pair(uint8_t *at, uint32_t ptr, uint32_t length)
{
    put_word(at, ptr);
    put_word(at + 4, length);
}

static bool is_pair(const uint8_t *at, uint32_t ptr, uint32_t length)
{
    uint8_t pair[8];

    put_pair(pair, ptr, length);
    return memcmp(at, pair, sizeof pair) == 0;
}

/// Calls, short ///

/** The guest's list at `ptr`, whose address and length are at 0, is lifted. */
static bool lifts(const uint16_t *plan, uint32_t ptr, uint32_t length)
{
    put_pair(memory, ptr, length);
    return rill_lift(&host, plan, 0, NULL, value, &space);
}

/** The embedder's list at an offset in its space is lowered. */
static bool lowers(const uint16_t *plan, uint32_t offset, uint32_t length)
{
    put_pair(value, offset, length);
    return rill_lower(&host, plan, value, &space, 0, NULL);
}

static bool trapped(bool done, const char *word)
{
    return !done && host.trap != NULL && strstr(host.trap, word) != NULL;
}

#define HOLDS(all) ((all) ? NULL : host.trap != NULL ? host.trap : "gave another result")
#define TRAPS(done, word) (trapped((done), (word)) ? NULL : host.trap != NULL ? host.trap : "did not trap")

/// Elements ///

static const char *bytes_are_lifted_at_once(void)
{
    memcpy(memory + 33, "abc", 3);
    return HOLDS(lifts(plan_bytes, 33, 3) && is_pair(value, 0, 3) && memcmp(bytes, "abc", 4) == 0 && space.used == 3);
}
static const char *bytes_are_lowered_at_once(void)
{
    memcpy(bytes + 5, "abc", 3);
    return HOLDS(lowers(plan_bytes, 5, 3) && is_pair(memory, 64, 3) && memcmp(memory + 64, "abc", 4) == 0 && asked == 1
                 && asked_align == 1 && asked_bytes == 3 && was_allocating && host.is_allocating == 0);
}
static const char *words_keep_their_alignment(void)
{
    space.used = 1;
    put_word(memory + 32, 0x12345678u);
    put_word(memory + 36, 0x9abcdef0u);
    return HOLDS(lifts(plan_words, 32, 2) && is_pair(value, 4, 2) && memcmp(bytes + 4, memory + 32, 8) == 0
                 && space.used == 12);
}
static const char *words_are_lowered_aligned(void)
{
    return HOLDS(lowers(plan_words, 8, 3) && asked_align == 4 && asked_bytes == 12 && is_pair(memory, 64, 3));
}
static const char *bools_become_0_or_1(void)
{
    memcpy(memory + 40, "\2\0\377\1", 4);
    return HOLDS(lifts(plan_bools, 40, 4) && memcmp(bytes, "\1\0\1\1\0", 5) == 0);
}
static const char *records_are_lifted_without_padding(void)
{
    memset(memory + 40, 0xee, 16);
    memset(bytes, 0x55, 16);
    return HOLDS(lifts(plan_records, 40, 2)
                 && memcmp(bytes,
                           "\1\x55\x55\x55\xee\xee\xee\xee"
                           "\1\x55\x55\x55\xee\xee\xee\xee",
                           16)
                        == 0);
}
static const char *records_are_lowered_without_padding(void)
{
    memset(bytes + 8, 0xee, 16);
    memset(memory + 64, 0x55, 16);
    return HOLDS(lowers(plan_records, 8, 2)
                 && memcmp(memory + 64,
                           "\1\x55\x55\x55\xee\xee\xee\xee"
                           "\1\x55\x55\x55\xee\xee\xee\xee",
                           16)
                        == 0);
}
static const char *padding_at_the_end_stays_behind(void)
{
    memset(memory + 40, 0xee, 16);
    memset(bytes, 0x55, 16);
    return HOLDS(lifts(plan_padded, 40, 2)
                 && memcmp(bytes,
                           "\xee\xee\xee\xee\xee\x55\x55\x55"
                           "\xee\xee\xee\xee\xee\x55\x55\x55",
                           16)
                        == 0);
}
static const char *what_begins_like_plain_bytes_is_none(void)
{
    memset(memory + 40, 0xee, 4);
    return HOLDS(lifts(plan_pairs, 40, 1) && memcmp(bytes, "\xee\0\xee\xee", 4) == 0);
}
static const char *strings_in_a_list(void)
{
    put_pair(memory + 32, 80, 2);
    put_pair(memory + 40, 82, 3);
    memcpy(memory + 80, "abcde", 5);
    return HOLDS(lifts(plan_strings, 32, 2) && is_pair(value, 0, 2) && is_pair(bytes, 16, 2)
                 && is_pair(bytes + 8, 18, 3) && memcmp(bytes + 16, "abcde", 6) == 0 && space.used == 21);
}
static const char *strings_in_a_list_while_memory_moves(void)
{
    moves = true;
    put_pair(bytes, 16, 2);
    put_pair(bytes + 8, 18, 3);
    memcpy(bytes + 16, "abcde", 5);
    return HOLDS(lowers(plan_strings, 0, 2) && asked == 3 && is_pair(memory, 64, 2) && is_pair(memory + 64, 80, 2)
                 && is_pair(memory + 72, 88, 3) && memcmp(memory + 80, "ab", 3) == 0
                 && memcmp(memory + 88, "cde", 4) == 0);
}
static const char *memory_grows_to_where_the_allocator_gives_room(void)
{
    moves = true;
    memory_bytes = 2u * MEMORY_BYTES;
    next = 2u * MEMORY_BYTES - 8u;
    memcpy(bytes, "abcdefgh", 8);
    return HOLDS(lowers(plan_words, 0, 2) && is_pair(memory, 2u * MEMORY_BYTES - 8u, 2)
                 && memcmp(memory + 2u * MEMORY_BYTES - 8u, "abcdefgh", 8) == 0);
}
static const char *what_comes_behind_a_list(void)
{
    memory[8] = 7;
    put_pair(memory + 12, 90, 1);
    memory[90] = 'x';
    memory[91] = 'y';
    return HOLDS(lifts(plan_mixed, 91, 1) && is_pair(value, 0, 1) && value[8] == 7 && is_pair(value + 12, 1, 1)
                 && bytes[0] == 'y' && bytes[1] == 'x' && space.used == 2);
}
static const char *an_empty_list_and_what_comes_behind(void)
{
    memory[8] = 7;
    put_pair(memory + 12, 90, 1);
    return HOLDS(lifts(plan_mixed, MEMORY_BYTES, 0) && is_pair(value, 0, 0) && value[8] == 7
                 && is_pair(value + 12, 0, 1));
}

/// Lengths and places ///

static const char *up_to_the_last_byte(void) { return HOLDS(lifts(plan_words, MEMORY_BYTES - 8u, 2)); }
static const char *one_element_further(void) { return TRAPS(lifts(plan_words, MEMORY_BYTES - 8u, 3), "out of memory"); }
static const char *misaligned(void) { return TRAPS(lifts(plan_words, 34, 1), "misaligned"); }
static const char *out_of_the_space(void) { return TRAPS(lowers(plan_words, SPACE_BYTES - 4u, 2), "out of memory"); }
static const char *misaligned_in_the_space(void) { return TRAPS(lowers(plan_words, 2, 1), "misaligned"); }
static const char *longest(void) { return TRAPS(lifts(plan_bytes, 32, 0x0fffffffu), "out of memory"); }
static const char *longer(void) { return TRAPS(lifts(plan_bytes, 32, 0x10000000u), "longer"); }
static const char *longer_by_its_elements(void) { return TRAPS(lifts(plan_words, 32, 0x04000000u), "longer"); }
static const char *longest_by_its_elements(void) { return TRAPS(lifts(plan_words, 32, 0x03ffffffu), "out of memory"); }
static const char *longer_than_32_bits(void) { return TRAPS(lifts(plan_words, 32, 0x40000001u), "longer"); }
static const char *no_bool_is_wrong_but_a_far_one_is(void)
{
    return TRAPS(lifts(plan_bools, UINT32_MAX, 2), "out of memory");
}

/// Spaces and allocators ///

static const char *space_just_large_enough(void)
{
    space.used = SPACE_BYTES - 8u;
    return HOLDS(lifts(plan_words, 32, 2) && space.used == SPACE_BYTES);
}
static const char *space_too_small(void)
{
    space.used = SPACE_BYTES - 8u;
    return TRAPS(lifts(plan_words, 32, 3), "too small");
}
static const char *space_too_small_by_its_alignment(void)
{
    space.used = SPACE_BYTES - 7u;
    return TRAPS(lifts(plan_words, 32, 2), "too small");
}
static const char *space_used_too_far(void)
{
    space.used = UINT32_MAX;
    return TRAPS(lifts(plan_words, 32, 1), "too small");
}
static const char *no_space_to_lift_to(void)
{
    put_pair(memory, 32, 1);
    return TRAPS(rill_lift(&host, plan_bytes, 0, NULL, value, NULL), "no space");
}
static const char *no_space_to_lower_from(void)
{
    put_pair(value, 0, 1);
    return TRAPS(rill_lower(&host, plan_bytes, value, NULL, 0, NULL), "no space");
}
static const char *no_allocator(void)
{
    rill_host_lists(&host, RILL_UTF8, NULL);
    return trapped(lowers(plan_bytes, 0, 1), "cabi_realloc") && host.is_allocating == 0 ? NULL : "did not trap";
}
static const char *no_allocator_and_nothing_to_allocate(void)
{
    static const uint16_t plan_u32[] = {RILL_OP_BYTES, 0, 4, RILL_OP_END};

    rill_host_lists(&host, RILL_UTF8, NULL);
    return HOLDS(lowers(plan_u32, 7, 1) && memory[0] == 7 && asked == 0);
}
static const char *allocator_gives_the_last_bytes(void)
{
    next = MEMORY_BYTES - 8u;
    return HOLDS(lowers(plan_words, 0, 2) && is_pair(memory, MEMORY_BYTES - 8u, 2));
}
static const char *allocator_gives_what_is_out_of_memory(void)
{
    next = MEMORY_BYTES - 4u;
    return TRAPS(lowers(plan_words, 0, 2), "cabi_realloc");
}
static const char *allocator_gives_what_is_misaligned(void)
{
    next = 66;
    return TRAPS(lowers(plan_words, 0, 2), "cabi_realloc");
}
static const char *allocator_is_asked_for_nothing(void)
{
    next = MEMORY_BYTES;
    return HOLDS(lowers(plan_words, 0, 0) && asked == 1 && asked_bytes == 0 && is_pair(memory, MEMORY_BYTES, 0));
}

static bool refuse(struct rill_host *of, uint32_t align, uint32_t byte_length, uint32_t *ptr)
{
    (void)align;
    (void)byte_length;
    (void)ptr;
    of->trap = "the guest's own";
    return false;
}
static const char *allocator_traps_for_its_own_reason(void)
{
    rill_host_lists(&host, RILL_UTF8, refuse);
    return TRAPS(lowers(plan_bytes, 0, 1), "own");
}
static const char *list_as_long_as_memory(void)
{
    uint8_t image[8];

    put_pair(image, 0, 32);
    rill_host_memory(&host, memory, 32);
    return HOLDS(rill_lift(&host, plan_bytes, 0, image, value, &space) && is_pair(value, 0, 32));
}
static const char *end_forgets_the_space_that_it_had(void)
{
    uint32_t r, packed;

    memset(&other, 0xee, sizeof other);
    return TRAPS(rill_give(&host, &strings, false, &other, &r) && rill_end_copy(&host, &other, value, 1, false, &packed)
                     && rill_copy(&host, RILL_READABLE, &strings, false, true, r, 16, 1, &packed),
                 "no space");
}

/// Depth ///

/** The plan of as many lists as `depth` says around a bool. */
static void deep_plan(uint16_t *plan, uint32_t depth)
{
    const uint32_t end = depth * 5u + 3u;
    uint32_t i;

    for (i = 0; i < depth; i++) {
        uint16_t *step = &plan[5u * i];
        const bool is_last = i + 1u == depth;

        step[0] = RILL_OP_LIST;
        step[1] = 0;
        step[2] = is_last ? 1u : 8u;
        step[3] = is_last ? 1u : 4u;
        step[4] = (uint16_t)(end + depth - 1u - i);
    }
    plan[5u * depth] = RILL_OP_BOOL;
    plan[5u * depth + 1u] = 0;
    for (i = 0; i <= depth; i++) {
        plan[5u * depth + 2u + i] = RILL_OP_END;
    }
}

/** A list in a list in a list…, of one element each; the last one has `length` bools. */
static bool lifts_deep(uint32_t depth, uint32_t length)
{
    static uint16_t plan[DEEP_WORDS];
    uint32_t i;

    deep_plan(plan, depth);
    for (i = 0; i < depth; i++) {
        put_pair(memory + 8u * i, 8u * (i + 1u), i + 1u == depth ? length : 1u);
    }
    memset(memory + 8u * depth, 9, length);
    return rill_lift(&host, plan, 0, NULL, value, &space);
}

static const char *as_deep_as_may_be(void)
{
    return HOLDS(lifts_deep(RILL_LIST_DEPTH, 3) && is_pair(value, 0, 1) && is_pair(bytes, 8, 1)
                 && memcmp(bytes + 8u * (RILL_LIST_DEPTH - 1u), "\1\1\1\0", 4) == 0);
}
static const char *deeper(void) { return TRAPS(lifts_deep(DEEPEST, 1), "deeper"); }
static const char *deeper_but_empty(void) { return TRAPS(lifts_deep(DEEPEST, 0), "deeper"); }

/// Elements of streams ///

/** Two elements go one after the other; each is a list of strings. */
static const char *write_two_lists_to_the_host(void)
{
    uint32_t r, w, packed;

    put_pair(memory + 16, 32, 1);
    put_pair(memory + 24, 40, 1);
    put_pair(memory + 32, 50, 1);
    put_pair(memory + 40, 51, 2);
    memcpy(memory + 50, "abc", 3);
    return HOLDS(rill_new(&host, &strings, false, &r, &w) && rill_take(&host, &strings, false, r, &other)
                 && (rill_end_space(&other, &space), true)
                 && rill_copy(&host, RILL_WRITABLE, &strings, false, true, w, 16, 2, &packed)
                 && rill_end_copy(&host, &other, value, 2, false, &packed) && packed == 2u << 4 && is_pair(value, 0, 1)
                 && is_pair(bytes, 8, 1) && bytes[8] == 'a' && is_pair(value + 8, 12, 1) && is_pair(bytes + 12, 20, 2)
                 && memcmp(bytes + 20, "bc", 2) == 0);
}
static const char *read_two_lists_from_the_host(void)
{
    uint32_t r, packed;

    put_pair(value, 0, 1);
    put_pair(value + 8, 8, 1);
    put_pair(bytes, 16, 1);
    put_pair(bytes + 8, 17, 2);
    memcpy(bytes + 16, "abc", 3);
    return HOLDS(rill_give(&host, &strings, false, &other, &r) && (rill_end_space(&other, &space), true)
                 && rill_end_copy(&host, &other, value, 2, false, &packed)
                 && rill_copy(&host, RILL_READABLE, &strings, false, true, r, 16, 2, &packed) && packed == 2u << 4
                 && is_pair(memory + 16, 64, 1) && is_pair(memory + 64, 72, 1) && memory[72] == 'a'
                 && is_pair(memory + 24, 80, 1) && is_pair(memory + 80, 88, 2) && memcmp(memory + 88, "bc", 2) == 0);
}
static const char *read_a_list_from_an_end_without_space(void)
{
    uint32_t r, packed;

    return TRAPS(rill_give(&host, &strings, false, &other, &r) && rill_end_copy(&host, &other, value, 1, false, &packed)
                     && rill_copy(&host, RILL_READABLE, &strings, false, true, r, 16, 1, &packed),
                 "no space");
}

/// What the arena lacked ///

static const char *arena_says_what_is_missing(void)
{
    put_word(memory, 0x12345678u);
    return HOLDS(rill_arena_missing(&host) == 0x12345678u
                 && (rill_host_memory(&host, memory, 4), rill_arena_missing(&host) == 0x12345678u)
                 && (rill_host_memory(&host, memory, 3), rill_arena_missing(&host) == 0));
}

/// All of them ///

static const struct sequence sequences[] = {
    {"bytes-are-lifted-at-once", bytes_are_lifted_at_once},
    {"bytes-are-lowered-at-once", bytes_are_lowered_at_once},
    {"words-keep-their-alignment", words_keep_their_alignment},
    {"words-are-lowered-aligned", words_are_lowered_aligned},
    {"bools-become-0-or-1", bools_become_0_or_1},
    {"records-are-lifted-without-padding", records_are_lifted_without_padding},
    {"records-are-lowered-without-padding", records_are_lowered_without_padding},
    {"padding-at-the-end-stays-behind", padding_at_the_end_stays_behind},
    {"what-begins-like-plain-bytes-is-none", what_begins_like_plain_bytes_is_none},
    {"strings-in-a-list", strings_in_a_list},
    {"strings-in-a-list-while-memory-moves", strings_in_a_list_while_memory_moves},
    {"memory-grows-to-where-the-allocator-gives-room", memory_grows_to_where_the_allocator_gives_room},
    {"what-comes-behind-a-list", what_comes_behind_a_list},
    {"an-empty-list-and-what-comes-behind", an_empty_list_and_what_comes_behind},
    {"up-to-the-last-byte", up_to_the_last_byte},
    {"one-element-further", one_element_further},
    {"misaligned", misaligned},
    {"out-of-the-space", out_of_the_space},
    {"misaligned-in-the-space", misaligned_in_the_space},
    {"longest", longest},
    {"longer", longer},
    {"longer-by-its-elements", longer_by_its_elements},
    {"longest-by-its-elements", longest_by_its_elements},
    {"longer-than-32-bits", longer_than_32_bits},
    {"no-bool-is-wrong-but-a-far-one-is", no_bool_is_wrong_but_a_far_one_is},
    {"space-just-large-enough", space_just_large_enough},
    {"space-too-small", space_too_small},
    {"space-too-small-by-its-alignment", space_too_small_by_its_alignment},
    {"space-used-too-far", space_used_too_far},
    {"no-space-to-lift-to", no_space_to_lift_to},
    {"no-space-to-lower-from", no_space_to_lower_from},
    {"no-allocator", no_allocator},
    {"no-allocator-and-nothing-to-allocate", no_allocator_and_nothing_to_allocate},
    {"allocator-gives-the-last-bytes", allocator_gives_the_last_bytes},
    {"allocator-gives-what-is-out-of-memory", allocator_gives_what_is_out_of_memory},
    {"allocator-gives-what-is-misaligned", allocator_gives_what_is_misaligned},
    {"allocator-is-asked-for-nothing", allocator_is_asked_for_nothing},
    {"allocator-traps-for-its-own-reason", allocator_traps_for_its_own_reason},
    {"list-as-long-as-memory", list_as_long_as_memory},
    {"end-forgets-the-space-that-it-had", end_forgets_the_space_that_it_had},
    {"as-deep-as-may-be", as_deep_as_may_be},
    {"deeper", deeper},
    {"deeper-but-empty", deeper_but_empty},
    {"write-two-lists-to-the-host", write_two_lists_to_the_host},
    {"read-two-lists-from-the-host", read_two_lists_from_the_host},
    {"read-a-list-from-an-end-without-space", read_a_list_from_an_end_without_space},
    {"arena-says-what-is-missing", arena_says_what_is_missing},
};

int main(void)
{
    const int code = run_sequences(sequences, sizeof sequences / sizeof sequences[0], begin);

    free(memory);
    free(bytes);
    return code;
}
