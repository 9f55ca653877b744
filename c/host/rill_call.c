/*
 * The guest's calls of imported functions, and the subtasks that they become. See rill_call.h.
 */
#include "rill_internal.h"

#include <string.h>

/** Takes a call out of those that are begun and not ended, if it is one. */
static void forget(struct rill_host *host, const struct rill_call *call)
{
    struct rill_call **at = &host->calls;

    while (*at != NULL && *at != call) {
        at = &(*at)->outer;
    }
    if (*at != NULL) {
        *at = call->outer;
    }
}

static bool is_begun(const struct rill_call *call)
{
    const struct rill_call *begun = call->host->calls;

    while (begun != NULL && begun != call) {
        begun = begun->outer;
    }
    return begun != NULL;
}

static bool is_resolved(uint32_t state)
{
    return state >= RILL_CALL_RETURNED;
}

/** Whether the embedder may still resolve the call: its guest goes on, and waits for it. */
static bool is_open(const struct rill_call *call)
{
    const struct rill_host *host = call->host;

    if (host == NULL || host->trap != NULL || is_resolved(call->state)) {
        return false;
    }
    if (call->handle != 0) {
        const struct rill_end *subtask = rill_entry(host, call->handle);

        return subtask != NULL && subtask->kind == RILL_SUBTASK && subtask->at.call == call;
    }
    return is_begun(call);
}

void rill_call_begin(struct rill_host *host, struct rill_call *call, const struct rill_func *func, bool is_async,
                     const uint64_t *args)
{
    forget(host, call);
    memset(call, 0, sizeof *call);
    call->outer = host->calls;
    host->calls = call;
    call->host = host;
    call->func = func;
    call->is_async = is_async;
    call->args = args;
}

/** The call came to another state: a subtask has an event then. */
static void move_on(struct rill_call *call, enum rill_call_state state)
{
    call->state = (uint8_t)state;
    if (call->handle != 0) {
        /* SAFETY: the caller has found the call open, and so its subtask in the table. */
        struct rill_end *subtask = &call->host->ends[call->handle - 1u];

        subtask->status = (uint8_t)((subtask->status & RILL_ALL_BUT(RILL_STATE)) | RILL_HAS_EVENT | call->state);
        if (is_resolved(call->state)) {
            subtask->at.call = NULL;
        }
    }
}

uint32_t rill_take_call_event(struct rill_end *end)
{
    end->status &= RILL_ALL_BUT(RILL_HAS_EVENT);
    if (is_resolved(rill_end_state(end))) {
        end->status |= RILL_TOLD;
    }
    return rill_end_state(end);
}

/// Arguments and results ///

static uint32_t max_flat_params(const struct rill_call *call)
{
    return call->is_async ? RILL_MAX_FLAT_ASYNC_PARAMS : RILL_MAX_FLAT_PARAMS;
}

/** Cells that the parameters take: one when they are in memory. */
static uint32_t param_cells(const struct rill_call *call)
{
    const uint32_t cells = call->func->params.cells;

    return cells <= max_flat_params(call) ? cells : 1u;
}

/** Whether the result goes to memory, at an address behind the parameters. */
static bool has_out_pointer(const struct rill_call *call)
{
    return call->func->result.cells > (call->is_async ? 0u : 1u);
}

/** Lifts from the guest's memory, or from `image` when it is not NULL. */
static bool lift(struct rill_host *host, const struct rill_type *type, uint32_t ptr, uint8_t *image, uint8_t *to,
                 struct rill_space *space)
{
#ifdef RILL_WITH_LISTS
    return rill_lift(host, type->plan, ptr, image, to, space);
#else
    (void)space;
    return rill_value_copy(type, to, image != NULL ? image : host->memory + ptr)
           || RILL_TRAP(host, "the arguments of a call are no values of their types");
#endif
}

static bool lower(struct rill_host *host, const struct rill_type *type, const uint8_t *from, struct rill_space *space,
                  uint32_t ptr, uint8_t *image)
{
#ifdef RILL_WITH_LISTS
    return rill_lower(host, type->plan, from, space, ptr, image);
#else
    (void)space;
    return rill_value_copy(type, image != NULL ? image : host->memory + ptr, from)
           || RILL_TRAP(host, "the result of a call is no value of its type");
#endif
}

static bool check_place(struct rill_host *host, const struct rill_type *type, uint32_t ptr)
{
    if (!rill_in_range(host->memory_bytes, ptr, type->elem_size, type->align)) {
        return RILL_TRAP(host, "the place for arguments or a result is misaligned or out of memory");
    }
    return true;
}

bool rill_call_start(struct rill_call *call, uint8_t *to, struct rill_space *space)
{
    struct rill_host *host = call->host;
    const struct rill_values *params;
    uint8_t image[RILL_FLAT_BYTES_MAX];

    if (!is_open(call) || call->state != RILL_CALL_STARTING) {
        return false;
    }
    rill_locate(host);
    move_on(call, RILL_CALL_STARTED);
    params = &call->func->params;
    if (params->type == NULL) {
        return true;
    }
    if (params->cells > max_flat_params(call)) {
        const uint32_t ptr = (uint32_t)call->args[0];

        return check_place(host, params->type, ptr) && lift(host, params->type, ptr, NULL, to, space);
    }
    /* SAFETY: a cell stands for at most 8 bytes, padding included: 16 of them have room in `image`. */
    memset(image, 0, sizeof image);
    if (!rill_unflatten(params->flat, call->args, image)) {
        return RILL_TRAP(host, "an argument of a call has a discriminant that its type does not have");
    }
    return lift(host, params->type, 0, image, to, space);
}

