#include "remote_ends.h"

#include "calls.h"
#include "host.h"
#include "link.h"

#include <string.h>

static const char no_place[] = "no place for an end: the image says how many";

/* What the computer answers, when it has been asked for an item, or told of one. */
enum answer {
    ANSWER_OVER = 0, /* there are no more, or no more are wanted */
    ANSWER_ITEM = 1, /* it is there, or the next one is wanted */
    ANSWER_LATER = 2
};

static struct remote_ends *behind_calls(const struct rill_end *behind)
{
    const uintptr_t at = (uintptr_t)behind + CALLS_BYTES(host_call_places);

    /* Handles are aligned to 4, items to 8: REMOTE_ENDS_BYTES counts what lies between. */
    return (struct remote_ends *)((at + 7u) & ~(uintptr_t)7u);
}

static struct remote_ends *ends_of(const struct rill_host *host)
{
    return behind_calls(&host->ends[host->end_count]);
}

/* Whether an end is there; one whose other end the guest has dropped goes, and the computer hears of it. */
static int is_there(struct remote_end *one, uint32_t place)
{
    if (!rill_end_is_open(&one->end)) {
        return 0;
    }
    if (!one->end.stream->is_dropped) {
        return 1;
    }
    link_text("gone ");
    link_hex32(REMOTE_END | place);
    link_end();
    rill_end_drop(&one->end);
    return 0;
}

struct rill_stream *remote_ends_open(struct rill_end *behind)
{
    struct remote_ends *ends = behind_calls(behind);

    (void)memset(ends, 0, REMOTE_ENDS_BYTES(host_end_places) - 4u);
    /* SAFETY: REMOTE_ENDS_BYTES counts the streams behind the ends. */
    return (struct rill_stream *)(void *)&ends->of[host_end_places];
}

/* A place that is free; NULL. */
static struct remote_end *free_place(const struct rill_host *host)
{
    struct remote_end *one = ends_of(host)->of;
    uint32_t place;

    for (place = 0u; place < host_end_places; place++, one++) {
        if (!is_there(one, place)) {
            one->is_late = 0u;
            return one;
        }
    }
    return NULL;
}

static const struct rill_type *element_of(const remote_guest *guest, uint32_t what)
{
    return rill_image_element(&guest->types[what & (RILL_IMAGE_MAX_TYPES - 1u)]);
}

const char *remote_ends_give(remote_guest *guest, uint32_t what, uint32_t answer[2])
{
    struct remote_end *one = free_place(&guest->host);

    if (one == NULL) {
        return no_place;
    }
    answer[0] = (uint32_t)(one - ends_of(&guest->host)->of);
    return rill_give(&guest->host, element_of(guest, what), (what & RILL_STREAM_FUTURE) != 0u, &one->end, &answer[1])
               ? NULL
               : guest->host.trap;
}

const char *remote_ends_take(remote_guest *guest, uint32_t what, uint32_t answer[2])
{
    struct remote_end *of = ends_of(&guest->host)->of;
    struct remote_end *one;
    struct rill_end end;
    uint32_t place;

    if (!rill_take(&guest->host, element_of(guest, what), (what & RILL_STREAM_FUTURE) != 0u, answer[1], &end)) {
        return guest->host.trap;
    }
    one = free_place(&guest->host);
    if (one == NULL) {
        return no_place;
    }
    one->end = end;
    one->is_late = REMOTE_END_LATE;
    answer[0] = (uint32_t)(one - of);
    for (place = 0u; place < host_end_places; place++) {
        if (&of[place] != one && of[place].end.stream == one->end.stream && rill_end_is_open(&of[place].end)) {
            /* Handed on as it came: from here on it goes by itself. */
            rill_end_drop(&of[place].end);
            rill_end_drop(&one->end);
            answer[0] = place | REMOTE_END_OWN;
            break;
        }
    }
    return NULL;
}

void remote_ends_wake(const struct rill_host *host, uint32_t number)
{
    const uint32_t place = number & ~REMOTE_END_LEFT;
    struct remote_end *one;

    if (place < host_end_places) {
        one = &ends_of(host)->of[place];
        one->is_late = 0u;
        if (place != number) {
            rill_end_drop(&one->end);
        }
    }
}

