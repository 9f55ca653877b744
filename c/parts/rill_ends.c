/*
 * Readable ends inside of values. See rill_ends.h.
 */
#include "rill_bindings.h"

#include "rill_internal.h"

#include <string.h>

#ifdef RILL_WITH_CALLS

/** What a place is of. */
enum { FREE, OFFERED, TAKEN, OPEN };

/** Which calls a place's end is for. */
enum { BY_NONE, BY_THE_CALL, BY_A_LATER_CALL };

/* In a number: its place, below the count. */
#define PLACE UINT32_C(0xffff)

static bool is_over(const struct rill_ends_place *place)
{
    return place->state == FREE || (place->state != OFFERED && !rill_flow_is_open(&place->flow));
}

/** The place that a number names; NULL for none. */
static struct rill_ends_place *find(const struct rill_ends *ends, uint32_t number)
{
    struct rill_ends_place *place;

    if (ends->bindings == NULL || (number & PLACE) >= ends->count) {
        return NULL;
    }
    place = &ends->places[number & PLACE];
    return place->count == number >> 16 && !is_over(place) ? place : NULL;
}

static uint32_t number_of(const struct rill_ends *ends, const struct rill_ends_place *place)
{
    return (uint32_t)place->count << 16 | (uint32_t)(place - ends->places);
}

/** Whether nothing more comes of what is in a place. A firmware that has not looked yet finds what it was given. */
static bool is_free(const struct rill_ends_place *place)
{
    return place->state == FREE
           || (place->state == OPEN
               && (!rill_flow_is_open(&place->flow) || rill_shared(place->flow.end.stream)->is_dropped));
}

/**
 * Takes a free place, with an empty flow. Nothing else moves: a function of the firmware's, which may be who asks, has
 * set rings that were not looked at. @returns NULL when there is none
 */
static struct rill_ends_place *take_place(struct rill_ends *ends, uint8_t state)
{
    uint32_t i;

    for (i = 0; ends->bindings != NULL && i < ends->count; i++) {
        struct rill_ends_place *place = &ends->places[i];

        if (is_free(place)) {
            rill_flow_end(ends->bindings, &place->flow);
            (void)memset(&place->flow, 0, sizeof place->flow);
            place->count = (uint16_t)(place->count == UINT16_MAX ? 1u : place->count + 1u);
            place->state = state;
            place->passing = BY_NONE;
            return place;
        }
    }
    return NULL;
}

uint32_t rill_ends_offer(struct rill_ends *ends, struct rill_ring *ring)
{
    struct rill_ends_place *place = take_place(ends, OFFERED);

    if (place == NULL) {
        return 0;
    }
    place->flow.ring = ring;
    return number_of(ends, place);
}

enum rill_ends_how rill_ends_read(struct rill_ends *ends, uint32_t number, struct rill_ring *ring)
{
    struct rill_ends_place *place = find(ends, number);

    if (place == NULL) {
        return RILL_ENDS_NOT;
    }
    if (place->state != TAKEN || place->passing != BY_NONE) {
        return RILL_ENDS_USED;
    }
    if (ring == NULL || !rill_flow_fits(ends->bindings, ring, place->flow.end.stream->element)) {
        return RILL_ENDS_RING;
    }
    place->flow.ring = ring;
    place->state = OPEN;
    (void)rill_flow_go_on(ends->bindings, &place->flow);
    return RILL_ENDS_WELL;
}

enum rill_ends_how rill_ends_over(struct rill_ends *ends, uint32_t number)
{
    struct rill_ends_place *place = find(ends, number);

    if (place == NULL) {
        return RILL_ENDS_NOT;
    }
    place->flow.is_over = 1;
    return RILL_ENDS_WELL;
}

enum rill_ends_how rill_ends_drop(struct rill_ends *ends, uint32_t number)
{
    struct rill_ends_place *place = find(ends, number);

