/*
 * rill_native_floats: what WebAssembly's floating-point instructions do, without a library of mathematics. For
 * generated code that has floats; those of 64 bits are in rill_native_doubles.h.
 *
 * Spec: WebAssembly, Numerics, Floating-Point Operations.
 */
#ifndef RILL_NATIVE_FLOATS_H
#define RILL_NATIVE_FLOATS_H

#include "rill_native_runtime.h"

#include <float.h>
#include <string.h>

#if FLT_EVAL_METHOD != 0
#error "a guest's floats need a machine that rounds each result to its own type"
#endif
#if defined(__FAST_MATH__)
#error "a guest's floats are exact: compile without -ffast-math"
#endif
#if defined(__GNUC__) && !defined(__STRICT_ANSI__) && !defined(RILL_NATIVE_NO_CONTRACTION)                             \
    && (defined(__FP_FAST_FMA) || defined(__FP_FAST_FMAF))
#error "a guest rounds each product: compile with -std=c99, or -ffp-contract=off and -DRILL_NATIVE_NO_CONTRACTION"
#endif

/// Bits ///

static inline uint32_t rill_i32_reinterpret_f32(float a)
{
    uint32_t bits;

    (void)memcpy(&bits, &a, sizeof bits);
    return bits;
}

static inline float rill_f32_reinterpret_i32(uint32_t bits)
{
    float a;

    (void)memcpy(&a, &bits, sizeof a);
    return a;
}

/// Both types alike ///

/*
 * A float is a sign, an exponent and FRACTION bits below the point. Rounding to an integer works on these bits: what
 * is at least 2^FRACTION is one already.
 */
