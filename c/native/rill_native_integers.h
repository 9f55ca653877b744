/*
 * rill_native_integers: what WebAssembly's integer instructions do where C leaves it open. For generated code.
 */
#ifndef RILL_NATIVE_INTEGERS_H
#define RILL_NATIVE_INTEGERS_H

#include "rill_native_runtime.h"

/// Division ///

/* Signed quotients are worked out of magnitudes only where the compiler would have to: it has INT_MIN / -1 behind it.
 */
#define RILL_NATIVE_DIVISION(prefix, word, integer, minimum)                                                           \
    static inline word prefix##_div_u(struct rill_native *guest, word a, word b)                                       \
    {                                                                                                                  \
        if (RILL_NATIVE_UNLIKELY(b == 0)) {                                                                            \
            rill_native_trap(guest, RILL_NATIVE_DIVIDED_BY_ZERO);                                                      \
        }                                                                                                              \
        return a / b;                                                                                                  \
    }                                                                                                                  \
    static inline word prefix##_rem_u(struct rill_native *guest, word a, word b)                                       \
    {                                                                                                                  \
        if (RILL_NATIVE_UNLIKELY(b == 0)) {                                                                            \
            rill_native_trap(guest, RILL_NATIVE_DIVIDED_BY_ZERO);                                                      \
        }                                                                                                              \
        return a % b;                                                                                                  \
    }                                                                                                                  \
    static inline word prefix##_div_s(struct rill_native *guest, word a, word b)                                       \
    {                                                                                                                  \
        if (RILL_NATIVE_UNLIKELY(b == 0)) {                                                                            \
            rill_native_trap(guest, RILL_NATIVE_DIVIDED_BY_ZERO);                                                      \
        }                                                                                                              \
        if (RILL_NATIVE_UNLIKELY(b == (word)-1 && a == (minimum))) {                                                   \
            rill_native_trap(guest, RILL_NATIVE_OVERFLOW);                                                             \
        }                                                                                                              \
        return (word)((integer)a / (integer)b);                                                                        \
    }                                                                                                                  \
    static inline word prefix##_rem_s(struct rill_native *guest, word a, word b)                                       \
    {                                                                                                                  \
        if (RILL_NATIVE_UNLIKELY(b == 0)) {                                                                            \
            rill_native_trap(guest, RILL_NATIVE_DIVIDED_BY_ZERO);                                                      \
        }                                                                                                              \
        return b == (word)-1 ? 0 : (word)((integer)a % (integer)b);                                                    \
    }

RILL_NATIVE_DIVISION(rill_i32, uint32_t, int32_t, UINT32_C(0x80000000))
RILL_NATIVE_DIVISION(rill_i64, uint64_t, int64_t, UINT64_C(0x8000000000000000))

/// Shifts: by the count's low bits ///

static inline uint32_t rill_i32_shr_s(uint32_t a, uint32_t count)
{
    count &= 31u;
    /* A negative number to the right is the implementation's own in C. */
    return (a >> count) | ((a & UINT32_C(0x80000000)) != 0 ? ~(UINT32_C(0xffffffff) >> count) : 0);
}

static inline uint64_t rill_i64_shr_s(uint64_t a, uint64_t count)
{
    count &= 63u;
    return (a >> count) | ((a & UINT64_C(0x8000000000000000)) != 0 ? ~(UINT64_C(0xffffffffffffffff) >> count) : 0);
}

static inline uint32_t rill_i32_rotl(uint32_t a, uint32_t count)
{
    return (a << (count & 31u)) | (a >> ((0u - count) & 31u));
}

static inline uint64_t rill_i64_rotl(uint64_t a, uint64_t count)
{
    return (a << (count & 63u)) | (a >> ((0u - count) & 63u));
}

static inline uint32_t rill_i32_rotr(uint32_t a, uint32_t count)
{
    return (a >> (count & 31u)) | (a << ((0u - count) & 31u));
}

static inline uint64_t rill_i64_rotr(uint64_t a, uint64_t count)
{
    return (a >> (count & 63u)) | (a << ((0u - count) & 63u));
}

/// Sign extension ///
/*
 * gcc warns of the same casts in the middle of an addition: it looks through them, and finds a signed operand.
 */

static inline uint32_t rill_i32_extend8_s(uint32_t a)
{
    return (uint32_t)(int32_t)(int8_t)a;
}

static inline uint32_t rill_i32_extend16_s(uint32_t a)
{
    return (uint32_t)(int32_t)(int16_t)a;
}

static inline uint64_t rill_i64_extend8_s(uint64_t a)
{
    return (uint64_t)(int64_t)(int8_t)a;
}

static inline uint64_t rill_i64_extend16_s(uint64_t a)
{
    return (uint64_t)(int64_t)(int16_t)a;
}

/// Counts of bits ///

static inline uint32_t rill_i32_popcnt(uint32_t a)
{
    a -= (a >> 1) & UINT32_C(0x55555555);
    a = (a & UINT32_C(0x33333333)) + ((a >> 2) & UINT32_C(0x33333333));
    return (((a + (a >> 4)) & UINT32_C(0x0f0f0f0f)) * UINT32_C(0x01010101)) >> 24;
}

static inline uint32_t rill_i32_clz(uint32_t a)
{
/* libgcc's function for AVR skips a `ret`, at which QEMU's goes round for ever (7.2). */
#if defined(__GNUC__) && !defined(__AVR__)
    /* `long` has 32 bits at least, also where `int` has 16. */
    return a == 0 ? 32u : (uint32_t)__builtin_clzl(a) - (uint32_t)(8u * (sizeof(long) - 4u));
#else
    uint32_t count = 0;

    for (; count < 32u && (a & UINT32_C(0x80000000)) == 0; count++) {
        a <<= 1;
    }
    return count;
#endif
}

static inline uint32_t rill_i32_ctz(uint32_t a)
{
#if defined(__GNUC__)
    return a == 0 ? 32u : (uint32_t)__builtin_ctzl(a);
#else
    return a == 0 ? 32u : rill_i32_popcnt((a & (0u - a)) - 1u);
#endif
}

static inline uint64_t rill_i64_clz(uint64_t a)
{
    const uint32_t high = (uint32_t)(a >> 32);

    return high != 0 ? rill_i32_clz(high) : 32u + rill_i32_clz((uint32_t)a);
}

static inline uint64_t rill_i64_ctz(uint64_t a)
{
    const uint32_t low = (uint32_t)a;

    return low != 0 ? rill_i32_ctz(low) : 32u + rill_i32_ctz((uint32_t)(a >> 32));
}

static inline uint64_t rill_i64_popcnt(uint64_t a)
{
    return rill_i32_popcnt((uint32_t)a) + rill_i32_popcnt((uint32_t)(a >> 32));
}

#endif
