/*
 * rill-run: ends of streams and futures that whoever started the program holds, as firmware/remote_ends.c does for
 * boards. It lifts and lowers their items one at a time, while the guest's own copy waits.
 */
#include "remote.h"

#ifdef RUN_IMPORTS

#include <stdlib.h>

/** Ends that are held at once. */
#define MAX_ENDS 1024u
/** In an end's type: it is a future. */
#define IS_FUTURE 0x80000000u
/** In the number of an end that wakes: nobody reads it any more. */
#define END_LEFT 0x40000000u
/** In what answers that an end was taken: it was held here already, at this place, and nobody holds it now. */
#define END_OWN 0x80000000u

/** What is answered when an item is asked for, or told of: HELD_ANSWERS of held-items.ts. */
enum remote_end_answer {
    ANSWER_OVER,
    ANSWER_ITEM, /* it is there, or the next one is wanted */
    ANSWER_LATER
};

/** One of them. */
struct remote_end {
    struct rill_end end; /* RILL_WRITABLE: the guest reads */
    bool is_late;        /* there is no item, or none is wanted, until it wakes */
    bool is_full;        /* the guest waits with an item that is not wanted, and that was said */
};

static struct remote_end ends[MAX_ENDS];
static uint32_t used; /* places that have been taken at least once */
static uint8_t *item; /* on its way */
static uint32_t item_room;

/** Whether an end is there; one whose other end the guest has dropped goes. */
static bool is_there(struct remote_end *one)
{
    if (!rill_end_is_open(&one->end)) {
        return false;
    }
    if (!one->end.stream->is_dropped) {
        return true;
    }
    remote_tell(REMOTE_GONE, REMOTE_END | (uint32_t)(one - ends));
    rill_end_drop(&one->end);
    return false;
}

/** A place that is free; NULL for a trap. */
static struct remote_end *free_place(void)
{
    uint32_t place;

    for (place = 0; place < MAX_ENDS; place++) {
        if (place == used) {
            used++;
        }
        if (!is_there(&ends[place])) {
            ends[place].is_late = false;
            ends[place].is_full = false;
            return &ends[place];
        }
    }
    GUEST_HOST->trap = "too many streams and futures at once";
    return NULL;
}

static const struct rill_type *element_of(uint32_t what)
{
    const uint32_t index = what & ~IS_FUTURE;

    return index < job.type_count ? &job.types[index] : NULL;
}

bool remote_ends_give(uint32_t end[2])
{
    const uint32_t what = end[0];
    struct remote_end *one = free_place();

    if (one == NULL) {
        return false;
    }
    end[0] = (uint32_t)(one - ends);
    return rill_give(GUEST_HOST, element_of(what), (what & IS_FUTURE) != 0, &one->end, &end[1]);
}

/** Says which handle the guest has to trap for. 0 is of an end that was never made: run/trap-position.ts knows that. */
static bool name_handle(uint32_t handle)
{
    static char text[128];

    if (handle != 0) {
        (void)snprintf(text, sizeof text, "%s: handle %lu", GUEST_HOST->trap, (unsigned long)handle);
        GUEST_HOST->trap = text;
    }
    return false;
}

bool remote_ends_take(uint32_t end[2])
{
    struct rill_end taken;
    struct remote_end *one;
    uint32_t place;

    if (!rill_take(GUEST_HOST, element_of(end[0]), (end[0] & IS_FUTURE) != 0, end[1], &taken)) {
        return name_handle(end[1]);
    }
    one = free_place();
    if (one == NULL) {
        return false;
    }
    one->end = taken;
    one->is_late = true;
    end[0] = (uint32_t)(one - ends);
    for (place = 0; place < used; place++) {
        if (&ends[place] != one && rill_end_is_open(&ends[place].end) && ends[place].end.stream == one->end.stream) {
            /* Handed on as it came: from here on it goes by itself. */
            rill_end_drop(&ends[place].end);
            rill_end_drop(&one->end);
            end[0] = place | END_OWN;
            break;
        }
    }
    return true;
}

