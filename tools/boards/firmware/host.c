#include "host.h"

#include "board.h"
#include "feed.h"
#include "link.h"

#include <string.h>

#define BLOCKED 0xFFFFFFFFu
#define COMPLETED 0u
#define DROPPED 1u
#define CANCELLED 2u
#define EVENT_STREAM_READ 2u
#define EVENT_STREAM_WRITE 3u

enum end_kind { END_FREE, END_SET, END_INPUT, END_OUTPUT, END_NEW_READABLE };

static struct host *host_of(wasm_exec_env_t env)
{
    return wasm_runtime_get_custom_data(wasm_runtime_get_module_inst(env));
}

static void trap(wasm_exec_env_t env, const char *why)
{
    wasm_runtime_set_exception(wasm_runtime_get_module_inst(env), why);
}

static struct host_end *end_of(wasm_exec_env_t env, uint64_t handle, enum end_kind kind)
{
    struct host *host = host_of(env);
    uint32_t index = (uint32_t)handle - 1u;

    if (index < HOST_HANDLES && host->ends[index].kind == (uint8_t)kind) {
        return &host->ends[index];
    }
    trap(env, "no such handle");
    return NULL;
}

static uint32_t add(struct host *host, enum end_kind kind)
{
    uint32_t i;

    for (i = 0u; i < HOST_HANDLES; i++) {
        if (host->ends[i].kind == END_FREE) {
            (void)memset(&host->ends[i], 0, sizeof host->ends[i]);
            host->ends[i].kind = (uint8_t)kind;
            return i + 1u;
        }
    }
    return 0u;
}

static uint8_t *guest_bytes(wasm_exec_env_t env, uint32_t ptr, uint32_t bytes)
{
    wasm_module_inst_t instance = wasm_runtime_get_module_inst(env);

    if (!wasm_runtime_validate_app_addr(instance, ptr, bytes)) {
        return NULL;
    }
    return wasm_runtime_addr_app_to_native(instance, ptr);
}

/* Moves what there is into the buffer of a read. @returns its result, BLOCKED when there is nothing */
static uint32_t take(struct host *host, const struct host_end *end, uint8_t *into)
{
    uint32_t items = 0u;
    int got = 0;

    while (items < end->length && (got = feed_take(end->port, into)) > 0) {
        into += end->item;
        items++;
    }
    host->items_in += items;
    if (items == 0u && got == 0) {
        return BLOCKED;
    }
    return (items << 4) | (got < 0 ? DROPPED : COMPLETED);
}

static uint8_t *begin_copy(wasm_exec_env_t env, struct host_end *end, const uint64_t *args)
{
    uint8_t *bytes;

    end->ptr = (uint32_t)args[1];
    end->length = (uint32_t)args[2];
    if (end->copying != 0u) {
        trap(env, "a copy is in flight");
        return NULL;
    }
    if (end->length >= (1u << 28) || (bytes = guest_bytes(env, end->ptr, end->length * end->item)) == NULL) {
        trap(env, "buffer out of bounds");
        return NULL;
    }
    return bytes;
}

static void stream_read(wasm_exec_env_t env, uint64_t *args)
{
    struct host_end *end = end_of(env, args[0], END_INPUT);
    uint8_t *bytes = end == NULL ? NULL : begin_copy(env, end, args);

    if (bytes != NULL) {
        uint32_t result = take(host_of(env), end, bytes);
        end->copying = (uint8_t)(result == BLOCKED);
        args[0] = result;
    }
}

static void stream_write(wasm_exec_env_t env, uint64_t *args)
{
    struct host *host = host_of(env);
    struct host_end *end = end_of(env, args[0], END_OUTPUT);
    uint8_t *bytes = end == NULL ? NULL : begin_copy(env, end, args);
    uint8_t stream = (uint8_t)(host->stream + host->image->param_count);

    if (bytes != NULL) {
        if (host->quiet == 0u) {
            link_text("out ");
            link_hex(&stream, 1u);
            board_uart_put((uint8_t)' ');
            link_hex(bytes, end->length * end->item);
            link_end();
        }
        host->items_out += end->length;
        args[0] = (end->length << 4) | COMPLETED;
    }
}

static void stream_new(wasm_exec_env_t env, uint64_t *args)
{
    struct host *host = host_of(env);
    uint32_t readable = add(host, END_NEW_READABLE);
    uint32_t writable = add(host, END_OUTPUT);

    if (readable == 0u || writable == 0u) {
        trap(env, "no handle is free");
        return;
    }
    host->ends[writable - 1u].item = rill_image_type(host->image, host->image->param_count).elem_size;
    args[0] = ((uint64_t)writable << 32) | readable;
}

static void task_return(wasm_exec_env_t env, uint64_t *args)
{
    struct host_end *end = end_of(env, args[0], END_NEW_READABLE);

    if (end != NULL) {
        end->kind = END_FREE;
        host_of(env)->returned = 1u;
    }
}

static void drop_readable(wasm_exec_env_t env, uint64_t *args)
{
    struct host_end *end = end_of(env, args[0], END_INPUT);

    if (end != NULL) {
        end->kind = END_FREE;
    }
}

static void drop_writable(wasm_exec_env_t env, uint64_t *args)
{
    struct host_end *end = end_of(env, args[0], END_OUTPUT);

    if (end != NULL) {
        end->kind = END_FREE;
    }
}

static void cancel_read(wasm_exec_env_t env, uint64_t *args)
{
    struct host_end *end = end_of(env, args[0], END_INPUT);

    if (end != NULL && end->copying == 0u) {
        trap(env, "no copy in flight");
    } else if (end != NULL) {
        end->copying = 0u;
        args[0] = CANCELLED;
    }
}

