/*
 * Calls of a guest's exports, for generated bindings. See rill_bindings.h.
 */
#include "rill_bindings.h"

#include "rill_internal.h"

/** The bindings of a guest. SAFETY: rill_bindings_init has set the context, or the generated code's contract is broken.
 */
static struct rill_bindings *bindings_of(const struct rill_host *guest)
{
    return (struct rill_bindings *)guest->context;
}

/// The port ///

#ifdef RILL_WITH_CALLS

/** Whether a call was completed that the guest does not know of, or an open flow can go on. */
static bool has_more(const struct rill_rings *rings)
{
    /* SAFETY: the rings are the first member of their bindings. */
    const struct rill_bindings *bindings = (const struct rill_bindings *)(const void *)rings;
    const struct rill_pending *pending = bindings->pending;

    while (pending != NULL && pending->is_done == 0u) {
        pending = pending->next;
    }
    return pending != NULL || (bindings->flow_port != NULL && bindings->flow_port->has_news(bindings));
}

/** Lets the call's function see to its handles. @returns false when it traps */
static bool finish(struct rill_bindings *bindings, struct rill_pending *pending, bool has_result)
{
    struct rill_pending *others = bindings->pending;
    bool is_done;

    pending->next = others;
    bindings->pending = pending;
    is_done = pending->finish(bindings, has_result);
    bindings->pending = others;
    return is_done;
}

/** Tells the guest how a call has come to its end. */
static void end_call(struct rill_bindings *bindings, struct rill_pending *pending)
{
    const bool has_result = pending->is_done != (uint8_t)RILL_PENDING_CANCELLED;

    if (pending->is_done == (uint8_t)RILL_PENDING_TOO_LONG) {
        (void)RILL_TRAP(bindings->rings.host, "the answer of a call is longer than its room");
    } else if (pending->finish != NULL && !finish(bindings, pending, has_result)) {
        (void)rill_end_guest(bindings->rings.host);
    }
    if (has_result) {
        (void)rill_call_return(&pending->call, (const uint8_t *)pending->result, pending->space);
    } else {
        rill_call_cancelled(&pending->call);
    }
}

/** Returns the calls that were completed. @returns whether there were any */
static bool return_calls(struct rill_bindings *bindings)
{
    struct rill_pending **at = &bindings->pending;
    bool moved = false;

    while (*at != NULL) {
        struct rill_pending *pending = *at;

        if (pending->is_done == 0u) {
            at = &pending->next;
            continue;
        }
        RILL_RING_BARRIER();
        *at = pending->next;
        pending->is_active = 0;
        end_call(bindings, pending);
        moved = true;
    }
    return moved;
}

/** Lets flows go on: what the guest has moved is in the rings. @returns whether anything moved */
static bool pump_flows(struct rill_bindings *bindings)
{
    return bindings->flow_port != NULL && bindings->flow_port->pump(bindings);
}

/** Returns calls, and lets flows go on. @returns whether anything came of it: patience begins anew then */
static bool go_on(struct rill_bindings *bindings)
{
    bool moved = return_calls(bindings);

    moved = pump_flows(bindings) || moved;
    if (moved && bindings->rings.patience != 0u) {
        bindings->rings.since = bindings->rings.chip->now();
    }
    return moved;
}

/** Forgets the calls that nobody will return, and gives flows up. */
static void forget(struct rill_bindings *bindings)
{
    if (bindings->flow_port != NULL) {
        bindings->flow_port->close(bindings);
    }
    while (bindings->pending != NULL) {
        bindings->pending->is_active = 0;
        bindings->pending = bindings->pending->next;
    }
}

bool rill_pending_begin(struct rill_host *guest, struct rill_pending *pending, const struct rill_func *func,
                        bool is_async, const uint64_t *args, void *params, const void *result, struct rill_space *space)
{
    struct rill_bindings *bindings = bindings_of(guest);

    if (pending->is_active != 0u) {
        return RILL_TRAP(guest, "a function is called again before its call is completed");
    }
    pending->is_active = 1;
    pending->is_done = 0;
    pending->result = result;
    pending->space = space;
    pending->finish = NULL;
    pending->next = bindings->pending;
    bindings->pending = pending;
    rill_call_begin(guest, &pending->call, func, is_async, args);
    return rill_call_start(&pending->call, (uint8_t *)params, space);
}

bool rill_pending_end(struct rill_host *guest, struct rill_pending *pending, uint64_t *core)
{
    (void)return_calls(bindings_of(guest));
    return guest->trap == NULL && rill_call_end(&pending->call, core);
}