void remote_ends_wake(uint32_t number)
{
    const uint32_t place = number & ~END_LEFT;

    if (place < used) {
        ends[place].is_late = false;
        if (place != number) {
            rill_end_drop(&ends[place].end);
        }
    }
}

bool are_remote_ends_late(void)
{
    uint32_t place;

    for (place = 0; place < used; place++) {
        if (rill_end_is_open(&ends[place].end) && ends[place].is_late) {
            return true;
        }
    }
    return false;
}

/** Room for an item. */
static uint8_t *room_for(const struct rill_type *element)
{
    const uint32_t wanted = element != NULL ? element->elem_size : 1u;

    /* Orders bring whole words. */
    if (wanted + 4u > item_room) {
        item_room = wanted + 4u;
        free(item);
        item = calloc(1, item_room);
        if (item == NULL) {
            fail("out of memory", "");
        }
    }
    return item;
}

/** The guest's copy of no elements, if there is one, asks whether the other end is ready: it is. */
static bool answer_asking(struct rill_end *end)
{
    const struct rill_end *pending = end->stream->pending;
    uint32_t packed;

    if (pending == NULL || pending == end || pending->length != 0) {
        return false;
    }
    (void)rill_end_copy(GUEST_HOST, end, NULL, 1, false, &packed);
    (void)rill_end_cancel(end);
    return true;
}

/** Takes in what was answered. */
static void take_answer(struct remote_end *one, uint32_t answer)
{
    one->is_late = answer == ANSWER_LATER;
    one->is_full = false;
    if (answer == ANSWER_OVER) {
        rill_end_drop(&one->end);
    }
}

/** The guest waits for an item. @returns whether anything happened */
static bool lower_item(struct remote_end *one, uint32_t number)
{
    struct remote remote = {room_for(one->end.stream->element), item_room, 0, 0};
    uint32_t packed = 0;

    if (!remote_ask(&remote, REMOTE_ITEM, number, NULL, 0)) {
        return false;
    }
    take_answer(one, remote.number);
    if (remote.number == ANSWER_ITEM && rill_end_copy(GUEST_HOST, &one->end, remote.words, 1, false, &packed)
        && packed == RILL_BLOCKED) {
        /* Its allocator has given the copy up. */
        (void)rill_end_cancel(&one->end);
    }
    return !one->is_late;
}

/** The guest waits with an item. */
static bool lift_item(struct remote_end *one, uint32_t number)
{
    const struct rill_type *element = one->end.stream->element;
    uint8_t *place = room_for(element);
    struct remote remote = {NULL, 0, 0, 0};
    uint32_t packed = 0;

    if (!rill_end_copy(GUEST_HOST, &one->end, place, 1, false, &packed)
        || !remote_ask(&remote, REMOTE_WROTE, number, place, element != NULL ? element->elem_size : 0)) {
        return false;
    }
    take_answer(one, remote.number);
    return true;
}

static bool pump(struct remote_end *one)
{
    const uint32_t number = REMOTE_END | (uint32_t)(one - ends);
    const bool is_read = one->end.kind == RILL_READABLE;

    if (!is_there(one)) {
        return false;
    }
    if (one->is_late) {
        if (is_read && !one->is_full && rill_end_is_awaited(&one->end)) {
            one->is_full = true;
            remote_tell(REMOTE_FULL, number);
        }
        return false;
    }
    if (!rill_end_is_awaited(&one->end)) {
        return answer_asking(&one->end);
    }
    return is_read ? lift_item(one, number) : lower_item(one, number);
}

bool remote_ends_pump(void)
{
    bool has_moved = false;
    uint32_t place;

    for (place = 0; place < used && GUEST_HOST->trap == NULL; place++) {
        has_moved = pump(&ends[place]) || has_moved;
    }
    return has_moved;
}

void remote_ends_settle(void)
{
    uint32_t place;

    for (place = 0; place < used; place++) {
        struct remote_end *one = &ends[place];

        if (is_there(one) && one->end.kind == RILL_READABLE && rill_end_is_awaited(&one->end)
            && GUEST_HOST->trap == NULL) {
            (void)lift_item(one, REMOTE_END | place);
        }
    }
}

#endif
