/*
 * rill_native_trap: why the code of a guest traps, and what the compiler is told of such code. A firmware includes
 * rill_native.h.
 */
#ifndef RILL_NATIVE_TRAP_H
#define RILL_NATIVE_TRAP_H

/* What the compiler is told beside the language. */
#if defined(__GNUC__)
#define RILL_NATIVE_NORETURN __attribute__((noreturn))
#define RILL_NATIVE_OUT_OF_LINE __attribute__((noinline))
#define RILL_NATIVE_UNUSED __attribute__((unused))
#define RILL_NATIVE_INLINE static inline __attribute__((always_inline))
#define RILL_NATIVE_UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#else
#define RILL_NATIVE_NORETURN
#define RILL_NATIVE_OUT_OF_LINE
#define RILL_NATIVE_UNUSED
#define RILL_NATIVE_INLINE static inline
#define RILL_NATIVE_UNLIKELY(condition) (condition)
#endif
/* Where a byte is as far as any other, alignment would only take RAM. */
#if defined(__GNUC__) && !defined(__AVR__)
#define RILL_NATIVE_ALIGNED __attribute__((aligned(8)))
#define RILL_NATIVE_ALIGNED_AT(pointer) ((uint8_t *)__builtin_assume_aligned((pointer), 8))
#else
#define RILL_NATIVE_ALIGNED
#define RILL_NATIVE_ALIGNED_AT(pointer) (pointer)
#endif

/** Why a guest's own code traps. */
enum rill_native_trap {
    RILL_NATIVE_UNREACHABLE,
    RILL_NATIVE_OUT_OF_BOUNDS,
    RILL_NATIVE_DIVIDED_BY_ZERO,
    RILL_NATIVE_OVERFLOW,
    RILL_NATIVE_NO_INTEGER,
    RILL_NATIVE_NO_ELEMENT,
    RILL_NATIVE_EMPTY_ELEMENT,
    RILL_NATIVE_OTHER_TYPE,
    RILL_NATIVE_EXHAUSTED
};

#endif
