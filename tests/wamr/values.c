/*
 * Values as copies leave them: each step of a plan, where values end and no values begin, and the bytes beside them.
 * Prints a line `ok NAME` or `not ok NAME: what` for each; exits 1 when one is not ok. Run under sanitizers.
 */
#include "rill_host.h"

#include "sequences.h"

#include <stdlib.h>
#include <string.h>

#define PLAN_MAX 40u

/** A plan, what a value's bytes are, and what they come to; NULL: they are no value. '.' stands for padding. */
struct value {
    const char *name;
    const uint16_t plan[PLAN_MAX];
    uint32_t byte_length;
    const char *from;
    const char *to;
};

/* clang-format off */
static const struct value values[] = {
    {"bytes", {RILL_OP_BYTES, 0, 3, RILL_OP_END}, 3, "\1\2\xff", "\1\2\xff"},
    {"bytes behind padding", {RILL_OP_BYTES, 2, 1, RILL_OP_END}, 3, "ab\7", "..\7"},
    {"bool, any bit", {RILL_OP_BOOL, 1, RILL_OP_END}, 2, "a\x80", ".\1"},
    {"bool, none", {RILL_OP_BOOL, 0, RILL_OP_END}, 1, "\0", "\0"},
    {"f32, a number", {RILL_OP_F32, 0, RILL_OP_END}, 4, "\1\2\3\x40", "\1\2\3\x40"},
    {"f32, infinity", {RILL_OP_F32, 0, RILL_OP_END}, 4, "\0\0\x80\x7f", "\0\0\x80\x7f"},
    {"f32, -infinity", {RILL_OP_F32, 0, RILL_OP_END}, 4, "\0\0\x80\xff", "\0\0\x80\xff"},
    {"f32, the first NaN", {RILL_OP_F32, 0, RILL_OP_END}, 4, "\1\0\x80\x7f", "\0\0\xc0\x7f"},
    {"f32, a NaN with a sign, behind padding", {RILL_OP_F32, 4, RILL_OP_END}, 8, "abcd\1\0\x80\xff", "....\0\0\xc0\x7f"},
    {"f64, a number", {RILL_OP_F64, 0, RILL_OP_END}, 8, "\1\2\3\4\5\6\7\x40", "\1\2\3\4\5\6\7\x40"},
    {"f64, infinity", {RILL_OP_F64, 0, RILL_OP_END}, 8, "\0\0\0\0\0\0\xf0\x7f", "\0\0\0\0\0\0\xf0\x7f"},
    {"f64, the first NaN", {RILL_OP_F64, 0, RILL_OP_END}, 8, "\1\0\0\0\0\0\xf0\x7f", "\0\0\0\0\0\0\xf8\x7f"},
    {"f64, the last one of its lower half", {RILL_OP_F64, 0, RILL_OP_END}, 8, "\0\0\0\x80\0\0\xf0\xff",
     "\0\0\0\0\0\0\xf8\x7f"},
    {"f64, the first one of its upper half", {RILL_OP_F64, 0, RILL_OP_END}, 8, "\0\0\0\0\1\0\xf0\x7f",
     "\0\0\0\0\0\0\xf8\x7f"},
    {"f64, a NaN behind padding", {RILL_OP_F64, 8, RILL_OP_END}, 16, "abcdefgh\1\2\3\4\5\6\xf7\xff",
     "........\0\0\0\0\0\0\xf8\x7f"},
    {"char, the first", {RILL_OP_CHAR, 0, RILL_OP_END}, 4, "\0\0\0\0", "\0\0\0\0"},
    {"char, below the surrogates", {RILL_OP_CHAR, 0, RILL_OP_END}, 4, "\xff\xd7\0\0", "\xff\xd7\0\0"},
    {"char, the first surrogate", {RILL_OP_CHAR, 0, RILL_OP_END}, 4, "\0\xd8\0\0", NULL},
    {"char, the last surrogate", {RILL_OP_CHAR, 0, RILL_OP_END}, 4, "\xff\xdf\0\0", NULL},
    {"char, above the surrogates", {RILL_OP_CHAR, 0, RILL_OP_END}, 4, "\0\xe0\0\0", "\0\xe0\0\0"},
    {"char, the last", {RILL_OP_CHAR, 4, RILL_OP_END}, 8, "abcd\xff\xff\x10\0", "....\xff\xff\x10\0"},
    {"char, one more", {RILL_OP_CHAR, 0, RILL_OP_END}, 4, "\0\0\x11\0", NULL},
    {"char, all bits", {RILL_OP_CHAR, 0, RILL_OP_END}, 4, "\xff\xff\xff\xff", NULL},
    {"enum, its last case", {RILL_OP_ENUM, 0, 1, 3, RILL_OP_END}, 1, "\2", "\2"},
    {"enum, one more", {RILL_OP_ENUM, 0, 1, 3, RILL_OP_END}, 1, "\3", NULL},
    {"enum of two bytes", {RILL_OP_ENUM, 2, 2, 0x301, RILL_OP_END}, 4, "ab\0\3", "..\0\3"},
    {"enum of two bytes, one more", {RILL_OP_ENUM, 0, 2, 0x301, RILL_OP_END}, 2, "\1\3", NULL},
    {"enum of four bytes", {RILL_OP_ENUM, 0, 4, 9, RILL_OP_END}, 4, "\x8\0\0\0", "\x8\0\0\0"},
    {"enum of four bytes, a high bit", {RILL_OP_ENUM, 0, 4, 9, RILL_OP_END}, 4, "\0\0\1\0", NULL},
    {"enum of four bytes, the highest bit", {RILL_OP_ENUM, 0, 4, 9, RILL_OP_END}, 4, "\0\0\0\x80", NULL},
    {"flags, one", {RILL_OP_FLAGS, 0, 1, 1, RILL_OP_END}, 1, "\xff", "\1"},
    {"flags, seven", {RILL_OP_FLAGS, 1, 1, 7, RILL_OP_END}, 2, "a\xff", ".\x7f"},
    {"flags, eight", {RILL_OP_FLAGS, 0, 1, 8, RILL_OP_END}, 1, "\xff", "\xff"},
    {"flags, nine", {RILL_OP_FLAGS, 0, 2, 9, RILL_OP_END}, 2, "\xff\xff", "\xff\1"},
    {"flags, 17", {RILL_OP_FLAGS, 0, 4, 17, RILL_OP_END}, 4, "\xff\xff\xff\xff", "\xff\xff\1\0"},
    {"flags, 31", {RILL_OP_FLAGS, 0, 4, 31, RILL_OP_END}, 4, "\xff\xff\xff\xff", "\xff\xff\xff\x7f"},
    {"flags, 32", {RILL_OP_FLAGS, 4, 4, 32, RILL_OP_END}, 8, "abcd\xff\xff\xff\xff", "....\xff\xff\xff\xff"},
    {"flags, 32, of which one is set", {RILL_OP_FLAGS, 0, 4, 32, RILL_OP_END}, 4, "\0\0\0\x80", "\0\0\0\x80"},
    {"one behind the other",
     {RILL_OP_BOOL, 0, RILL_OP_F32, 4, RILL_OP_FLAGS, 8, 1, 2, RILL_OP_ENUM, 9, 1, 2, RILL_OP_BYTES, 10, 2, RILL_OP_END},
     12, "\2abc\0\0\x80\x3f\7\1xy", "\1...\0\0\x80\x3f\3\1xy"},
    {"chars and wide floats, one behind the other",
     {RILL_OP_F64, 0, RILL_OP_CHAR, 8, RILL_OP_BOOL, 12, RILL_OP_END},
     13, "\0\0\0\0\0\0\xf0\x3f" "A\0\0\0\x08", "\0\0\0\0\0\0\xf0\x3f" "A\0\0\0\1"},
    /* variant { a, b(bool), c(u16) }, then a bool */
    {"variant without a payload",
     {RILL_OP_VARIANT, 0, 1, 3, 7, 9, 13, RILL_OP_JUMP, 18, RILL_OP_BOOL, 2, RILL_OP_JUMP, 18, RILL_OP_BYTES, 2, 2,
      RILL_OP_JUMP, 18, RILL_OP_BOOL, 4, RILL_OP_END},
     5, "\0xyz\6", "\0...\1"},
    {"variant, its second case",
     {RILL_OP_VARIANT, 0, 1, 3, 7, 9, 13, RILL_OP_JUMP, 18, RILL_OP_BOOL, 2, RILL_OP_JUMP, 18, RILL_OP_BYTES, 2, 2,
      RILL_OP_JUMP, 18, RILL_OP_BOOL, 4, RILL_OP_END},
     5, "\1xyz\0", "\1.\1.\0"},
    {"variant, its last case",
     {RILL_OP_VARIANT, 0, 1, 3, 7, 9, 13, RILL_OP_JUMP, 18, RILL_OP_BOOL, 2, RILL_OP_JUMP, 18, RILL_OP_BYTES, 2, 2,
      RILL_OP_JUMP, 18, RILL_OP_BOOL, 4, RILL_OP_END},
     5, "\2xyz\6", "\2.yz\1"},
    {"variant, one more", {RILL_OP_VARIANT, 0, 1, 1, 5, RILL_OP_END}, 1, "\1", NULL},
    {"variant of two bytes, one more", {RILL_OP_VARIANT, 0, 2, 1, 5, RILL_OP_END}, 2, "\0\1", NULL},
    {"variant behind padding", {RILL_OP_VARIANT, 2, 2, 1, 5, RILL_OP_END}, 4, "ab\0\0", "..\0\0"},
};
/* clang-format on */

