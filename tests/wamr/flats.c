/*
 * Values as core values and back, by flat plans: each step, alone and behind others, and the byte and the cell beside
 * it. Prints a line `ok NAME` or `not ok NAME: what` for each; exits 1 when one is not ok. Run under sanitizers.
 */
#include "rill_call.h"

#include "sequences.h"

#include <stdlib.h>
#include <string.h>

#define BYTES_MAX 16u
#define CELLS_MAX 4u
#define PLAN_MAX 40u

/** A value, its bytes in canonical layout and its cells; what the cells hold that the host does not look at. */
struct flat {
    const char *name;
    const uint16_t plan[PLAN_MAX];
    const char *bytes;
    uint32_t byte_length;
    uint32_t cell_count;
    uint64_t cells[CELLS_MAX];
    uint64_t other_cells[CELLS_MAX]; /* come to the same bytes */
};

#define HIGH UINT64_C(0xdeadbeef00000000)

/* option<s8>, then an enum of three cases: a variant's steps, and where they go on */
#define OPTION_S8_THEN_ENUM                                                                                            \
    RILL_FLAT_VARIANT, 0, 0, 1, 2, 7, 9, RILL_FLAT_JUMP, 15, RILL_FLAT_SIGNED, 1, 1, 1, RILL_FLAT_JUMP, 15,            \
        RILL_FLAT_ENUM, 2, 2, 1, 3, RILL_FLAT_END
/* variant { a(bool), b(char), c(u16) } of four bytes, then a bool */
#define THREE_CASES_THEN_BOOL                                                                                          \
    RILL_FLAT_VARIANT, 0, 0, 1, 3, 8, 13, 18, RILL_FLAT_BOOL, 4, 1, RILL_FLAT_JUMP, 24, RILL_FLAT_CHAR, 4, 1,          \
        RILL_FLAT_JUMP, 24, RILL_FLAT_BYTES, 4, 1, 2, RILL_FLAT_JUMP, 24, RILL_FLAT_BOOL, 8, 2, RILL_FLAT_END

