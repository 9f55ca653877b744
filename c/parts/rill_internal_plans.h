/*
 * Copy plans of images: checked here, since the host copies by them without looking again. Part of rill_image.c.
 *
 * SAFETY: the words are anybody's. No step is followed that leads out of the plan, back, or out of an element.
 */
#ifndef RILL_INTERNAL_PLANS_H
#define RILL_INTERNAL_PLANS_H

#include "rill_image.h"

#define PLAN_BYTES 2u
/* Words that the plans of an image have at most: their count is a byte. */
#define PLAN_LIMIT 256u

static uint16_t read16(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] | ((uint32_t)bytes[1] << 8));
}

/** A set of places in a plan: those that steps before them go on at. */
struct targets {
    uint32_t bits[PLAN_LIMIT / 32u];
};

/** A step at `at` goes on at `to`. @returns 0 when that is no place behind it */
static int add_target(struct targets *targets, uint32_t at, uint32_t to)
{
    if (to <= at || to >= PLAN_LIMIT) {
        return 0;
    }
    targets->bits[to / 32u] |= (uint32_t)1u << (to % 32u);
    return 1;
}

static int has_targets(const struct targets *targets)
{
    uint32_t any = 0u;
    uint32_t i;

    for (i = 0u; i < PLAN_LIMIT / 32u; i++) {
        any |= targets->bits[i];
    }
    return any != 0u;
}

/**
 * Bytes at its offset that a step with `count` in its third word reads and writes; above any element for what is no
 * step.
 */
static uint32_t bytes_of(uint32_t op, uint32_t count)
{
    switch (op) {
    case RILL_OP_BYTES:
        return count;
    case RILL_OP_BOOL:
        return 1u;
    case RILL_OP_F32:
    case RILL_OP_CHAR:
        return 4u;
    case RILL_OP_F64:
        return 8u;
    case RILL_OP_ENUM:
    case RILL_OP_FLAGS:
    case RILL_OP_VARIANT:
        return count == 1u || count == 2u || count == 4u ? count : UINT32_MAX;
    default:
        return UINT32_MAX;
    }
}

/** Words of a step, without a variant's table. */
static uint32_t words_of(uint32_t op)
{
    switch (op) {
    case RILL_OP_BYTES:
        return 3u;
    case RILL_OP_ENUM:
    case RILL_OP_FLAGS:
    case RILL_OP_VARIANT:
        return 4u;
    default:
        return 2u;
    }
}

/**
 * Whether the plan of `words` words, or its beginning, is one for elements of `elem_size` bytes: each step keeps to the
 * element and is one that needs no memory beside it; goes on only behind itself, where a step begins; the last one is
 * END.
 */
static inline int is_plan(const uint8_t *plan, uint32_t words, uint32_t elem_size)
{
    struct targets targets = {{0u}};
    uint32_t at = 0u;

    while (at < words) {
        const uint8_t *step = plan + PLAN_BYTES * at;
        uint32_t op = read16(step);
        uint32_t next = at + words_of(op);
        uint32_t operand;

        targets.bits[at / 32u] &= ~((uint32_t)1u << (at % 32u));
        if (op == RILL_OP_END) {
            return !has_targets(&targets);
        }
        if (next > words) {
            return 0;
        }
        operand = read16(step + PLAN_BYTES);
        if (op == RILL_OP_JUMP) {
            if (!add_target(&targets, at, operand)) {
                return 0;
            }
        } else {
            uint32_t byte_length = bytes_of(op, next > at + 2u ? read16(step + 2u * PLAN_BYTES) : 0u);
            if (byte_length > elem_size || operand > elem_size - byte_length) {
                return 0;
            }
        }
        if (op == RILL_OP_VARIANT) {
            uint32_t cases = read16(step + 3u * PLAN_BYTES);
            if (cases > words - next) {
                return 0;
            }
            for (; cases != 0u; cases--, next++) {
                if (!add_target(&targets, at, read16(plan + PLAN_BYTES * next))) {
                    return 0;
                }
            }
        }
        at = next;
    }
    return 0;
}

#endif
