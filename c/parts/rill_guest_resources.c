/*
 * Resources that the guest implements. See rill_guest_resources.h.
 */
#include "rill_guest_resources.h"

#include "rill_internal.h"

/* rill_guest_resource.holder: BY_CALL is what a call was given that has not started. */
enum { BY_GUEST, BY_FIRMWARE, BY_CALL };

/* rill_guest_resource.asked of what the call under way hands over. */
#define HANDED_OVER UINT16_MAX

/** The part of a number that names the place. */
#define PLACE UINT32_C(0xffff)

void rill_guest_resources_init(struct rill_guest_resources *resources, struct rill_host *host,
                               struct rill_guest_resource *places, uint16_t count, uint16_t first)
{
    uint16_t i;

    for (i = 0; i < count; i++) {
        places[i].type = 0;
        places[i].lends = 0;
        places[i].asked = 0;
    }
    resources->host = host;
    resources->places = places;
    resources->count = count;
    resources->first = first;
    resources->depth = 0;
}

void rill_guest_resources_close(struct rill_guest_resources *resources)
{
    resources->count = 0;
}

/// Handles of the guest's ///

static uint32_t first_handle(const struct rill_guest_resources *resources)
{
    return resources->host->end_count + 1u + resources->first;
}

/** The place of a handle; NULL and a trap for none. */
static struct rill_guest_resource *of_handle(const struct rill_guest_resources *resources, uint8_t type,
                                             uint32_t handle)
{
    const uint32_t at = handle - first_handle(resources);

    /* SAFETY: a smaller handle wraps to a number that is larger than any count. */
    if (at >= resources->count || resources->places[at].type != type + 1u
        || resources->places[at].holder != (uint8_t)BY_GUEST) {
        (void)RILL_TRAP(resources->host, "no such handle of a resource of the guest's own");
        return NULL;
    }
    return &resources->places[at];
}

bool rill_guest_resource_new(struct rill_guest_resources *resources, uint8_t type, uint32_t representation,
                             uint64_t *handle)
{
    uint16_t i = 0;

    while (i < resources->count && resources->places[i].type != 0u) {
        i++;
    }
    if (i == resources->count) {
        return RILL_TRAP(resources->host, "no place is left for a resource of the guest's own");
    }
    resources->places[i].representation = representation;
    resources->places[i].type = (uint8_t)(type + 1u);
    resources->places[i].holder = BY_GUEST;
    *handle = first_handle(resources) + i;
    return true;
}

bool rill_guest_resource_rep(struct rill_guest_resources *resources, uint8_t type, uint32_t handle,
                             uint64_t *representation)
{
    const struct rill_guest_resource *place = of_handle(resources, type, handle);

    if (place == NULL) {
        return false;
    }
    *representation = place->representation;
    return true;
}

bool rill_guest_resource_drop(struct rill_guest_resources *resources, uint8_t type, uint32_t handle,
                              uint64_t *representation)
{
    struct rill_guest_resource *place = of_handle(resources, type, handle);

    if (place == NULL) {
        return false;
    }
    if (resources->depth >= RILL_NESTED_DESTRUCTORS) {
        return RILL_TRAP(resources->host, "too many destructors inside of each other");
    }
    resources->depth++;
    *representation = place->representation;
    place->type = 0;
    return true;
}

bool rill_guest_resource_dropped(struct rill_guest_resources *resources, bool is_done)
{
    resources->depth--;
    return is_done;
}

bool rill_guest_resource_take(struct rill_guest_resources *resources, uint8_t type, uint32_t handle, uint32_t *to)
{
    struct rill_guest_resource *place = of_handle(resources, type, handle);

    if (place == NULL) {
        return false;
    }
    place->holder = BY_FIRMWARE;
    place->count = (uint16_t)(place->count == UINT16_MAX ? 1u : place->count + 1u);
    *to = (uint32_t)place->count << 16 | (uint32_t)(place - resources->places);
    return true;
}

/// Numbers of the firmware's ///