int remote_ends_answer_asking(struct rill_host *host, struct rill_end *end)
{
    const struct rill_end *pending = end->stream->pending;
    uint32_t packed;

    if (pending == NULL || pending == end || pending->length != 0u) {
        return 0;
    }
    /* No element moves, so there need be no room for one. */
    (void)rill_end_copy(host, end, NULL, 1u, false, &packed);
    (void)rill_end_cancel(end);
    return 1;
}

/* @returns 1 when an item moved, or the end is over */
static int take_answer(const remote_guest *guest, struct remote_end *one, const struct remote *remote)
{
    if (guest->host.trap != NULL) {
        return 0;
    }
    one->is_late = remote->result == ANSWER_LATER ? REMOTE_END_LATE : 0u;
    if (remote->result == ANSWER_OVER) {
        rill_end_drop(&one->end);
    }
    return 1;
}

/* The guest waits for an item. */
static int lower_item(remote_guest *guest, struct remote_end *one, uint32_t number)
{
    uint64_t *item = ends_of(&guest->host)->item;
    struct remote remote = {guest, host_env(), (uint32_t *)(void *)item, FEED_ITEM_MAX / 4u, 0u};
    const uint64_t cell = number;
    uint32_t packed = 0u;
    int moved;

    guest->host.trap = remote_ask(&remote, "item", NULL, &cell, 1u);
    moved = take_answer(guest, one, &remote);
    if (moved != 0 && remote.result == ANSWER_ITEM) {
        if (rill_end_copy(&guest->host, &one->end, (uint8_t *)item, 1u, false, &packed) && packed == RILL_BLOCKED) {
            /* Its allocator has given the copy up. */
            (void)rill_end_cancel(&one->end);
        }
    }
    return moved != 0 && one->is_late == 0u;
}

/* The guest waits with an item. */
static int lift_item(remote_guest *guest, struct remote_end *one, uint32_t number)
{
    uint64_t *item = ends_of(&guest->host)->item;
    const struct rill_type *element = one->end.stream->element;
    struct remote remote = {guest, NULL, NULL, 0u, 0u};
    uint32_t packed = 0u;

    if (!rill_end_copy(&guest->host, &one->end, (uint8_t *)item, 1u, false, &packed)) {
        return 0;
    }
    guest->host.trap = remote_ask(&remote, "wrote", (const uint8_t *)&number, item,
                                  element != NULL ? (element->elem_size + 7u) / 8u : 0u);
    return take_answer(guest, one, &remote);
}

static int pump(remote_guest *guest, struct remote_end *one, uint32_t place)
{
    const uint32_t number = REMOTE_END | place;

    if (!is_there(one, place)) {
        return 0;
    }
    if (one->is_late != 0u) {
        if (one->is_late == REMOTE_END_LATE && one->end.kind == RILL_READABLE && rill_end_is_awaited(&one->end)) {
            one->is_late = REMOTE_END_FULL;
            link_text("full");
            link_end();
        }
        return 0;
    }
    if (!rill_end_is_awaited(&one->end)) {
        return remote_ends_answer_asking(&guest->host, &one->end);
    }
    return one->end.kind == RILL_READABLE ? lift_item(guest, one, number) : lower_item(guest, one, number);
}

int remote_ends_pump(remote_guest *guest)
{
    uint32_t place;
    int moved = 0;

    for (place = 0u; place < host_end_places && guest->host.trap == NULL; place++) {
        moved |= pump(guest, &ends_of(&guest->host)->of[place], place);
    }
    return moved;
}

void remote_ends_settle(remote_guest *guest)
{
    struct remote_end *one = ends_of(&guest->host)->of;
    uint32_t place;

    for (place = 0u; place < host_end_places; place++, one++) {
        if (is_there(one, place) && one->end.kind == RILL_READABLE && rill_end_is_awaited(&one->end)
            && guest->host.trap == NULL) {
            (void)lift_item(guest, one, REMOTE_END | place);
        }
    }
}