static void begin(void) {}

static uint8_t *fresh(size_t byte_length)
{
    uint8_t *made = malloc(byte_length);

    if (made == NULL) {
        exit(2);
    }
    memset(made, '.', byte_length);
    return made;
}

/** From and to memory that ends with the value, and to where a byte stands behind it. */
static bool comes_to(const struct value *value, uint32_t behind)
{
    const struct rill_type type = {value->plan, value->byte_length, 1, 0, 0};
    uint8_t *from = fresh(value->byte_length);
    uint8_t *to = fresh(value->byte_length + behind);
    bool is_right;

    memcpy(from, value->from, value->byte_length);
    is_right = rill_value_copy(&type, to, from) == (value->to != NULL);
    if (value->to != NULL) {
        is_right = is_right && memcmp(to, value->to, value->byte_length) == 0;
    }
    is_right = is_right && (behind == 0 || to[value->byte_length] == '.');
    free(from);
    free(to);
    return is_right;
}

static const char *every_value(void)
{
    size_t i;

    for (i = 0; i < sizeof values / sizeof values[0]; i++) {
        if (!comes_to(&values[i], 0) || !comes_to(&values[i], 1)) {
            return values[i].name;
        }
    }
    return NULL;
}

static const struct sequence sequences[] = {
    {"every-value", every_value},
};

int main(void) { return run_sequences(sequences, sizeof sequences / sizeof sequences[0], begin); }
