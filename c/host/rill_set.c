/*
 * Waitable sets: who is in one, and whose event is delivered next. See rill_host.h for the contract.
 */
#include "rill_internal.h"

RILL_SHARED struct rill_end *rill_find_set(struct rill_host *host, uint32_t handle)
{
    struct rill_end *set = rill_entry(host, handle);

    if (set == NULL || set->kind != RILL_SET) {
        RILL_TRAP(host, "no such waitable set");
        return NULL;
    }
    return set;
}

/**
 * Kinds above RILL_SET are waitables. A free place keeps the next one's handle in `set`, and is none. Few have an
 * event, so that is asked first.
 */
static inline bool is_ready_member(const struct rill_end *end, uint32_t set)
{
    return (end->status & RILL_HAS_EVENT) != 0 && end->set == set && end->kind > RILL_SET;
}

#if defined(RILL_WITH_CALLS) || defined(RILL_WITH_TASKS)
bool rill_has_ready_member(const struct rill_host *host, uint32_t set)
{
    uint16_t i;

    for (i = 0; i < host->used; i++) {
        if (is_ready_member(&host->ends[i], set)) {
            return true;
        }
    }
    return false;
}
#endif

RILL_SHARED struct rill_end *rill_ready_member(struct rill_host *host, uint32_t set)
{
    const uint16_t used = host->used;
    uint16_t at = host->next;
    struct rill_end *end = &host->ends[at];
    uint16_t left;

    for (left = used; left > 0; left--, end++) {
        if (at >= used) {
            at = 0;
            end = host->ends;
        }
        at++;
        if (is_ready_member(end, set)) {
            host->next = at;
            return end;
        }
    }
    return NULL;
}

RILL_SHARED uint32_t rill_event_code(const struct rill_end *end)
{
    uint32_t first;

#ifdef RILL_WITH_CALLS
    if (end->kind == RILL_SUBTASK) {
        return RILL_EVENT_SUBTASK;
    }
#endif
    first = rill_is_future(end->stream) ? RILL_EVENT_FUTURE_READ : RILL_EVENT_STREAM_READ;

    return end->kind == RILL_READABLE ? first : first + 1u;
}

/** Delivers the event of `end`, NULL for none, to the two words at `ptr`. */
static bool store_event(struct rill_host *host, struct rill_end *end, uint32_t ptr, uint32_t *code)
{
    uint32_t handle = 0;
    uint32_t packed = 0;

    rill_locate(host);
    if (!rill_is_event_place(host, ptr)) {
        return RILL_TRAP(host, "the place for an event is misaligned or out of memory");
    }
    *code = RILL_EVENT_NONE;
    if (end != NULL) {
        *code = rill_event_code(end);
        handle = rill_handle_of(host, end);
        packed = rill_take_event(end);
    }
    /* SAFETY: both words were checked to be in memory, after it was located. */
    rill_store_word(host->memory + ptr, handle);
    rill_store_word(host->memory + ptr + 4, packed);
    return true;
}

bool rill_set_new(struct rill_host *host, uint32_t *handle)
{
    struct rill_end *set = rill_add_entry(host, RILL_SET);

    if (set == NULL) {
        return RILL_TRAP(host, "no place is left in the host's tables");
    }
    *handle = rill_handle_of(host, set);
    return true;
}

bool rill_wait_once(struct rill_host *host)
{
    if (!host->may_block) {
        return RILL_TRAP(host, "a task of a function that is not async has to wait");
    }
    if (!rill_let_pass(host)) {
        return RILL_TRAP(host, "waits for ever: no event can come to this waitable set");
    }
    return host->trap == NULL;
}

bool rill_set_wait(struct rill_host *host, uint32_t set, uint32_t ptr, uint32_t *code)
{
    struct rill_end *waited = rill_find_set(host, set);
    struct rill_end *ready;

    if (waited == NULL) {
        return false;
    }
    /* Others run meanwhile: the count keeps them from dropping the set, so its place is the same one afterwards. */
    waited->length++;
    for (ready = rill_ready_member(host, set); ready == NULL; ready = rill_ready_member(host, set)) {
        if (!rill_wait_once(host)) {
            return false;
        }
    }
    waited->length--;
    return store_event(host, ready, ptr, code);
}

bool rill_set_poll(struct rill_host *host, uint32_t set, uint32_t ptr, uint32_t *code)
{
    struct rill_end *ready;

    if (rill_find_set(host, set) == NULL) {
        return false;
    }
    ready = rill_ready_member(host, set);
    if (ready == NULL && host->port->poll != NULL) {
        host->port->poll(host->context);
        ready = rill_ready_member(host, set);
    }
    return host->trap == NULL && store_event(host, ready, ptr, code);
}

bool rill_set_drop(struct rill_host *host, uint32_t set)
{
    struct rill_end *dropped = rill_find_set(host, set);
    uint16_t i;

    if (dropped == NULL) {
        return false;
    }
    for (i = 0; i < host->used; i++) {
        if (host->ends[i].kind > RILL_SET && host->ends[i].set == set) {
            return RILL_TRAP(host, "a waitable set is dropped with waitables in it");
        }
    }
    if (dropped->length != 0) {
        return RILL_TRAP(host, "a waitable set is dropped while a task waits for it");
    }
    rill_free_entry(host, dropped);
    return true;
}

bool rill_join(struct rill_host *host, uint32_t waitable, uint32_t set)
{
    struct rill_end *end = rill_entry(host, waitable);

    if (end == NULL || end->kind <= RILL_SET) {
        return RILL_TRAP(host, "no such waitable");
    }
    if ((end->status & RILL_SYNC_WAITER) != 0) {
        return RILL_TRAP(host, "a synchronous built-in waits for this waitable");
    }
    if (set != 0 && rill_find_set(host, set) == NULL) {
        return false;
    }
    end->set = (uint16_t)set;
    return true;
}