enum rill_ended rill_numbered_look(const struct rill_numbered *call, uint32_t number)
{
    const struct rill_pending *pending = &call->pending;

    if (number >> 16 != call->count || call->count == 0u) {
        return RILL_ENDED_NO_CALL;
    }
    if (pending->is_done != (uint8_t)RILL_PENDING) {
        return RILL_ENDED_BEFORE;
    }
    return pending->is_active != 0u && pending->call.host->trap == NULL ? RILL_ENDED_WELL : RILL_ENDED_NO_CALL;
}

bool rill_numbered_none(struct rill_host *guest)
{
    return RILL_TRAP(guest, "more calls of a function are under way than it has places");
}

#else

static bool pump_flows(struct rill_bindings *bindings)
{
    (void)bindings;
    return false;
}

static bool go_on(struct rill_bindings *bindings)
{
    (void)bindings;
    return false;
}

static void forget(struct rill_bindings *bindings)
{
    (void)bindings;
}

#endif

static bool wait_for_news(void *context)
{
    return go_on((struct rill_bindings *)context) || rill_rings_port.wait(context);
}

static void look_for_news(void *context)
{
    (void)go_on((struct rill_bindings *)context);
    rill_rings_port.poll(context);
}

const struct rill_port rill_bindings_port = {wait_for_news, look_for_news};

/// Tasks ///

#ifdef RILL_WITH_TASKS

static bool enter_task(struct rill_task *task, uint32_t *code)
{
    struct rill_bindings *bindings = bindings_of(task->tasks->host);
    const bool is_done = bindings->engine->call(task->tasks->host, bindings->export_index, bindings->cells);

    *code = (uint32_t)bindings->cells[0];
    return is_done;
}

static bool call_back(struct rill_task *task, const uint32_t event[3], uint32_t *code)
{
    struct rill_bindings *bindings = bindings_of(task->tasks->host);
    uint64_t cells[3];
    bool is_done;

    cells[0] = event[0];
    cells[1] = event[1];
    cells[2] = event[2];
    is_done = bindings->engine->call(task->tasks->host, (uint16_t)(bindings->export_index + 1u), cells);
    *code = (uint32_t)cells[0];
    return is_done;
}

static void cancelled(struct rill_task *task)
{
    (void)task;
}

static const struct rill_task_port task_port = {enter_task, call_back, cancelled};

static bool run(struct rill_bindings *bindings, uint16_t export_index, uint64_t *cells)
{
    struct rill_host *guest = bindings->rings.host;
    struct rill_task *task = &bindings->task;
    bool goes_on;

    bindings->export_index = export_index;
    bindings->cells = cells;
    goes_on = rill_task_call(&bindings->tasks, task, NULL, true);
    while (goes_on && task->is_ended == 0u && guest->trap == NULL) {
        if (rill_task_is_ready(task)) {
            goes_on = rill_task_run(task);
        } else if (!guest->port->wait(guest->context)) {
            goes_on = RILL_TRAP(guest, "the task waits for ever: nothing can end its wait");
        }
    }
    return goes_on && guest->trap == NULL;
}

#else

static bool run(struct rill_bindings *bindings, uint16_t export_index, uint64_t *cells)
{
    struct rill_host *guest = bindings->rings.host;

    if (!bindings->engine->call(guest, export_index, cells)) {
        return rill_end_guest(guest);
    }
    return (uint32_t)cells[0] == 0u || RILL_TRAP(guest, "the guest waits in its callback: needs RILL_WITH_TASKS");
}

#endif

bool rill_bindings_init(struct rill_bindings *bindings, const struct rill_engine *engine, struct rill_host *guest,
                        const struct rill_chip *chip, void *context)
{
    bindings->rings.host = guest;
    bindings->rings.chip = chip;
    bindings->rings.context = context;
    bindings->engine = engine;
    bindings->answered = NULL;
    bindings->is_running = 0;
#ifdef RILL_WITH_CALLS
    bindings->rings.has_more = has_more;
#endif
    forget(bindings);
#ifdef RILL_WITH_TASKS
    rill_tasks_init(&bindings->tasks, guest, &task_port);
#endif
    return engine->init(guest) || rill_end_guest(guest);
}

void rill_bindings_close(struct rill_bindings *bindings)
{
    if (bindings->rings.host != NULL) {
        rill_rings_close(&bindings->rings);
        forget(bindings);
        rill_host_close(bindings->rings.host);
    }
}