/* clang-format off */
static const struct flat flats[] = {
    {"u8", {RILL_FLAT_BYTES, 0, 0, 1, RILL_FLAT_END}, "\xfe", 1, 1, {0xfe}, {HIGH | 0xaafe}},
    {"u16", {RILL_FLAT_BYTES, 0, 0, 2, RILL_FLAT_END}, "\x34\xfe", 2, 1, {0xfe34}, {HIGH | 0xaafe34}},
    {"u32", {RILL_FLAT_BYTES, 0, 0, 4, RILL_FLAT_END}, "\x12\x34\x56\xfe", 4, 1, {0xfe563412}, {HIGH | 0xfe563412}},
    {"u64", {RILL_FLAT_BYTES, 0, 0, 8, RILL_FLAT_END}, "\1\2\3\4\5\6\7\xf8", 8, 1,
     {UINT64_C(0xf807060504030201)}, {UINT64_C(0xf807060504030201)}},
    {"s8, above zero", {RILL_FLAT_SIGNED, 0, 0, 1, RILL_FLAT_END}, "\x7f", 1, 1, {0x7f}, {HIGH | 0xff7f}},
    {"s8, -1", {RILL_FLAT_SIGNED, 0, 0, 1, RILL_FLAT_END}, "\xff", 1, 1, {0xffffffff}, {0xff}},
    {"s8, -128", {RILL_FLAT_SIGNED, 0, 0, 1, RILL_FLAT_END}, "\x80", 1, 1, {0xffffff80}, {0x80}},
    {"s8, 1", {RILL_FLAT_SIGNED, 0, 0, 1, RILL_FLAT_END}, "\1", 1, 1, {1}, {0x101}},
    {"s16, above zero", {RILL_FLAT_SIGNED, 0, 0, 2, RILL_FLAT_END}, "\xff\x7f", 2, 1, {0x7fff}, {0x17fff}},
    {"s16, -32768", {RILL_FLAT_SIGNED, 0, 0, 2, RILL_FLAT_END}, "\0\x80", 2, 1, {0xffff8000}, {0x8000}},
    {"s16, -2", {RILL_FLAT_SIGNED, 0, 0, 2, RILL_FLAT_END}, "\xfe\xff", 2, 1, {0xfffffffe}, {0xfffe}},
    {"bool, true", {RILL_FLAT_BOOL, 0, 0, RILL_FLAT_END}, "\1", 1, 1, {1}, {0x80000000}},
    {"bool, false", {RILL_FLAT_BOOL, 0, 0, RILL_FLAT_END}, "\0", 1, 1, {0}, {HIGH}},
    {"char", {RILL_FLAT_CHAR, 0, 0, RILL_FLAT_END}, "\xff\xff\x10\0", 4, 1, {0x10ffff}, {HIGH | 0x10ffff}},
    {"enum, its last case", {RILL_FLAT_ENUM, 0, 0, 1, 3, RILL_FLAT_END}, "\2", 1, 1, {2}, {HIGH | 2}},
    {"enum of two bytes", {RILL_FLAT_ENUM, 0, 0, 2, 0x300, RILL_FLAT_END}, "\xff\2", 2, 1, {0x2ff}, {HIGH | 0x2ff}},
    {"what stands behind others, in bytes and cells",
     {RILL_FLAT_BOOL, 0, 3, RILL_FLAT_CHAR, 4, 1, RILL_FLAT_ENUM, 1, 2, 1, 9, RILL_FLAT_SIGNED, 2, 0, 2, RILL_FLAT_END},
     "\1\x08\xff\xff\x41\0\0\0", 8, 4, {0xffffffff, 0x41, 8, 1}, {0xffff, 0x41, 8, 7}},
    {"two of each, one behind the other",
     {RILL_FLAT_BYTES, 0, 0, 4, RILL_FLAT_BYTES, 4, 1, 4, RILL_FLAT_BOOL, 8, 2, RILL_FLAT_BOOL, 9, 3, RILL_FLAT_END},
     "\1\0\0\0\2\0\0\0\1\0", 10, 4, {1, 2, 1, 0}, {1, 2, 4, 0}},
    {"option, none", {OPTION_S8_THEN_ENUM}, "\0\0\2", 3, 3, {0, 0, 2}, {HIGH, 0x77, 2}},
    {"option, some", {OPTION_S8_THEN_ENUM}, "\1\xfd\1", 3, 3, {1, 0xfffffffd, 1}, {1, 0xfd, 1}},
    {"variant, its first case", {THREE_CASES_THEN_BOOL}, "\0\0\0\0\1\0\0\0\1", 9, 3, {0, 1, 1}, {0, 5, 5}},
    {"variant, its second case", {THREE_CASES_THEN_BOOL}, "\1\0\0\0\x41\1\0\0\0", 9, 3, {1, 0x141, 0}, {1, 0x141, 0}},
    {"variant, its last case", {THREE_CASES_THEN_BOOL}, "\2\0\0\0\xcd\xab\0\0\1", 9, 3, {2, 0xabcd, 1},
     {2, 0x99abcd, 1}},
    {"nothing", {RILL_FLAT_END}, "", 0, 0, {0}, {0}},
};

/** Cells that are no values. */
static const struct flat wrongs[] = {
    {"enum, one too many", {RILL_FLAT_ENUM, 0, 0, 1, 3, RILL_FLAT_END}, "", 1, 1, {3}, {0x102}},
    {"enum, all bits", {RILL_FLAT_ENUM, 0, 0, 1, 3, RILL_FLAT_END}, "", 1, 1, {UINT32_MAX}, {UINT64_MAX}},
    {"option, one too many", {OPTION_S8_THEN_ENUM}, "", 3, 3, {2, 0, 0}, {UINT32_MAX, 0, 0}},
    {"enum behind an option, one too many", {OPTION_S8_THEN_ENUM}, "", 3, 3, {0, 0, 3}, {1, 0, 3}},
    {"variant, one too many", {THREE_CASES_THEN_BOOL}, "", 9, 3, {3, 0, 0}, {4, 0, 0}},
};
/* clang-format on */

