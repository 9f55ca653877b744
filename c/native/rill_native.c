/*
 * Calls of exports, traps, and the built-ins that every host has. See rill_native.h.
 */
#include "rill_native.h"

#include "rill_internal.h"

#include <string.h>

void rill_native_begin(struct rill_native *guest, uint8_t *memory, uint32_t bytes)
{
    guest->way = NULL;
    guest->depth = 0;
#ifdef RILL_NATIVE_COUNTS_CALLS
    guest->calls = 0;
#endif
    (void)memset(memory, 0, (size_t)bytes);
    rill_host_memory(&guest->host, memory, bytes);
    guest->host.memory_stays = 1;
}

void rill_native_enter(struct rill_native *guest, struct rill_native_way *way)
{
    way->outer = guest->way;
    way->depth = guest->depth;
    way->is_done = false;
    guest->way = way;
}

bool rill_native_leave(struct rill_native *guest, struct rill_native_way *way)
{
    guest->way = way->outer;
    guest->depth = way->depth;
    return way->is_done;
}

RILL_NATIVE_NORETURN RILL_NATIVE_OUT_OF_LINE static void leave(struct rill_native *guest)
{
#ifdef RILL_NATIVE_LIBC_JUMP
    longjmp(guest->way->out, 1);
#else
    __builtin_longjmp(guest->way->out, 1);
#endif
}

#ifdef RILL_NO_TRAP_TEXTS
#define TEXT(why) ((void)(why), RILL_TEXT("trap"))
#else
/* The specification's words. A switch: a program that is optimised as a whole keeps those that it has a use for. */
static const char *text_of(enum rill_native_trap why)
{
    switch (why) {
    case RILL_NATIVE_UNREACHABLE:
        return RILL_TEXT("unreachable");
    case RILL_NATIVE_OUT_OF_BOUNDS:
        return RILL_TEXT("out of bounds memory access");
    case RILL_NATIVE_DIVIDED_BY_ZERO:
        return RILL_TEXT("integer divide by zero");
    case RILL_NATIVE_OVERFLOW:
        return RILL_TEXT("integer overflow");
    case RILL_NATIVE_NO_INTEGER:
        return RILL_TEXT("invalid conversion to integer");
    case RILL_NATIVE_NO_ELEMENT:
        return RILL_TEXT("undefined element");
    case RILL_NATIVE_EMPTY_ELEMENT:
        return RILL_TEXT("uninitialized element");
    case RILL_NATIVE_OTHER_TYPE:
        return RILL_TEXT("indirect call type mismatch");
    default:
        return RILL_TEXT("call stack exhausted");
    }
}
#define TEXT(why) text_of(why)
#endif

void rill_native_trap(struct rill_native *guest, enum rill_native_trap why)
{
    if (guest->host.trap == NULL) {
        guest->host.trap = TEXT(why);
    }
    leave(guest);
}

void rill_native_settle(struct rill_native *guest, bool is_done)
{
    if (!is_done) {
        (void)rill_end_guest(&guest->host);
    }
    rill_leave_host(&guest->host);
    if (guest->host.trap != NULL) {
        leave(guest);
    }
}

/** Whether the host serves the call: a guest that trapped goes no further, and its allocator calls nobody. */
static bool may_call(struct rill_native *guest)
{
    rill_native_count(guest);
#ifdef RILL_WITH_LISTS
    if (guest->host.is_allocating != 0) {
        guest->host.trap = RILL_TEXT("cabi_realloc calls a built-in or an import");
    }
#endif
    return guest->host.trap == NULL;
}

uint64_t rill_native_new(struct rill_native *guest, const struct rill_type *element, bool is_future)
{
    uint32_t readable = 0;
    uint32_t writable = 0;

    rill_native_settle(guest, may_call(guest) && rill_new(&guest->host, element, is_future, &readable, &writable));
    return (uint64_t)writable << 32 | readable;
}

uint32_t rill_native_copy(struct rill_native *guest, enum rill_kind kind, const struct rill_type *element,
                          uint32_t options, uint32_t handle, uint32_t ptr, uint32_t length)
{
    uint32_t packed = 0;

    rill_native_settle(guest, may_call(guest)
                                  && rill_copy(&guest->host, kind, element, (options & RILL_NATIVE_FUTURE) != 0,
                                               (options & RILL_NATIVE_ASYNC) != 0, handle, ptr, length, &packed));
    return packed;
}

uint32_t rill_native_cancel(struct rill_native *guest, enum rill_kind kind, const struct rill_type *element,
                            uint32_t options, uint32_t handle)
{
    uint32_t packed = 0;

    rill_native_settle(guest, may_call(guest)
                                  && rill_cancel(&guest->host, kind, element, (options & RILL_NATIVE_FUTURE) != 0,
                                                 (options & RILL_NATIVE_ASYNC) != 0, handle, &packed));
    return packed;
}

