/*
 * rill_native_memory: a guest's linear memory, as translated code reads and writes it. Part of rill_native.h's contract
 * with generated code; a firmware includes neither.
 *
 * Memory is little-endian on every machine; the compiler makes one access of it where it knows the alignment.
 */
#ifndef RILL_NATIVE_MEMORY_H
#define RILL_NATIVE_MEMORY_H

#include "rill_flash.h"
#include "rill_native_runtime.h"

#include <string.h>

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "translated guests run on little-endian machines"
#endif

/// Checks ///

/**
 * An address that the guest has worked out, when an access there lies inside its memory.
 * @param last where such an access may begin at most
 */
RILL_NATIVE_INLINE uint32_t rill_at(struct rill_native *guest, uint32_t address, uint32_t last)
{
    if (RILL_NATIVE_UNLIKELY(address > last)) {
        rill_native_trap(guest, RILL_NATIVE_OUT_OF_BOUNDS);
    }
    return address;
}

/** Traps unless `length` bytes at `address` lie inside `bytes`. */
static inline void rill_range(struct rill_native *guest, uint32_t address, uint32_t length, uint32_t bytes)
{
    if (RILL_NATIVE_UNLIKELY(length > bytes || address > bytes - length)) {
        rill_native_trap(guest, RILL_NATIVE_OUT_OF_BOUNDS);
    }
}

/// Accesses that were checked ///

/*
 * SAFETY: `at` comes from an address below the memory's end by a whole access: a constant that the translator has
 * compared, or one that rill_at has.
 */
#define RILL_NATIVE_LOAD(name, stored, loaded, result)                                                                 \
    RILL_NATIVE_INLINE result name(const uint8_t *at)                                                                  \
    {                                                                                                                  \
        stored value;                                                                                                  \
        (void)memcpy(&value, at, sizeof value);                                                                        \
        return (result)(loaded)value;                                                                                  \
    }
#define RILL_NATIVE_STORE(name, stored, given)                                                                         \
    RILL_NATIVE_INLINE void name(uint8_t *at, given value)                                                             \
    {                                                                                                                  \
        const stored low = (stored)value;                                                                              \
        (void)memcpy(at, &low, sizeof low);                                                                            \
    }

RILL_NATIVE_LOAD(rill_i32_load, uint32_t, uint32_t, uint32_t)
RILL_NATIVE_LOAD(rill_i64_load, uint64_t, uint64_t, uint64_t)
RILL_NATIVE_LOAD(rill_f32_load, float, float, float)
RILL_NATIVE_LOAD(rill_f64_load, double, double, double)
RILL_NATIVE_LOAD(rill_i32_load8_s, int8_t, int32_t, uint32_t)
RILL_NATIVE_LOAD(rill_i32_load8_u, uint8_t, uint32_t, uint32_t)
RILL_NATIVE_LOAD(rill_i32_load16_s, int16_t, int32_t, uint32_t)
RILL_NATIVE_LOAD(rill_i32_load16_u, uint16_t, uint32_t, uint32_t)
RILL_NATIVE_LOAD(rill_i64_load8_s, int8_t, int64_t, uint64_t)
RILL_NATIVE_LOAD(rill_i64_load8_u, uint8_t, uint64_t, uint64_t)
RILL_NATIVE_LOAD(rill_i64_load16_s, int16_t, int64_t, uint64_t)
RILL_NATIVE_LOAD(rill_i64_load16_u, uint16_t, uint64_t, uint64_t)
RILL_NATIVE_LOAD(rill_i64_load32_s, int32_t, int64_t, uint64_t)
RILL_NATIVE_LOAD(rill_i64_load32_u, uint32_t, uint64_t, uint64_t)
RILL_NATIVE_STORE(rill_i32_store, uint32_t, uint32_t)
RILL_NATIVE_STORE(rill_i64_store, uint64_t, uint64_t)
RILL_NATIVE_STORE(rill_f32_store, float, float)
RILL_NATIVE_STORE(rill_f64_store, double, double)
RILL_NATIVE_STORE(rill_i32_store8, uint8_t, uint32_t)
RILL_NATIVE_STORE(rill_i32_store16, uint16_t, uint32_t)
RILL_NATIVE_STORE(rill_i64_store8, uint8_t, uint64_t)
RILL_NATIVE_STORE(rill_i64_store16, uint16_t, uint64_t)
RILL_NATIVE_STORE(rill_i64_store32, uint32_t, uint64_t)

/// Bulk memory ///
/*
 * @param memory the guest's
 * @param bytes  how many it has
 */

/** memory.fill */
static inline void rill_memory_fill(struct rill_native *guest, uint8_t *memory, uint32_t bytes, uint32_t to,
                                    uint32_t value, uint32_t length)
{
    rill_range(guest, to, length, bytes);
    (void)memset(memory + to, (int)(uint8_t)value, (size_t)length);
}

/** memory.copy */
static inline void rill_memory_copy(struct rill_native *guest, uint8_t *memory, uint32_t bytes, uint32_t to,
                                    uint32_t from, uint32_t length)
{
    rill_range(guest, from, length, bytes);
    rill_range(guest, to, length, bytes);
    (void)memmove(memory + to, memory + from, (size_t)length);
}

/**
 * memory.init
 * @param data   the segment, RILL_IN_FLASH
 * @param extent its bytes; 0 once it was dropped
 */
static inline void rill_memory_init(struct rill_native *guest, uint8_t *memory, uint32_t bytes, const uint8_t *data,
                                    uint32_t extent, uint32_t to, uint32_t from, uint32_t length)
{
    rill_range(guest, from, length, extent);
    rill_range(guest, to, length, bytes);
    (void)RILL_FLASH_COPY(memory + to, data + from, (size_t)length);
}

#endif