    if (place == NULL) {
        return RILL_ENDS_NOT;
    }
    if (place->passing != BY_NONE) {
        return RILL_ENDS_USED;
    }
    if (place->flow.is_future != 0u && place->flow.is_read_by_guest != 0u) {
        /* It cannot end without a value. */
        place->flow.is_over = 1;
        return RILL_ENDS_WELL;
    }
    rill_flow_end(ends->bindings, &place->flow);
    place->state = FREE;
    return RILL_ENDS_WELL;
}

bool rill_ends_is_open(const struct rill_ends *ends, uint32_t number)
{
    return find(ends, number) != NULL;
}

void rill_ends_init(struct rill_ends *ends, struct rill_bindings *bindings, struct rill_ends_place *places,
                    uint16_t count)
{
    ends->places = places;
    ends->count = count;
    rill_ends_close(ends);
    ends->bindings = bindings;
}

void rill_ends_close(struct rill_ends *ends)
{
    uint32_t i;

    for (i = 0; i < ends->count; i++) {
        ends->places[i].state = FREE;
    }
    ends->bindings = NULL;
}

/** Finds what may be passed as such a type; NULL for what may not. */
static struct rill_ends_place *find_for(const struct rill_ends *ends, const struct rill_type *element, bool is_future,
                                        uint32_t number)
{
    struct rill_ends_place *place = find(ends, number);

    if (place == NULL || place->state == OPEN) {
        return NULL;
    }
    if (place->state == OFFERED) {
        return rill_flow_fits(ends->bindings, place->flow.ring, element) ? place : NULL;
    }
    return rill_types_equal(place->flow.end.stream->element, element) && (place->flow.is_future != 0u) == is_future
               ? place
               : NULL;
}

bool rill_ends_ask(struct rill_ends *ends, const struct rill_type *element, bool is_future, uint32_t number)
{
    struct rill_ends_place *place = find_for(ends, element, is_future, number);

    if (place == NULL || place->passing != BY_NONE) {
        return false;
    }
    place->passing = BY_THE_CALL;
    return true;
}

/** What the call has asked for is for whom now. */
static void pass_for(struct rill_ends *ends, uint8_t whom)
{
    uint32_t i;

    for (i = 0; i < ends->count; i++) {
        if (ends->places[i].passing == BY_THE_CALL) {
            ends->places[i].passing = whom;
        }
    }
}

void rill_ends_forget(struct rill_ends *ends)
{
    pass_for(ends, BY_NONE);
}

void rill_ends_keep(struct rill_ends *ends)
{
    pass_for(ends, BY_A_LATER_CALL);
}

void rill_ends_return(struct rill_ends *ends, uint32_t number)
{
    struct rill_ends_place *place = find(ends, number);

    if (place != NULL) {
        place->passing = BY_NONE;
    }
}

bool rill_ends_give(struct rill_ends *ends, const struct rill_type *element, bool is_future, uint32_t number,
                    uint32_t *to)
{
    struct rill_ends_place *place = find_for(ends, element, is_future, number);
    struct rill_host *guest = ends->bindings->rings.host;

    if (place == NULL) {
        return RILL_TRAP(guest, "no such end of a stream or future, or one that cannot be passed");
    }
    place->passing = BY_NONE;
    if (place->state == OFFERED) {
        place->state = OPEN;
        return rill_flow_give(ends->bindings, &place->flow, element, is_future, to);
    }
    place->state = FREE;
    return rill_flow_give_back(ends->bindings, &place->flow, to);
}

bool rill_ends_take(struct rill_ends *ends, const struct rill_type *element, bool is_future, uint32_t handle,
                    uint32_t *to)
{
    struct rill_ends_place *place = take_place(ends, TAKEN);

    if (place == NULL) {
        return RILL_TRAP(ends->bindings->rings.host, "no place is left for the end of a stream or future in a value");
    }
    if (!rill_flow_take(ends->bindings, &place->flow, element, is_future, handle)) {
        return false;
    }
    *to = number_of(ends, place);
    return true;
}

#endif