bool rill_bindings_enter(struct rill_bindings *bindings)
{
    if (bindings->rings.host == NULL || bindings->rings.host->trap != NULL || bindings->is_running != 0u) {
        return false;
    }
    bindings->is_running = 1;
    return true;
}

bool rill_bindings_refuse(struct rill_bindings *bindings)
{
    bindings->is_running = 0;
    return false;
}

bool rill_bindings_call(struct rill_bindings *bindings, uint16_t export_index, uint64_t *cells)
{
    struct rill_host *guest = bindings->rings.host;
    bool is_done;

    rill_host_may_block(guest, false);
    is_done = bindings->engine->call(guest, export_index, cells);
    rill_host_may_block(guest, true);
    return is_done || rill_end_guest(guest);
}

bool rill_bindings_run(struct rill_bindings *bindings, uint16_t export_index, uint64_t *cells,
                       bool (*answered)(struct rill_bindings *bindings, const uint64_t *values), void *result)
{
    bindings->answered = answered;
    bindings->result = result;
    if (!run(bindings, export_index, cells)) {
        return false;
    }
    return bindings->answered == NULL || RILL_TRAP(bindings->rings.host, "the task ends without task.return");
}

bool rill_bindings_leave(struct rill_bindings *bindings, bool is_done)
{
    uint8_t i;

    rill_rings_close(&bindings->rings);
    (void)pump_flows(bindings);
    for (i = 0; i < bindings->rings.source_count; i++) {
        bindings->rings.sources[i].is_over = 0;
    }
    bindings->answered = NULL;
    bindings->is_running = 0;
    return is_done && bindings->rings.host->trap == NULL;
}

bool rill_bindings_returned(struct rill_host *guest, const uint64_t *values)
{
    struct rill_bindings *bindings = bindings_of(guest);
    bool (*answered)(struct rill_bindings * of, const uint64_t *core_values) = bindings->answered;

    if (answered == NULL) {
        return RILL_TRAP(guest, "task.return outside of a task, or a second one");
    }
    bindings->answered = NULL;
    return answered(bindings, values);
}

bool rill_bindings_no_value(struct rill_host *guest)
{
    return RILL_TRAP(guest, "an argument or a result is no value of its type");
}

/// Values of several core values ///

bool rill_bindings_lift(struct rill_host *guest, const struct rill_values *values, const uint64_t *cells, void *to)
{
    /* SAFETY: a cell stands for at most 8 bytes, padding included, and values that are lifted so have at most 16. */
    uint8_t image[RILL_FLAT_BYTES_MAX] = {0};

    return (rill_unflatten(values->flat, cells, image) && rill_value_copy(values->type, (uint8_t *)to, image))
           || rill_bindings_no_value(guest);
}

bool rill_bindings_flatten(const struct rill_values *values, const void *from, uint64_t *cells)
{
    uint8_t image[RILL_FLAT_BYTES_MAX] = {0};

    if (!rill_value_copy(values->type, image, (const uint8_t *)from)) {
        return false;
    }
    (void)memset(cells, 0, values->cells * sizeof cells[0]);
    rill_flatten(values->flat, image, cells);
    return true;
}

bool rill_bindings_is_place(struct rill_host *guest, uint32_t byte_length, uint32_t align, uint32_t ptr)
{
    rill_locate(guest);
    return rill_in_range(guest->memory_bytes, ptr, byte_length, align)
           || RILL_TRAP(guest, "the place for arguments or a result is misaligned or out of memory");
}

/** Whether a value lies in the guest's memory. */
static bool is_place(struct rill_host *guest, const struct rill_type *type, uint32_t ptr)
{
    return rill_bindings_is_place(guest, type->elem_size, type->align, ptr);
}

bool rill_bindings_load(struct rill_host *guest, const struct rill_values *values, uint32_t ptr, void *to)
{
    return is_place(guest, values->type, ptr)
           && (rill_value_copy(values->type, (uint8_t *)to, guest->memory + ptr) || rill_bindings_no_value(guest));
}

bool rill_bindings_store(struct rill_host *guest, const struct rill_values *values, uint32_t ptr, const void *from)
{
    return is_place(guest, values->type, ptr)
           && (rill_value_copy(values->type, guest->memory + ptr, (const uint8_t *)from)
               || rill_bindings_no_value(guest));
}

/// Strings and lists ///

#ifdef RILL_WITH_LISTS

/** Bytes of an address and a length. */
#define PAIR 8u