/** The place of a number; NULL for none. */
static struct rill_guest_resource *of_number(const struct rill_guest_resources *resources, uint8_t type,
                                             uint32_t number)
{
    struct rill_guest_resource *place;

    if ((number & PLACE) >= resources->count) {
        return NULL;
    }
    place = &resources->places[number & PLACE];
    return place->type == type + 1u && place->holder != (uint8_t)BY_GUEST && place->count == number >> 16 ? place
                                                                                                          : NULL;
}

enum rill_held rill_guest_resource_look(const struct rill_guest_resources *resources, uint8_t type, uint32_t number)
{
    const struct rill_guest_resource *place = of_number(resources, type, number);

    if (place == NULL || place->holder != (uint8_t)BY_FIRMWARE || resources->host->trap != NULL) {
        return RILL_HELD_NOT;
    }
    return place->lends == 0u && place->asked == 0u ? RILL_HELD : RILL_HELD_LENT;
}

bool rill_guest_resource_ask(struct rill_guest_resources *resources, uint8_t type, enum rill_ownership how,
                             uint32_t number)
{
    struct rill_guest_resource *place = of_number(resources, type, number);

    if (place == NULL || place->holder != (uint8_t)BY_FIRMWARE) {
        return false;
    }
    if (how == RILL_BORROW) {
        /* What is handed over is at the largest count, too. */
        if (place->asked >= HANDED_OVER - 1u || place->lends > UINT16_MAX - place->asked - 1u) {
            return false;
        }
        place->asked++;
        return true;
    }
    if (place->asked != 0u || place->lends != 0u) {
        return false;
    }
    place->asked = HANDED_OVER;
    return true;
}

void rill_guest_resources_forget(struct rill_guest_resources *resources)
{
    uint16_t i;

    for (i = 0; i < resources->count; i++) {
        resources->places[i].asked = 0;
    }
}

void rill_guest_resources_keep(struct rill_guest_resources *resources)
{
    uint16_t i;

    for (i = 0; i < resources->count; i++) {
        struct rill_guest_resource *place = &resources->places[i];

        if (place->asked == HANDED_OVER) {
            place->holder = BY_CALL;
        } else {
            place->lends = (uint16_t)(place->lends + place->asked);
        }
        place->asked = 0;
    }
}

bool rill_guest_resource_give(struct rill_guest_resources *resources, uint8_t type, enum rill_ownership how,
                              uint32_t number, uint32_t *to)
{
    struct rill_guest_resource *place = of_number(resources, type, number);
    const bool is_kept = place != NULL && (how == RILL_OWN ? place->holder == (uint8_t)BY_CALL : place->lends != 0u);

    if (place == NULL || (!is_kept && (place->asked == 0u || (how == RILL_OWN) != (place->asked == HANDED_OVER)))) {
        return RILL_TRAP(resources->host, "a call passes a resource that it does not have");
    }
    if (how == RILL_OWN) {
        place->holder = BY_GUEST;
        place->asked = 0;
        *to = first_handle(resources) + (uint32_t)(place - resources->places);
    } else {
        *to = place->representation;
    }
    return true;
}

void rill_guest_resource_return(struct rill_guest_resources *resources, uint8_t type, enum rill_ownership how,
                                uint32_t number)
{
    struct rill_guest_resource *place = of_number(resources, type, number);

    if (place == NULL) {
        return;
    }
    if (how == RILL_BORROW && place->lends != 0u) {
        place->lends--;
    }
    if (how == RILL_OWN && place->holder == (uint8_t)BY_CALL) {
        place->holder = BY_FIRMWARE;
    }
}

bool rill_guest_resource_end(struct rill_guest_resources *resources, uint8_t type, uint32_t number,
                             uint64_t *representation)
{
    struct rill_guest_resource *place = of_number(resources, type, number);

    if (rill_guest_resource_look(resources, type, number) != RILL_HELD) {
        return false;
    }
    *representation = place->representation;
    place->type = 0;
    return true;
}
