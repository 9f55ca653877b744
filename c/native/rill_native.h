/*
 * rill_native: serves a guest whose code was translated to C, without an interpreter.
 *
 * `rill pack --format native` writes NAME.c and NAME.h: a struct for an instance, and a function for each export. What
 * they call is here. Nothing is global: as many guests and instances as there is memory for.
 *
 * A guest's accesses, divisions and calls are checked as WebAssembly demands. What is wrong ends the guest: its export
 * answers false, and `host.trap` says why. The way out is a jump; RILL_NATIVE_LIBC_JUMP takes setjmp's, where the
 * compiler's own is not wanted.
 */
#ifndef RILL_NATIVE_H
#define RILL_NATIVE_H

#include "rill_host.h"
#include "rill_native_trap.h"
#ifdef RILL_WITH_CALLS
#include "rill_call.h"
#endif
#ifdef RILL_WITH_LISTS
#include "rill_list.h"
#endif
#ifdef RILL_WITH_TASKS
#include "rill_task.h"
#endif

/* Sanitizers know setjmp of the C library alone. */
#if !defined(RILL_NATIVE_LIBC_JUMP)                                                                                    \
    && (!defined(__GNUC__) || defined(__clang__) || defined(__AVR__) || defined(__SANITIZE_ADDRESS__))
#define RILL_NATIVE_LIBC_JUMP
#endif
#ifdef RILL_NATIVE_LIBC_JUMP
#include <setjmp.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** The way out of a call of an export, on the stack of the call. All fields are private. */
struct rill_native_way {
    struct rill_native_way *outer;
#ifdef RILL_NATIVE_LIBC_JUMP
    jmp_buf out;
#else
    void *out[5];
#endif
    uint16_t depth;
    bool is_done;
};

/** Where a call of an export begins: false when it comes back by a trap. */
#ifdef RILL_NATIVE_LIBC_JUMP
#define RILL_NATIVE_TRY(way) (setjmp((way)->out) == 0)
#else
#define RILL_NATIVE_TRY(way) (__builtin_setjmp((way)->out) == 0)
#endif

/** What every instance begins with. `host.context` is the embedder's. */
struct rill_native {
    struct rill_host host;
    /**
     * The guest calls task.return.
     * @param guest  which one
     * @param values the result's core values, 64 bits each; none when there is no result
     * @returns false to trap, with the reason in `host.trap`: so on a second call for one task
     * Lends: `values`, for the call
     */
    bool (*returned)(struct rill_native *guest, const uint64_t *values);
    struct rill_native_way *way; /* private: out of the innermost call */
#ifdef RILL_NATIVE_COUNTS_CALLS
    uint32_t calls; /* host calls so far, wrapping */
#endif
    uint16_t depth; /* private: calls on the stack, of functions that may call themselves */
};

/// Calls of exports: for generated code ///
/*
 * @param guest the instance
 * @param way   the caller's, in place until rill_native_leave
 */

/**
 * Gives an instance its memory, all zeros.
 * @param guest  its host set up by rill_host_init
 * @param memory of the instance, `bytes` long
 * Lends: `memory`, until rill_host_close
 */
void rill_native_begin(struct rill_native *guest, uint8_t *memory, uint32_t bytes);

/** Before RILL_NATIVE_TRY. A call may lie within another one, as `cabi_realloc` does. */
void rill_native_enter(struct rill_native *guest, struct rill_native_way *way);

/**
 * After the call, or its trap.
 * @returns whether `way->is_done` was set
 */
bool rill_native_leave(struct rill_native *guest, struct rill_native_way *way);

/**
 * Ends the guest: the innermost call of an export answers false.
 * Caller must: be called by the guest's own code, in a call between rill_native_enter and rill_native_leave.
 * @param why goes to `host.trap`, unless there is a reason already
 */
RILL_NATIVE_NORETURN void rill_native_trap(struct rill_native *guest, enum rill_native_trap why);

/**
 * After a built-in: ends the guest when it trapped.
 * @param is_done what the built-in has answered
 */
void rill_native_settle(struct rill_native *guest, bool is_done);

/// Built-ins: for generated code, each ends the guest where the host's own traps ///
/*
 * @param guest the instance that calls; all else as rill_host.h has it
 */

/** stream.new, future.new. @returns the readable end's handle, the writable one's above its 32 bits */
uint64_t rill_native_new(struct rill_native *guest, const struct rill_type *element, bool is_future);

