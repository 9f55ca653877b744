/*
 * Copies elements by their type's plan. A plan is a list of steps with jumps, so no type needs recursion.
 */
#include "rill_internal.h"

#include <string.h>

/*
 * SAFETY: offsets and jumps are the plan's, which is trusted: it comes with the embedder's tables, or from an image
 * that rill_image_open has accepted. What the guest stores chooses only among the cases of a variant, and is compared
 * with their count first.
 */

#ifndef RILL_PLAIN_VALUES
static uint32_t load_bytes(const uint8_t *at, uint16_t byte_length)
{
    uint32_t value = at[0];

    if (byte_length > 1) {
        value |= (uint32_t)at[1] << 8;
    }
    if (byte_length > 2) {
        value |= (uint32_t)at[2] << 16;
        value |= (uint32_t)at[3] << 24;
    }
    return value;
}

static void store_bytes(uint8_t *at, uint16_t byte_length, uint32_t value)
{
    uint16_t i;

    for (i = 0; i < byte_length; i++) {
        at[i] = (uint8_t)(value >> (8u * i));
    }
}

static bool is_nan32(uint32_t bits)
{
    return (bits & UINT32_C(0x7fffffff)) > UINT32_C(0x7f800000);
}

static void copy_f32(uint8_t *to, const uint8_t *from)
{
    uint32_t bits = load_bytes(from, 4);

    store_bytes(to, 4, is_nan32(bits) ? UINT32_C(0x7fc00000) : bits);
}

static void copy_f64(uint8_t *to, const uint8_t *from)
{
    uint32_t low = load_bytes(from, 4);
    uint32_t high = load_bytes(from + 4, 4);
    uint32_t magnitude = high & UINT32_C(0x7fffffff);

    if (magnitude > UINT32_C(0x7ff00000) || (magnitude == UINT32_C(0x7ff00000) && low != 0)) {
        high = UINT32_C(0x7ff80000);
        low = 0;
    }
    store_bytes(to, 4, low);
    store_bytes(to + 4, 4, high);
}

static bool is_char(uint32_t value)
{
    return value < UINT32_C(0xd800) || (value > UINT32_C(0xdfff) && value < UINT32_C(0x110000));
}

static uint32_t flags_mask(uint16_t labels)
{
    return labels >= 32 ? UINT32_MAX : (UINT32_C(1) << labels) - 1u;
}
#endif

/** Runs steps from `at` on. @returns where it stopped, or RILL_NO_VALUE */
static unsigned run_plan(const uint16_t *plan, unsigned at, uint8_t *to, const uint8_t *from)
{
#ifndef RILL_PLAIN_VALUES
    uint32_t value;
#endif

    for (;;) {
        const uint16_t *step = &plan[at];
        const uint16_t offset = step[0] == RILL_OP_END ? 0 : step[1];

        switch (step[0]) {
        case RILL_OP_BYTES:
            memcpy(to + offset, from + offset, step[2]);
            at += 3;
            break;
#ifndef RILL_PLAIN_VALUES
        case RILL_OP_BOOL:
            to[offset] = from[offset] != 0;
            at += 2;
            break;
        case RILL_OP_F32:
            copy_f32(to + offset, from + offset);
            at += 2;
            break;
        case RILL_OP_F64:
            copy_f64(to + offset, from + offset);
            at += 2;
            break;
        case RILL_OP_CHAR:
            value = load_bytes(from + offset, 4);
            if (!is_char(value)) {
                return RILL_NO_VALUE;
            }
            store_bytes(to + offset, 4, value);
            at += 2;
            break;
        case RILL_OP_ENUM:
            value = load_bytes(from + offset, step[2]);
            if (value >= step[3]) {
                return RILL_NO_VALUE;
            }
            store_bytes(to + offset, step[2], value);
            at += 4;
            break;
        case RILL_OP_FLAGS:
            store_bytes(to + offset, step[2], load_bytes(from + offset, step[2]) & flags_mask(step[3]));
            at += 4;
            break;
        case RILL_OP_VARIANT:
            value = load_bytes(from + offset, step[2]);
            if (value >= step[3]) {
                return RILL_NO_VALUE;
            }
            store_bytes(to + offset, step[2], value);
            at = step[4u + (unsigned)value];
            break;
        case RILL_OP_JUMP:
            at = offset;
            break;
#endif
        default:
#ifdef RILL_WITH_LISTS
            return at;
#else
            return 0;
#endif
        }
    }
}

bool rill_value_copy(const struct rill_type *type, uint8_t *to, const uint8_t *from)
{
    return run_plan(type->plan, 0, to, from) != RILL_NO_VALUE;
}

#ifdef RILL_WITH_LISTS
unsigned rill_plan_copy(const uint16_t *plan, unsigned at, uint8_t *to, const uint8_t *from)
{
    return run_plan(plan, at, to, from);
}
#endif
