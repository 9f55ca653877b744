/*
 * rill_native_doubles: what rill_native_floats.h is, for floats of 64 bits. For generated code that has such: not every
 * compiler does.
 */
#ifndef RILL_NATIVE_DOUBLES_H
#define RILL_NATIVE_DOUBLES_H

#include "rill_native_floats.h"

#if DBL_MANT_DIG != 53
#error "this guest computes with f64, and this compiler has no double of 64 bits"
#endif

static inline uint64_t rill_i64_reinterpret_f64(double a)
{
    uint64_t bits;

    (void)memcpy(&bits, &a, sizeof bits);
    return bits;
}

static inline double rill_f64_reinterpret_i64(uint64_t bits)
{
    double a;

    (void)memcpy(&a, &bits, sizeof a);
    return a;
}

RILL_NATIVE_FLOAT(rill_f64, double, uint64_t, rill_i64_reinterpret_f64, rill_f64_reinterpret_i64, 52u, 1023u, 1.0,
                  UINT64_C(0x0008000000000000))

/// Between the types: a NaN becomes quiet, also where the compiler takes there and back for nothing ///

static inline float rill_f32_demote_f64(double a)
{
    return a == a ? (float)a : rill_f32_quiet((float)a);
}

static inline double rill_f64_promote_f32(float a)
{
    return a == a ? (double)a : rill_f64_quiet((double)a);
}

/// To integers ///

RILL_NATIVE_TRUNC(rill_i32_trunc_f64_s, rill_i32_trunc_sat_f64_s, uint32_t, int32_t, double, a <= -2147483649.0,
                  a >= 2147483648.0, RILL_NATIVE_LEAST32, RILL_NATIVE_MOST32)
RILL_NATIVE_TRUNC(rill_i32_trunc_f64_u, rill_i32_trunc_sat_f64_u, uint32_t, uint32_t, double, a <= -1.0,
                  a >= 4294967296.0, 0, UINT32_C(0xffffffff))
RILL_NATIVE_TRUNC(rill_i64_trunc_f64_s, rill_i64_trunc_sat_f64_s, uint64_t, int64_t, double, a < -9223372036854775808.0,
                  a >= 9223372036854775808.0, RILL_NATIVE_LEAST64, RILL_NATIVE_MOST64)
RILL_NATIVE_TRUNC(rill_i64_trunc_f64_u, rill_i64_trunc_sat_f64_u, uint64_t, uint64_t, double, a <= -1.0,
                  a >= 18446744073709551616.0, 0, UINT64_C(0xffffffffffffffff))

#endif