/** {stream,future}.{read,write}. @returns the packed result */
uint32_t rill_native_copy(struct rill_native *guest, enum rill_kind kind, const struct rill_type *element,
                          uint32_t options, uint32_t handle, uint32_t ptr, uint32_t length);

/** {stream,future}.cancel-{read,write}. @returns the packed result */
uint32_t rill_native_cancel(struct rill_native *guest, enum rill_kind kind, const struct rill_type *element,
                            uint32_t options, uint32_t handle);

/** {stream,future}.drop-{readable,writable} */
void rill_native_drop(struct rill_native *guest, enum rill_kind kind, const struct rill_type *element, bool is_future,
                      uint32_t handle);

/** How a copy or cancel was declared: `options`. */
#define RILL_NATIVE_FUTURE 1u
#define RILL_NATIVE_ASYNC 2u

/** waitable-set.new. @returns its handle */
uint32_t rill_native_set_new(struct rill_native *guest);

/** waitable-set.wait. @returns the event's code */
uint32_t rill_native_set_wait(struct rill_native *guest, uint32_t set, uint32_t ptr);

/** waitable-set.poll. @returns the event's code */
uint32_t rill_native_set_poll(struct rill_native *guest, uint32_t set, uint32_t ptr);

/** waitable-set.drop */
void rill_native_set_drop(struct rill_native *guest, uint32_t set);

/** waitable.join */
void rill_native_join(struct rill_native *guest, uint32_t waitable, uint32_t set);

/**
 * task.return: the embedder's `returned`.
 * @param result what the built-in was declared with, NULL without
 */
void rill_native_task_return(struct rill_native *guest, const struct rill_type *result, const uint64_t *values);

/** subtask.cancel. @returns the subtask's state */
uint32_t rill_native_subtask_cancel(struct rill_native *guest, bool is_async, uint32_t subtask);

/**
 * A call of an imported function.
 * @param serve who serves it: a function of the world's bindings, see rill_serve in rill_bindings.h
 * @param args  the core values that it passes
 * @returns the core result, 0 without
 */
uint64_t rill_native_serve(struct rill_native *guest,
                           bool (*serve)(struct rill_host *host, const uint64_t *args, uint64_t *result),
                           const uint64_t *args);

/** subtask.drop */
void rill_native_subtask_drop(struct rill_native *guest, uint32_t subtask);

#ifdef RILL_WITH_TASKS
/** waitable-set.wait, declared cancellable. @returns the event's code */
uint32_t rill_native_set_wait_cancellable(struct rill_native *guest, uint32_t set, uint32_t ptr);

/** waitable-set.poll, declared cancellable. @returns the event's code */
uint32_t rill_native_set_poll_cancellable(struct rill_native *guest, uint32_t set, uint32_t ptr);

/** task.cancel */
void rill_native_task_cancel(struct rill_native *guest);

/** backpressure.inc */
void rill_native_backpressure_inc(struct rill_native *guest);

/** backpressure.dec */
void rill_native_backpressure_dec(struct rill_native *guest);

/** context.get. @returns the slot's value */
uint32_t rill_native_context_get(struct rill_native *guest, uint32_t slot);

/** context.set */
void rill_native_context_set(struct rill_native *guest, uint32_t slot, uint32_t value);

/** thread.yield. @returns 1 when the task was told of a cancellation, else 0 */
uint32_t rill_native_yield(struct rill_native *guest, bool is_cancellable);
#endif

/** Notes a call of a built-in. */
static inline void rill_native_count(struct rill_native *guest)
{
#ifdef RILL_NATIVE_COUNTS_CALLS
    guest->calls++;
#else
    (void)guest;
#endif
}

/**
 * A stream.{read,write} with `async`: of one element the short way first.
 * @returns the packed result
 */
static inline uint32_t rill_native_copy_async(struct rill_native *guest, enum rill_kind kind,
                                              const struct rill_type *element, uint32_t handle, uint32_t ptr,
                                              uint32_t length)
{
    bool is_short = length == 1u && guest->host.trap == NULL;

#ifdef RILL_WITH_LISTS
    is_short = is_short && guest->host.is_allocating == 0;
#endif
    if (is_short) {
        const uint32_t packed = rill_copy_one(&guest->host, kind, element, handle, ptr);

        if (packed != 0u) {
            rill_native_count(guest);
            return packed;
        }
    }
    return rill_native_copy(guest, kind, element, RILL_NATIVE_ASYNC, handle, ptr, length);
}

#ifdef __cplusplus
}
#endif

#endif
