/*
 * The guest's handles of the firmware's resources. See rill_resources.h.
 */
#include "rill_resources.h"

#include "rill_internal.h"

#include <string.h>

/* rill_resource.lends of a handle that is taken for good, by a call that has not taken everything yet. */
#define TAKEN UINT16_MAX

void rill_resources_init(struct rill_resources *resources, struct rill_host *host, struct rill_resource *places,
                         uint16_t count)
{
    (void)memset(places, 0, count * sizeof places[0]);
    resources->host = host;
    resources->places = places;
    resources->count = count;
    resources->borrowed = 0;
}

/** The handle of a place. */
static uint32_t handle_of(const struct rill_resources *resources, uint32_t place)
{
    return resources->host->end_count + 1u + place;
}

/** The place of a handle in use, of any type; NULL for none. */
static struct rill_resource *place_of(const struct rill_resources *resources, uint32_t handle)
{
    const uint32_t place = handle - handle_of(resources, 0);

    /* SAFETY: a smaller handle wraps to a number that is larger than any count. */
    if (place >= resources->count || resources->places[place].type == 0u) {
        return NULL;
    }
    return &resources->places[place];
}

/** The same of one type, or a trap. */
static struct rill_resource *found(struct rill_resources *resources, uint8_t type, uint32_t handle)
{
    struct rill_resource *place = place_of(resources, handle);

    if (place == NULL || place->type != type + 1u) {
        (void)RILL_TRAP(resources->host, "no such handle of a resource");
        return NULL;
    }
    return place;
}

static void free_place(struct rill_resources *resources, struct rill_resource *place)
{
    if (place->is_borrow != 0u) {
        resources->borrowed--;
    }
    (void)memset(place, 0, sizeof *place);
}

bool rill_resource_give(struct rill_resources *resources, uint8_t type, enum rill_ownership how, uint32_t index,
                        uint32_t *handle)
{
    struct rill_resource *free = NULL;
    uint16_t i;

    for (i = 0; i < resources->count; i++) {
        struct rill_resource *place = &resources->places[i];

        if (place->type == 0u) {
            free = place;
            break;
        }
    }
    if (free == NULL) {
        return RILL_TRAP(resources->host, "no place is left for a handle of a resource");
    }
    free->index = index;
    free->type = (uint8_t)(type + 1u);
    free->is_borrow = how == RILL_BORROW;
    resources->borrowed = (uint16_t)(resources->borrowed + free->is_borrow);
    *handle = handle_of(resources, (uint32_t)(free - resources->places));
    return true;
}

bool rill_resource_take(struct rill_resources *resources, uint8_t type, enum rill_ownership how, uint32_t handle,
                        uint32_t *index)
{
    struct rill_resource *place = found(resources, type, handle);

    if (place == NULL) {
        return false;
    }
    *index = place->index;
    if (place->lends == TAKEN) {
        return RILL_TRAP(resources->host, "a call passes a resource that it hands over as well");
    }
    if (how == RILL_BORROW) {
        if (place->lends == TAKEN - 1u) {
            return RILL_TRAP(resources->host, "a resource is lent too often");
        }
        place->lends++;
        return true;
    }
    if (place->is_borrow != 0u || place->lends != 0u) {
        return RILL_TRAP(resources->host, "a resource is handed on that is lent");
    }
    place->lends = TAKEN;
    return true;
}

void rill_resources_taken(struct rill_resources *resources)
{
    uint16_t i;

    for (i = 0; i < resources->count; i++) {
        if (resources->places[i].lends == TAKEN) {
            free_place(resources, &resources->places[i]);
        }
    }
}

void rill_resource_return(struct rill_resources *resources, uint32_t handle)
{
    struct rill_resource *place = place_of(resources, handle);

    if (place != NULL && place->lends != 0u && place->lends != TAKEN) {
        place->lends--;
    }
}

#ifdef RILL_WITH_LISTS

/** Bytes of a handle that is noted. */
#define NOTE 4u

bool rill_resource_lend(struct rill_resources *resources, uint8_t type, uint32_t handle, uint32_t *index,
                        struct rill_space *space)
{
    if (space->byte_length - space->used < NOTE) {
        return RILL_TRAP(resources->host, "no room is left for handles that are lent");
    }
    if (!rill_resource_take(resources, type, RILL_BORROW, handle, index)) {
        return false;
    }
    space->byte_length -= NOTE;
    rill_store_word(space->bytes + space->byte_length, handle);
    return true;
}

void rill_resources_return(struct rill_resources *resources, struct rill_space *space, uint32_t byte_length)
{
    while (space->byte_length < byte_length) {
        rill_resource_return(resources, rill_load_word(space->bytes + space->byte_length));
        space->byte_length += NOTE;
    }
}

#endif

bool rill_resource_drop(struct rill_resources *resources, uint8_t type, uint32_t handle, bool *is_owner,
                        uint32_t *index)
{
    struct rill_resource *place = found(resources, type, handle);

    if (place == NULL) {
        return false;
    }
    if (place->lends != 0u) {
        return RILL_TRAP(resources->host, "a resource is dropped while a call has it lent");
    }
    *is_owner = place->is_borrow == 0u;
    *index = place->index;
    free_place(resources, place);
    return true;
}

static bool keeps(const struct rill_resources *resources)
{
    return RILL_TRAP(resources->host, "a resource that was lent to the guest is not dropped when its call ends");
}

bool rill_resources_settle(struct rill_resources *resources)
{
    return resources->borrowed == 0u || keeps(resources);
}

#ifdef RILL_WITH_TASKS

bool rill_resource_lend_to(struct rill_resources *resources, const void **calls, const void *call, uint8_t type,
                           uint32_t index, uint32_t *handle)
{
    if (!rill_resource_give(resources, type, RILL_BORROW, index, handle)) {
        return false;
    }
    calls[*handle - handle_of(resources, 0)] = call;
    return true;
}

bool rill_resources_settle_call(struct rill_resources *resources, const void *const *calls, const void *call)
{
    uint16_t i;

    for (i = 0; i < resources->count; i++) {
        if (resources->places[i].is_borrow != 0u && calls[i] == call) {
            return keeps(resources);
        }
    }
    return true;
}

#endif

bool rill_resources_end(struct rill_resources *resources, uint8_t *type, uint32_t *index)
{
    uint16_t i;

    for (i = 0; i < resources->count; i++) {
        struct rill_resource *place = &resources->places[i];

        if (place->type != 0u) {
            const bool is_owner = place->is_borrow == 0u;

            *type = (uint8_t)(place->type - 1u);
            *index = place->index;
            free_place(resources, place);
            if (is_owner) {
                return true;
            }
        }
    }
    return false;
}