static void begin(void) {}

static void *fresh(size_t byte_length)
{
    void *made = calloc(1, byte_length);

    if (made == NULL) {
        exit(2);
    }
    return made;
}

/** Into memory that ends with the value: a byte too far is seen. @returns whether it is a value */
static bool unflattens(const struct flat *flat, const uint64_t *cells, uint8_t *bytes)
{
    uint8_t *to = fresh(flat->byte_length + 1u);
    uint64_t *from = fresh((flat->cell_count + 1u) * sizeof *from);
    bool done;

    memcpy(from, cells, flat->cell_count * sizeof *from);
    to[flat->byte_length] = 0xee;
    done = rill_unflatten(flat->plan, from, to) && to[flat->byte_length] == 0xee;
    memcpy(bytes, to, flat->byte_length);
    free(to);
    free(from);
    return done;
}

static bool comes_from(const struct flat *flat, const uint64_t *cells)
{
    uint8_t bytes[BYTES_MAX];

    return unflattens(flat, cells, bytes) && memcmp(bytes, flat->bytes, flat->byte_length) == 0;
}

static const char *every_value_is_unflattened(void)
{
    size_t i;

    for (i = 0; i < sizeof flats / sizeof flats[0]; i++) {
        if (!comes_from(&flats[i], flats[i].cells) || !comes_from(&flats[i], flats[i].other_cells)) {
            return flats[i].name;
        }
    }
    return NULL;
}

static const char *what_is_no_value_is_refused(void)
{
    uint8_t bytes[BYTES_MAX];
    size_t i;

    for (i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
        if (unflattens(&wrongs[i], wrongs[i].cells, bytes) || unflattens(&wrongs[i], wrongs[i].other_cells, bytes)) {
            return wrongs[i].name;
        }
    }
    return NULL;
}

static const char *every_value_is_flattened(void)
{
    size_t i;

    for (i = 0; i < sizeof flats / sizeof flats[0]; i++) {
        const struct flat *flat = &flats[i];
        uint64_t *cells = fresh((flat->cell_count + 1u) * sizeof *cells);
        uint8_t *bytes = fresh(flat->byte_length + 1u);
        bool is_right;

        cells[flat->cell_count] = 0xee;
        memcpy(bytes, flat->bytes, flat->byte_length);
        bytes[flat->byte_length] = 0xee;
        rill_flatten(flat->plan, bytes, cells);
        is_right = memcmp(cells, flat->cells, flat->cell_count * sizeof *cells) == 0 && cells[flat->cell_count] == 0xee;
        free(cells);
        free(bytes);
        if (!is_right) {
            return flat->name;
        }
    }
    return NULL;
}

/** result<u8>: its second case jumps to the end, behind which the plan has nothing. */
static const char *jump_to_the_end(void)
{
    static const uint16_t plan[] = {
        RILL_FLAT_VARIANT, 0, 0, 1, 2, 7, 13, RILL_FLAT_BYTES, 1, 1, 1, RILL_FLAT_JUMP, 15, RILL_FLAT_JUMP, 15,
        RILL_FLAT_END};
    const uint64_t cells[2] = {1, 0};
    uint64_t flattened[2] = {0, 0};
    uint8_t bytes[2] = {0, 0};

    if (!rill_unflatten(plan, cells, bytes) || bytes[0] != 1 || bytes[1] != 0) {
        return "unflattened otherwise";
    }
    rill_flatten(plan, bytes, flattened);
    return flattened[0] == 1 && flattened[1] == 0 ? NULL : "flattened otherwise";
}

static const struct sequence sequences[] = {
    {"every-value-is-unflattened", every_value_is_unflattened},
    {"what-is-no-value-is-refused", what_is_no_value_is_refused},
    {"every-value-is-flattened", every_value_is_flattened},
    {"jump-to-the-end", jump_to_the_end},
};

int main(void) { return run_sequences(sequences, sizeof sequences / sizeof sequences[0], begin); }