static void set_new(wasm_exec_env_t env, uint64_t *args)
{
    uint32_t handle = add(host_of(env), END_SET);

    args[0] = handle;
    if (handle == 0u) {
        trap(env, "no handle is free");
    }
}

static void set_drop(wasm_exec_env_t env, uint64_t *args)
{
    struct host_end *set = end_of(env, args[0], END_SET);

    if (set != NULL) {
        set->kind = END_FREE;
    }
}

static void join(wasm_exec_env_t env, uint64_t *args)
{
    struct host *host = host_of(env);
    uint32_t index = (uint32_t)args[0] - 1u;

    if (index >= HOST_HANDLES || host->ends[index].kind < END_INPUT) {
        trap(env, "no such handle");
        return;
    }
    host->ends[index].set = (uint8_t)args[1];
}

/* One round over the set's members. @returns the event's code, 0 when nothing has settled */
static uint32_t poll_set(wasm_exec_env_t env, uint8_t set, uint8_t *event)
{
    struct host *host = host_of(env);
    uint32_t i;

    for (i = 0u; i < HOST_HANDLES; i++) {
        struct host_end *end = &host->ends[i];
        if (end->kind == END_INPUT && end->set == set && end->copying != 0u) {
            uint32_t words[2];
            words[0] = i + 1u;
            words[1] = take(host, end, guest_bytes(env, end->ptr, end->length * end->item));
            if (words[1] != BLOCKED) {
                end->copying = 0u;
                (void)memcpy(event, words, sizeof words);
                return EVENT_STREAM_READ;
            }
        }
    }
    return 0u;
}

static void set_wait(wasm_exec_env_t env, uint64_t *args)
{
    struct host_end *set = end_of(env, args[0], END_SET);
    uint8_t *event = guest_bytes(env, (uint32_t)args[1], 8u);
    uint8_t handle = (uint8_t)args[0];
    uint32_t code;

    if (set == NULL || event == NULL) {
        trap(env, "waitable-set.wait");
        return;
    }
    while ((code = poll_set(env, handle, event)) == 0u) {
        feed_wait();
    }
    args[0] = code;
}

static void set_poll(wasm_exec_env_t env, uint64_t *args)
{
    struct host_end *set = end_of(env, args[0], END_SET);
    uint8_t *event = guest_bytes(env, (uint32_t)args[1], 8u);

    if (set == NULL || event == NULL) {
        trap(env, "waitable-set.poll");
        return;
    }
    args[0] = poll_set(env, (uint8_t)args[0], event);
}

static void missing(wasm_exec_env_t env, uint64_t *args)
{
    (void)args;
    trap(env, "built-in not served");
}

typedef void (*native)(wasm_exec_env_t env, uint64_t *args);

static native native_of(uint8_t builtin)
{
    switch (builtin) {
    case RILL_BUILTIN_TASK_RETURN:
        return task_return;
    case RILL_BUILTIN_WAITABLE_SET_NEW:
        return set_new;
    case RILL_BUILTIN_WAITABLE_SET_WAIT:
        return set_wait;
    case RILL_BUILTIN_WAITABLE_SET_POLL:
        return set_poll;
    case RILL_BUILTIN_WAITABLE_SET_DROP:
        return set_drop;
    case RILL_BUILTIN_WAITABLE_JOIN:
        return join;
    case RILL_BUILTIN_STREAM_NEW:
        return stream_new;
    case RILL_BUILTIN_STREAM_READ:
        return stream_read;
    case RILL_BUILTIN_STREAM_WRITE:
        return stream_write;
    case RILL_BUILTIN_STREAM_CANCEL_READ:
        return cancel_read;
    case RILL_BUILTIN_STREAM_DROP_READABLE:
        return drop_readable;
    case RILL_BUILTIN_STREAM_DROP_WRITABLE:
        return drop_writable;
    default:
        return missing;
    }
}

void host_natives(const struct rill_image *image, NativeSymbol *table, char (*names)[2])
{
    uint32_t i;

    for (i = 0u; i < image->import_count; i++) {
        names[i][0] = rill_image_import_letter(i);
        names[i][1] = '\0';
        table[i].symbol = names[i];
        table[i].func_ptr = (void *)(uintptr_t)native_of(rill_image_import(image, i).builtin);
        table[i].signature = NULL;
        table[i].attachment = NULL;
    }
}

void host_open(struct host *host, const struct rill_image *image, uint8_t stream)
{
    (void)memset(host, 0, sizeof *host);
    host->image = image;
    host->stream = stream;
}

int host_begin(struct host *host, uint32_t *arguments)
{
    uint32_t i;

    host->items_in = 0u;
    host->items_out = 0u;
    host->returned = 0u;
    for (i = 0u; i < host->image->param_count; i++) {
        uint32_t handle = add(host, END_INPUT);
        uint16_t item = rill_image_type(host->image, i).elem_size;
        if (handle == 0u) {
            return 0;
        }
        host->ends[handle - 1u].port = (uint8_t)i;
        host->ends[handle - 1u].item = item;
        arguments[i] = handle;
        feed_open(i, (uint8_t)(host->stream + i), item);
    }
    return 1;
}

void host_end(struct host *host)
{
    uint32_t i;

    for (i = 0u; i < HOST_HANDLES; i++) {
        if (host->ends[i].kind != END_SET) {
            host->ends[i].kind = END_FREE;
        }
    }
}