#define RILL_NATIVE_FLOAT(prefix, real, word, bits_of, of_bits, FRACTION, BIAS, ONE, QUIET)                            \
    static inline real prefix##_abs(real a)                                                                            \
    {                                                                                                                  \
        return of_bits(bits_of(a) & (word)((word)-1 >> 1));                                                            \
    }                                                                                                                  \
    static inline real prefix##_neg(real a)                                                                            \
    {                                                                                                                  \
        return of_bits(bits_of(a) ^ (word) ~((word)-1 >> 1));                                                          \
    }                                                                                                                  \
    static inline real prefix##_copysign(real a, real b)                                                               \
    {                                                                                                                  \
        return of_bits((bits_of(a) & (word)((word)-1 >> 1)) | (bits_of(b) & (word) ~((word)-1 >> 1)));                 \
    }                                                                                                                  \
    /** A NaN of an operand, quiet. */                                                                                 \
    static inline real prefix##_quiet(real a)                                                                          \
    {                                                                                                                  \
        return of_bits(bits_of(a) | (QUIET));                                                                          \
    }                                                                                                                  \
    static inline real prefix##_min(real a, real b)                                                                    \
    {                                                                                                                  \
        if (!(a < b) && !(b < a) && !(a == b)) {                                                                       \
            return prefix##_quiet(a == a ? b : a);                                                                     \
        }                                                                                                              \
        if (a == b) {                                                                                                  \
            return of_bits(bits_of(a) | bits_of(b));                                                                   \
        }                                                                                                              \
        return a < b ? a : b;                                                                                          \
    }                                                                                                                  \
    static inline real prefix##_max(real a, real b)                                                                    \
    {                                                                                                                  \
        if (!(a < b) && !(b < a) && !(a == b)) {                                                                       \
            return prefix##_quiet(a == a ? b : a);                                                                     \
        }                                                                                                              \
        if (a == b) {                                                                                                  \
            return of_bits(bits_of(a) & bits_of(b));                                                                   \
        }                                                                                                              \
        return a < b ? b : a;                                                                                          \
    }                                                                                                                  \
    static inline real prefix##_trunc(real a)                                                                          \
    {                                                                                                                  \
        const word bits = bits_of(a);                                                                                  \
        const uint32_t exponent = (uint32_t)(bits >> (FRACTION)) & (2u * (BIAS) + 1u);                                 \
                                                                                                                       \
        if (exponent >= (BIAS) + (FRACTION)) {                                                                         \
            return a == a ? a : prefix##_quiet(a);                                                                     \
        }                                                                                                              \
        if (exponent < (BIAS)) {                                                                                       \
            return of_bits(bits & (word) ~((word)-1 >> 1));                                                            \
        }                                                                                                              \
        return of_bits(bits & ~((((word)1 << (FRACTION)) - 1u) >> (exponent - (BIAS))));                               \
    }                                                                                                                  \
    static inline real prefix##_floor(real a)                                                                          \
    {                                                                                                                  \
        const real whole = prefix##_trunc(a);                                                                          \
                                                                                                                       \
        return a < whole ? whole - (ONE) : whole;                                                                      \
    }                                                                                                                  \
    static inline real prefix##_ceil(real a)                                                                           \
    {                                                                                                                  \
        const real whole = prefix##_trunc(a);                                                                          \
                                                                                                                       \
        return a > whole ? prefix##_copysign(whole + (ONE), a) : whole;                                                \
    }                                                                                                                  \
    static inline real prefix##_nearest(real a)                                                                        \
    {                                                                                                                  \
        const real whole = prefix##_trunc(a);                                                                          \
        const real part = prefix##_abs(a - whole);                                                                     \
        const real half = whole / 2;                                                                                   \
        const real step = prefix##_copysign((ONE), a);                                                                 \
                                                                                                                       \
        if (part * 2 > (ONE) || (part * 2 == (ONE) && prefix##_trunc(half) != half)) {                                 \
            return whole + step;                                                                                       \
        }                                                                                                              \
        return whole;                                                                                                  \
    }                                                                                                                  \
    /** Digit by digit; what is left of the number decides how the last one is rounded. */                             \
    static inline real prefix##_sqrt(real a)                                                                           \
    {                                                                                                                  \
        word bits = bits_of(a);                                                                                        \
        uint32_t exponent = (uint32_t)(bits >> (FRACTION)) & (2u * (BIAS) + 1u);                                       \
        word rest = 0;                                                                                                 \
        word root = 0;                                                                                                 \
        uint32_t digits;                                                                                               \
                                                                                                                       \
        if (a == 0 || exponent == 2u * (BIAS) + 1u || bits > (word)-1 >> 1) {                                          \
            return a == a ? (a < 0 ? of_bits((word)((word)(4u * (BIAS) + 3u) << ((FRACTION)-1u))) : a)                 \
                          : prefix##_quiet(a);                                                                         \
        }                                                                                                              \
        bits &= ((word)1 << (FRACTION)) - 1u;                                                                          \
        if (exponent == 0) {                                                                                           \
            for (exponent = 1; bits >> (FRACTION) == 0; exponent--) {                                                  \
                bits <<= 1;                                                                                            \
            }                                                                                                          \
        } else {                                                                                                       \
            bits |= (word)1 << (FRACTION);                                                                             \
        }                                                                                                              \
        /* The number is bits * 2^(exponent - BIAS - FRACTION): an even power of two, and a mantissa below 4. */       \
        exponent += 2u * (BIAS) + 2u;                                                                                  \
        if (((exponent - (BIAS)) & 1u) != 0) {                                                                         \
            bits <<= 1;                                                                                                \
            exponent--;                                                                                                \
        }                                                                                                              \
        bits <<= 8u * sizeof(word) - 2u - (FRACTION);                                                                  \
        for (digits = 0; digits < (FRACTION) + 2u; digits++) {                                                         \
            rest = rest << 2 | bits >> (8u * sizeof(word) - 2u);                                                       \
            bits <<= 2;                                                                                                \
            root <<= 1;                                                                                                \
            if (rest > root << 1) {                                                                                    \
                rest -= root << 1 | 1u;                                                                                \
                root |= 1u;                                                                                            \
            }                                                                                                          \
        }                                                                                                              \
        root = (root >> 1) + (root & 1u);                                                                              \
        exponent = (exponent - (BIAS)-2u) >> 1;                                                                        \
        return of_bits((word)(root + ((word)(exponent - 1u) << (FRACTION))));                                          \
    }

RILL_NATIVE_FLOAT(rill_f32, float, uint32_t, rill_i32_reinterpret_f32, rill_f32_reinterpret_i32, 23u, 127u, 1.0f,
                  UINT32_C(0x00400000))

/// Arithmetic of f32 ///

#ifdef __AVR__
/*
 * avr-libc adds, multiplies and divides as it must, but for two things: the low bytes of its NaN are those of an
 * operand, and it rounds quotients twice that are less than the least normal number.
 */
static inline float rill_f32_canonical(float a)
{
    return a == a ? a : rill_f32_reinterpret_i32(UINT32_C(0x7fc00000));
}

/** The 24 bits of a number that is not zero, the highest set. @returns the exponent of the lowest, and 149 */
static inline int16_t rill_f32_parts(float a, uint32_t *bits)
{
    const uint32_t magnitude = rill_i32_reinterpret_f32(a) & UINT32_C(0x7fffffff);
    int16_t exponent = (int16_t)(magnitude >> 23);

    *bits = magnitude & UINT32_C(0x7fffff);
    if (exponent != 0) {
        *bits |= UINT32_C(0x800000);
        return (int16_t)(exponent - 1);
    }
    for (; *bits < UINT32_C(0x800000); exponent--) {
        *bits <<= 1;
    }
    return exponent;
}

static inline float rill_f32_div(float a, float b)
{
    const float quotient = rill_f32_canonical(a / b);
    uint32_t rest;
    uint32_t divisor;
    uint32_t count;
    int16_t shift;

    if (!(rill_f32_abs(quotient) <= FLT_MIN) || a == 0 || rill_f32_abs(b) > FLT_MAX) {
        return quotient;
    }
    /* How often `b` times the least float, 2^-149, is in `a`: a long division. */
    shift = rill_f32_parts(a, &rest);
    shift = (int16_t)(shift - rill_f32_parts(b, &divisor) + 149);
    if (shift < -1) {
        return rill_f32_copysign(0, quotient);
    }
    if (shift < 0) {
        divisor <<= 1;
    }
    count = rest >= divisor ? 1u : 0u;
    rest -= count != 0 ? divisor : 0;
    for (; shift > 0; shift--) {
        rest <<= 1;
        count <<= 1;
        if (rest >= divisor) {
            rest -= divisor;
            count |= 1u;
        }
    }
    rest <<= 1;
    count += rest > divisor || (rest == divisor && (count & 1u) != 0) ? 1u : 0u;
    return rill_f32_copysign(rill_f32_reinterpret_i32(count), quotient);
}
#else
static inline float rill_f32_canonical(float a)
{
    return a;
}

static inline float rill_f32_div(float a, float b)
{
    return a / b;
}
#endif

static inline float rill_f32_add(float a, float b)
{
    return rill_f32_canonical(a + b);
}

static inline float rill_f32_sub(float a, float b)
{
    return rill_f32_canonical(a - b);
}

static inline float rill_f32_mul(float a, float b)
{
    return rill_f32_canonical(a * b);
}

/// To integers ///

/*
 * `low` is the largest number that is too small, `high` the smallest that is too large; where no float is next to the
 * integers' least number, that number itself is the bound, and stays in.
 */
#define RILL_NATIVE_TRUNC(name, saturated, result, integer, real, is_low, is_high, least, most)                        \
    static inline result name(struct rill_native *guest, real a)                                                       \
    {                                                                                                                  \
        if (RILL_NATIVE_UNLIKELY(!(a == a))) {                                                                         \
            rill_native_trap(guest, RILL_NATIVE_NO_INTEGER);                                                           \
        }                                                                                                              \
        if (RILL_NATIVE_UNLIKELY((is_low) || (is_high))) {                                                             \
            rill_native_trap(guest, RILL_NATIVE_OVERFLOW);                                                             \
        }                                                                                                              \
        return (result)(integer)a;                                                                                     \
    }                                                                                                                  \
    static inline result saturated(real a)                                                                             \
    {                                                                                                                  \
        if (!(a == a)) {                                                                                               \
            return 0;                                                                                                  \
        }                                                                                                              \
        return (is_low) ? (least) : (is_high) ? (most) : (result)(integer)a;                                           \
    }

#define RILL_NATIVE_LEAST32 UINT32_C(0x80000000)
#define RILL_NATIVE_MOST32 UINT32_C(0x7fffffff)
#define RILL_NATIVE_LEAST64 UINT64_C(0x8000000000000000)
#define RILL_NATIVE_MOST64 UINT64_C(0x7fffffffffffffff)

RILL_NATIVE_TRUNC(rill_i32_trunc_f32_s, rill_i32_trunc_sat_f32_s, uint32_t, int32_t, float, a < -2147483648.0f,
                  a >= 2147483648.0f, RILL_NATIVE_LEAST32, RILL_NATIVE_MOST32)
RILL_NATIVE_TRUNC(rill_i32_trunc_f32_u, rill_i32_trunc_sat_f32_u, uint32_t, uint32_t, float, a <= -1.0f,
                  a >= 4294967296.0f, 0, UINT32_C(0xffffffff))
RILL_NATIVE_TRUNC(rill_i64_trunc_f32_s, rill_i64_trunc_sat_f32_s, uint64_t, int64_t, float, a < -9223372036854775808.0f,
                  a >= 9223372036854775808.0f, RILL_NATIVE_LEAST64, RILL_NATIVE_MOST64)
RILL_NATIVE_TRUNC(rill_i64_trunc_f32_u, rill_i64_trunc_sat_f32_u, uint64_t, uint64_t, float, a <= -1.0f,
                  a >= 18446744073709551616.0f, 0, UINT64_C(0xffffffffffffffff))

#endif