void rill_native_drop(struct rill_native *guest, enum rill_kind kind, const struct rill_type *element, bool is_future,
                      uint32_t handle)
{
    rill_native_settle(guest, may_call(guest) && rill_drop(&guest->host, kind, element, is_future, handle));
}

uint32_t rill_native_set_new(struct rill_native *guest)
{
    uint32_t set = 0;

    rill_native_settle(guest, may_call(guest) && rill_set_new(&guest->host, &set));
    return set;
}

uint32_t rill_native_set_wait(struct rill_native *guest, uint32_t set, uint32_t ptr)
{
    uint32_t code = 0;

    rill_native_settle(guest, may_call(guest) && rill_set_wait(&guest->host, set, ptr, &code));
    return code;
}

uint32_t rill_native_set_poll(struct rill_native *guest, uint32_t set, uint32_t ptr)
{
    uint32_t code = 0;

    rill_native_settle(guest, may_call(guest) && rill_set_poll(&guest->host, set, ptr, &code));
    return code;
}

void rill_native_set_drop(struct rill_native *guest, uint32_t set)
{
    rill_native_settle(guest, may_call(guest) && rill_set_drop(&guest->host, set));
}

void rill_native_join(struct rill_native *guest, uint32_t waitable, uint32_t set)
{
    rill_native_settle(guest, may_call(guest) && rill_join(&guest->host, waitable, set));
}

void rill_native_task_return(struct rill_native *guest, const struct rill_type *result, const uint64_t *values)
{
    bool is_done = may_call(guest);

#ifdef RILL_WITH_TASKS
    if (is_done && guest->host.tasks != NULL) {
        is_done = rill_task_return(&guest->host, result);
    }
#else
    (void)result;
#endif
    rill_native_settle(guest, is_done && guest->returned(guest, values));
}

uint32_t rill_native_subtask_cancel(struct rill_native *guest, bool is_async, uint32_t subtask)
{
    uint32_t state = 0;
    bool is_done = may_call(guest);

#ifdef RILL_WITH_CALLS
    is_done = is_done && rill_subtask_cancel(&guest->host, is_async, subtask, &state);
#else
    (void)is_async;
    (void)subtask;
    is_done = is_done && RILL_TRAP(&guest->host, "no such subtask");
#endif
    rill_native_settle(guest, is_done);
    return state;
}

void rill_native_subtask_drop(struct rill_native *guest, uint32_t subtask)
{
    bool is_done = may_call(guest);

#ifdef RILL_WITH_CALLS
    is_done = is_done && rill_subtask_drop(&guest->host, subtask);
#else
    (void)subtask;
    is_done = is_done && RILL_TRAP(&guest->host, "no such subtask");
#endif
    rill_native_settle(guest, is_done);
}

uint64_t rill_native_serve(struct rill_native *guest,
                           bool (*serve)(struct rill_host *host, const uint64_t *args, uint64_t *result),
                           const uint64_t *args)
{
    uint64_t result = 0;

    rill_native_settle(guest, may_call(guest) && serve(&guest->host, args, &result));
    return result;
}

#ifdef RILL_WITH_TASKS

/** The counter of backpressure and the context slots do not leave the guest: its allocator may ask for them. */
static bool may_ask(struct rill_native *guest)
{
    rill_native_count(guest);
    return guest->host.trap == NULL;
}

uint32_t rill_native_set_wait_cancellable(struct rill_native *guest, uint32_t set, uint32_t ptr)
{
    uint32_t code = 0;

    rill_native_settle(guest, may_call(guest) && rill_set_wait_cancellable(&guest->host, set, ptr, &code));
    return code;
}

uint32_t rill_native_set_poll_cancellable(struct rill_native *guest, uint32_t set, uint32_t ptr)
{
    uint32_t code = 0;

    rill_native_settle(guest, may_call(guest) && rill_set_poll_cancellable(&guest->host, set, ptr, &code));
    return code;
}

void rill_native_task_cancel(struct rill_native *guest)
{
    rill_native_settle(guest, may_call(guest) && rill_task_cancel(&guest->host));
}

void rill_native_backpressure_inc(struct rill_native *guest)
{
    rill_native_settle(guest, may_ask(guest) && rill_backpressure_inc(&guest->host));
}

void rill_native_backpressure_dec(struct rill_native *guest)
{
    rill_native_settle(guest, may_ask(guest) && rill_backpressure_dec(&guest->host));
}

uint32_t rill_native_context_get(struct rill_native *guest, uint32_t slot)
{
    uint32_t value = 0;

    rill_native_settle(guest, may_ask(guest) && rill_context_get(&guest->host, slot, &value));
    return value;
}

void rill_native_context_set(struct rill_native *guest, uint32_t slot, uint32_t value)
{
    rill_native_settle(guest, may_ask(guest) && rill_context_set(&guest->host, slot, value));
}

uint32_t rill_native_yield(struct rill_native *guest, bool is_cancellable)
{
    uint32_t cancelled = 0;

    rill_native_settle(guest, may_call(guest) && rill_yield(&guest->host, is_cancellable, &cancelled));
    return cancelled;
}

#endif