bool rill_call_return(struct rill_call *call, const uint8_t *from, struct rill_space *space)
{
    struct rill_host *host = call->host;
    const struct rill_values *result;
    uint8_t image[8] = {0};

    if (!is_open(call) || call->state != RILL_CALL_STARTED) {
        return false;
    }
    rill_locate(host);
    result = &call->func->result;
    if (result->type != NULL) {
        if (has_out_pointer(call)) {
            /* SAFETY: a call whose result goes to memory has one more core parameter than its parameters take. */
            const uint32_t ptr = (uint32_t)call->args[param_cells(call)];

            if (!check_place(host, result->type, ptr) || !lower(host, result->type, from, space, ptr, NULL)) {
                return false;
            }
        } else {
            /* SAFETY: a result that is one cell has at most 8 bytes. */
            if (!lower(host, result->type, from, space, 0, image)) {
                return false;
            }
            rill_flatten(result->flat, image, &call->result);
        }
    }
    move_on(call, RILL_CALL_RETURNED);
    return true;
}

void rill_call_cancelled(struct rill_call *call)
{
    if (!is_open(call)) {
        return;
    }
    move_on(call, call->state == RILL_CALL_STARTING ? RILL_CALL_CANCELLED_BEFORE_STARTED
                                                    : RILL_CALL_CANCELLED_BEFORE_RETURNED);
}

/// The call itself ///

static bool wait_for_call(struct rill_call *call)
{
    struct rill_host *host = call->host;

    while (!is_resolved(call->state)) {
        if (!host->may_block) {
            return RILL_TRAP(host, "a task of a function that is not async has to wait");
        }
        if (!rill_let_pass(host)) {
            return RILL_TRAP(host, "waits for ever: nothing can end this call");
        }
        if (host->trap != NULL) {
            return false;
        }
    }
    return true;
}

/** SAFETY: an asynchronous call passes at most RILL_MAX_FLAT_ASYNC_PARAMS cells and the result's address; or none. */
static void keep_arguments(struct rill_call *call)
{
    const uint32_t cells = param_cells(call) + (has_out_pointer(call) ? 1u : 0u);
    uint32_t i;

    for (i = 0; i < cells; i++) {
        call->kept[i] = call->args[i];
    }
    call->args = call->kept;
}

bool rill_call_end(struct rill_call *call, uint64_t *result)
{
    struct rill_end *subtask;
    bool goes_on;

    if (call->host == NULL || !is_begun(call)) {
        return false;
    }
    goes_on = call->is_async || wait_for_call(call);
    forget(call->host, call);
    if (!goes_on) {
        return false;
    }
    if (!call->is_async) {
        *result = call->result;
        return true;
    }
    if (is_resolved(call->state)) {
        *result = RILL_CALL_RETURNED;
        return true;
    }
    subtask = rill_add_entry(call->host, RILL_SUBTASK);
    if (subtask == NULL) {
        return RILL_TRAP(call->host, "no place is left in the host's tables");
    }
    keep_arguments(call);
    call->handle = rill_handle_of(call->host, subtask);
    subtask->status = call->state;
    subtask->at.call = call;
    *result = call->state | (uint32_t)call->handle << 4;
    return true;
}

/// Built-ins ///

static struct rill_end *find_subtask(struct rill_host *host, uint32_t handle)
{
    struct rill_end *subtask = rill_entry(host, handle);

    if (subtask == NULL || subtask->kind != RILL_SUBTASK) {
        RILL_TRAP(host, "no such subtask");
        return NULL;
    }
    return subtask;
}

/** Waits until the call is resolved: a subtask that has merely started has an event, too. */
static bool wait_for_subtask(struct rill_host *host, struct rill_end *subtask)
{
    subtask->status |= RILL_SYNC_WAITER;
    while (!is_resolved(rill_end_state(subtask))) {
        if (!host->may_block) {
            return RILL_TRAP(host, "a task of a function that is not async has to wait");
        }
        if (!rill_let_pass(host)) {
            return RILL_TRAP(host, "waits for ever: nothing can end this call");
        }
        if (host->trap != NULL) {
            return false;
        }
    }
    subtask->status &= RILL_ALL_BUT(RILL_SYNC_WAITER);
    return true;
}

bool rill_subtask_cancel(struct rill_host *host, bool is_async, uint32_t handle, uint32_t *state)
{
    struct rill_end *subtask = find_subtask(host, handle);

    if (subtask == NULL) {
        return false;
    }
    if ((subtask->status & (RILL_TOLD | RILL_CANCEL_ASKED)) != 0) {
        return RILL_TRAP(host, "a subtask is cancelled whose end the guest knows, or that it has cancelled before");
    }
    if (!is_async && subtask->set != 0) {
        return RILL_TRAP(host, "a synchronous cancel of a subtask that is in a waitable set");
    }
    if (!is_resolved(rill_end_state(subtask))) {
        struct rill_call *call = subtask->at.call;

        subtask->status |= RILL_CANCEL_ASKED;
        if (call->on_cancel != NULL && !call->on_cancel(call)) {
            return rill_end_guest(host);
        }
    }
    if (!is_resolved(rill_end_state(subtask))) {
        if (is_async) {
            *state = RILL_BLOCKED;
            return true;
        }
        if (!wait_for_subtask(host, subtask)) {
            return false;
        }
    }
    *state = rill_take_call_event(subtask);
    return true;
}

bool rill_subtask_drop(struct rill_host *host, uint32_t handle)
{
    struct rill_end *subtask = find_subtask(host, handle);

    if (subtask == NULL) {
        return false;
    }
    if ((subtask->status & RILL_TOLD) == 0) {
        return RILL_TRAP(host, "a subtask is dropped before the guest knows how it ended");
    }
    rill_free_entry(host, subtask);
    return true;
}
