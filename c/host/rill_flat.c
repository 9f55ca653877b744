/*
 * Values as core values: between cells and canonical layout, by a flat plan. See rill_call.h.
 */
#include "rill_call.h"

/*
 * SAFETY: offsets, cells and jumps are the plan's, which comes with the embedder's tables and is trusted; what the
 * guest passes chooses only among the cases of a variant, and is compared with their count first.
 */

/** Stores the low bytes of a value. */
static void store_low(uint8_t *at, uint16_t byte_length, uint64_t value)
{
    uint16_t i;

    for (i = 0; i < byte_length; i++) {
        at[i] = (uint8_t)(value >> (8u * i));
    }
}

static uint64_t load_low(const uint8_t *at, uint16_t byte_length)
{
    uint64_t value = 0;
    uint16_t i;

    for (i = 0; i < byte_length; i++) {
        value |= (uint64_t)at[i] << (8u * i);
    }
    return value;
}

/** Words that a step takes in its plan; of a variant without the table. */
static uint32_t step_length(uint16_t op)
{
    switch (op) {
    case RILL_FLAT_BOOL:
    case RILL_FLAT_CHAR:
        return 3;
    case RILL_FLAT_ENUM:
        return 5;
    default:
        return 4;
    }
}

bool rill_unflatten(const uint16_t *flat, const uint64_t *cells, uint8_t *to)
{
    const uint16_t *step = flat;

    while (step[0] != RILL_FLAT_END) {
        uint64_t cell;

        if (step[0] == RILL_FLAT_JUMP) {
            step = &flat[step[1]];
            continue;
        }
        cell = cells[step[2]];
        switch (step[0]) {
        case RILL_FLAT_BOOL:
            to[step[1]] = (uint32_t)cell != 0;
            break;
        case RILL_FLAT_CHAR:
            store_low(to + step[1], 4, cell);
            break;
        case RILL_FLAT_ENUM:
        case RILL_FLAT_VARIANT:
            if ((uint32_t)cell >= step[4]) {
                return false;
            }
            store_low(to + step[1], step[3], cell);
            break;
        default:
            store_low(to + step[1], step[3], cell);
            break;
        }
        step = step[0] == RILL_FLAT_VARIANT ? &flat[step[5u + (uint32_t)cell]] : step + step_length(step[0]);
    }
    return true;
}

/** An integer of 1 or 2 bytes as a signed core value. */
static uint64_t sign_extended(uint64_t value, uint16_t byte_length)
{
    /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): a plan's RILL_FLAT_SIGNED has 1 or 2 bytes. */
    const uint32_t sign = UINT32_C(1) << (8u * byte_length - 1u);

    return ((uint32_t)value ^ sign) - sign;
}

void rill_flatten(const uint16_t *flat, const uint8_t *from, uint64_t *cells)
{
    const uint16_t *step = flat;

    while (step[0] != RILL_FLAT_END) {
        uint64_t value;

        if (step[0] == RILL_FLAT_JUMP) {
            step = &flat[step[1]];
            continue;
        }
        switch (step[0]) {
        case RILL_FLAT_BOOL:
            value = from[step[1]];
            break;
        case RILL_FLAT_CHAR:
            value = load_low(from + step[1], 4);
            break;
        case RILL_FLAT_SIGNED:
            value = sign_extended(load_low(from + step[1], step[3]), step[3]);
            break;
        default:
            value = load_low(from + step[1], step[3]);
            break;
        }
        cells[step[2]] = value;
        step = step[0] == RILL_FLAT_VARIANT ? &flat[step[5u + (uint32_t)value]] : step + step_length(step[0]);
    }
}
