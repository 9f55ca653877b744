/*
 * Enters machine code in an image, and serves what it calls. See rill_image_native.h.
 */
#include "rill_image_native.h"

#ifndef RILL_ALLOW_NATIVE
#error "machine code in images is trusted: a firmware that takes it says so with RILL_ALLOW_NATIVE, in all files alike"
#endif

uint32_t rill_image_native_bytes(const struct rill_image *image)
{
    return (uint32_t)offsetof(struct rill_image_native, instance) + image->pool;
}

/* SAFETY: code in an image is given one instance, which lies inside of its guest. */
static struct rill_image_native *guest_of(struct rill_image_instance *instance)
{
    return (struct rill_image_native *)(void *)((uint8_t *)instance - offsetof(struct rill_image_native, instance));
}

/* Built-ins that are declared in one way only. */
static uint64_t serve_plain(struct rill_native *guest, uint32_t builtin, uint32_t a, uint32_t b)
{
    switch (builtin) {
    case RILL_SET_NEW:
        return rill_native_set_new(guest);
    case RILL_SET_WAIT:
        return rill_native_set_wait(guest, a, b);
    case RILL_SET_POLL:
        return rill_native_set_poll(guest, a, b);
    case RILL_SET_DROP:
        rill_native_set_drop(guest, a);
        return 0;
    case RILL_JOIN:
        rill_native_join(guest, a, b);
        return 0;
    case RILL_SUBTASK_DROP:
        rill_native_subtask_drop(guest, a);
        return 0;
    default:
        rill_native_trap(guest, RILL_NATIVE_UNREACHABLE);
    }
}

static uint64_t serve(struct rill_image_native *guest, struct rill_image_import import, uint32_t a, uint32_t b,
                      uint32_t c)
{
    struct rill_native *base = &guest->base;
    const struct rill_type *element = &guest->types[import.type];
    const bool is_future = import.is_future != 0u;
    const uint32_t options = (is_future ? RILL_NATIVE_FUTURE : 0u) | (import.is_async != 0u ? RILL_NATIVE_ASYNC : 0u);
    uint64_t value;

    switch (import.builtin) {
    case RILL_NEW:
        return rill_native_new(base, element, is_future);
    case RILL_READ:
        return rill_native_copy(base, RILL_READABLE, element, options, a, b, is_future ? 1u : c);
    case RILL_WRITE:
        return rill_native_copy(base, RILL_WRITABLE, element, options, a, b, is_future ? 1u : c);
    case RILL_CANCEL_READ:
        return rill_native_cancel(base, RILL_READABLE, element, options, a);
    case RILL_CANCEL_WRITE:
        return rill_native_cancel(base, RILL_WRITABLE, element, options, a);
    case RILL_DROP_READABLE:
        rill_native_drop(base, RILL_READABLE, element, is_future, a);
        return 0;
    case RILL_DROP_WRITABLE:
        rill_native_drop(base, RILL_WRITABLE, element, is_future, a);
        return 0;
    case RILL_SUBTASK_CANCEL:
        return rill_native_subtask_cancel(base, import.is_async != 0u, a);
    case RILL_TASK_RETURN:
        value = a;
        rill_native_task_return(base, NULL, &value);
        return 0;
    default:
        return serve_plain(base, import.builtin, a, b);
    }
}

static uint32_t copy_one(struct rill_image_instance *instance, uint32_t import, uint32_t handle, uint32_t ptr)
{
    struct rill_image_native *guest = guest_of(instance);
    const enum rill_kind kind = (import & 0x3Fu) == (RILL_READ | RILL_IMPORT_ASYNC) ? RILL_READABLE : RILL_WRITABLE;

    return rill_native_copy_async(&guest->base, kind, &guest->types[import >> 6], handle, ptr, 1);
}

static uint64_t call(struct rill_image_instance *instance, uint32_t import, uint32_t a, uint32_t b, uint32_t c)
{
    struct rill_image_native *guest = guest_of(instance);
    return serve(guest, rill_image_import_of((uint8_t)import), a, b, c);
}

static void trap(struct rill_image_instance *instance, uint32_t why)
{
    rill_native_trap(&guest_of(instance)->base, (enum rill_native_trap)why);
}

static const struct rill_image_calls calls = {call, copy_one, trap};

/* SAFETY: the image's CRC and core were compared; who wrote its code is trusted. Thumb's bit says what it is. */
static rill_image_code_entry entry_of(const struct rill_image *image)
{
#ifdef __thumb__
    return (rill_image_code_entry)((uintptr_t)image->module | 1u);
#else
    return (rill_image_code_entry)(uintptr_t)image->module;
#endif
}

static bool enter(struct rill_image_native *guest, const struct rill_image *image, const uint32_t *arguments)
{
    struct rill_native_way way;

    rill_native_enter(&guest->base, &way);
    if (RILL_NATIVE_TRY(&way)) {
        entry_of(image)(&guest->instance, arguments);
        way.is_done = true;
    }
    return rill_native_leave(&guest->base, &way);
}

bool rill_image_native_init(struct rill_image_native *guest, const struct rill_image *image)
{
    rill_native_begin(&guest->base, (uint8_t *)&guest->instance + RILL_IMAGE_INSTANCE, image->memory);
    guest->instance.calls = &calls;
    return enter(guest, image, NULL);
}

bool rill_image_native_run(struct rill_image_native *guest, const struct rill_image *image, const uint32_t *arguments)
{
    guest->instance.depth = 0;
    return enter(guest, image, arguments);
}