bool rill_bindings_lift_view(struct rill_host *guest, const struct rill_values *values, const uint64_t *cells,
                             struct rill_space *space, const uint8_t **items, uint32_t *length)
{
    uint8_t image[PAIR] = {0};
    uint8_t words[PAIR];

    rill_locate(guest);
    (void)rill_unflatten(values->flat, cells, image);
    if (!rill_lift(guest, values->type->plan, 0, image, words, space)) {
        return false;
    }
    if (items != NULL) {
        *items = space->bytes + rill_load_word(words);
    }
    *length = rill_load_word(words + 4);
    return true;
}

bool rill_bindings_load_view(struct rill_host *guest, const struct rill_values *values, uint32_t ptr,
                             struct rill_space *space, uint32_t *length)
{
    uint8_t words[PAIR];

    if (!is_place(guest, values->type, ptr) || !rill_lift(guest, values->type->plan, ptr, NULL, words, space)) {
        return false;
    }
    *length = rill_load_word(words + 4);
    return true;
}

/** Lowers into `image`, or to `ptr` when that is NULL. */
static bool lower_view(struct rill_host *guest, const struct rill_values *values, const void *items,
                       const uint32_t extent[2], uint32_t ptr, uint8_t *image)
{
    uint8_t words[PAIR];
    struct rill_space space;

    if (extent[0] > RILL_MAX_BYTES / extent[1]) {
        return RILL_TRAP(guest, "a string or list is too long");
    }
    /* SAFETY: a space that is lowered from is not written. */
    space = rill_bindings_space((void *)(uintptr_t)items, (uint64_t)extent[0] * extent[1]);
    space.used = space.byte_length;
    rill_store_word(words, 0);
    rill_store_word(words + 4, extent[0]);
    rill_locate(guest);
    return rill_lower(guest, values->type->plan, words, &space, ptr, image);
}

bool rill_bindings_lower_view(struct rill_host *guest, const struct rill_values *values, const void *items,
                              uint32_t length, uint32_t item_bytes, uint64_t *cells)
{
    const uint32_t extent[2] = {length, item_bytes};
    uint8_t image[PAIR] = {0};

    if (!lower_view(guest, values, items, extent, 0, image)) {
        return false;
    }
    cells[0] = rill_load_word(image);
    cells[1] = rill_load_word(image + 4);
    return true;
}

bool rill_bindings_store_view(struct rill_host *guest, const struct rill_values *values, uint32_t ptr,
                              const void *items, uint32_t length, uint32_t item_bytes)
{
    const uint32_t extent[2] = {length, item_bytes};

    return is_place(guest, values->type, ptr) && lower_view(guest, values, items, extent, ptr, NULL);
}

/// Strings and lists inside of values ///

bool rill_bindings_lift_deep(struct rill_host *guest, const struct rill_values *values, const uint64_t *cells, void *to,
                             struct rill_space *space)
{
    uint8_t image[RILL_FLAT_BYTES_MAX] = {0};

    return rill_unflatten(values->flat, cells, image)
               ? rill_lift(guest, values->type->plan, 0, image, (uint8_t *)to, space)
               : rill_bindings_no_value(guest);
}

bool rill_bindings_load_deep(struct rill_host *guest, const struct rill_values *values, uint32_t ptr, void *to,
                             struct rill_space *space)
{
    return is_place(guest, values->type, ptr) && rill_lift(guest, values->type->plan, ptr, NULL, (uint8_t *)to, space);
}

bool rill_bindings_lower_deep(struct rill_host *guest, const struct rill_values *values, const void *from,
                              struct rill_space *space, uint64_t *cells)
{
    uint8_t image[RILL_FLAT_BYTES_MAX] = {0};

    if (!rill_lower(guest, values->type->plan, (const uint8_t *)from, space, 0, image)) {
        return false;
    }
    (void)memset(cells, 0, values->cells * sizeof cells[0]);
    rill_flatten(values->flat, image, cells);
    return true;
}

bool rill_bindings_store_deep(struct rill_host *guest, const struct rill_values *values, uint32_t ptr, const void *from,
                              struct rill_space *space)
{
    return is_place(guest, values->type, ptr)
           && rill_lower(guest, values->type->plan, (const uint8_t *)from, space, ptr, NULL);
}

bool rill_bindings_place(struct rill_host *guest, uint32_t byte_length, uint32_t align, uint32_t *ptr)
{
    struct rill_way way;

    (void)memset(&way, 0, sizeof way);
    way.host = guest;
    way.to.is_guest = true;
    return rill_way_allocate(&way, align, byte_length, ptr);
}

#endif
