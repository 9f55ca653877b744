/*
 * Streams over rings, sleep, timeouts. See rill_rings.h for the contract.
 */
#include "rill_rings.h"

#include <string.h>

static bool is_idle(const struct rill_end *end)
{
    return rill_end_is_open(end) && rill_end_state(end) == (uint32_t)RILL_IDLE;
}

/** Whether a copy of the end's has come to something. */
static bool has_news_of(const struct rill_end *end)
{
    return rill_end_state(end) == (uint32_t)RILL_COPYING && rill_end_has_event(end);
}

/// Sources ///

/** SAFETY: what a copy has moved of what was lent, items of rill_ring_peek, is never more than was lent. */
static void taken(struct rill_source *source, uint32_t packed)
{
    rill_ring_skip(source->ring, packed >> 4);
    source->items += packed >> 4;
    if ((packed & 15u) == (uint32_t)RILL_DROPPED) {
        rill_end_drop(&source->end);
    }
}

/**
 * Offers what the ring holds, until a copy waits for the guest: it takes that one ahead, item by item.
 * @returns whether anything moved
 */
static bool offer(struct rill_host *host, struct rill_source *source)
{
    bool moved = false;

    while (is_idle(&source->end)) {
        uint32_t packed = RILL_BLOCKED;
        uint8_t *items = NULL;
        /* The order of the looks matters: the putter puts its last item before it says that the stream is over. */
        const uint8_t is_over = source->is_over;
        uint32_t count;

        RILL_RING_BARRIER();
        count = rill_ring_peek(source->ring, &items);
        if (count == 0u && is_over != 0u && !moved) {
            rill_end_drop(&source->end);
            return true;
        }
        if (count == 0u || !rill_end_copy(host, &source->end, items, count, false, &packed) || packed == RILL_BLOCKED) {
            break;
        }
        taken(source, packed);
        moved = true;
    }
    return moved;
}

/** Goes on with a source. @returns whether anything moved */
static bool pump_source(struct rill_host *host, struct rill_source *source)
{
    const bool moved = has_news_of(&source->end);

    if (moved) {
        taken(source, rill_end_event(&source->end));
    }
    return offer(host, source) || moved;
}

/// Sinks ///

/** SAFETY: what a copy has moved into what was lent, places of rill_ring_space, is never more than was lent. */
static void written(struct rill_sink *sink, uint32_t packed)
{
    rill_ring_fill(sink->ring, packed >> 4);
    sink->items += packed >> 4;
    if ((packed & 15u) == (uint32_t)RILL_DROPPED) {
        rill_end_drop(&sink->end);
    }
}

/** Goes on with a sink. @returns whether anything moved */
static bool pump_sink(struct rill_host *host, struct rill_sink *sink)
{
    bool moved = has_news_of(&sink->end);

    if (moved) {
        written(sink, rill_end_event(&sink->end));
    }
    while (is_idle(&sink->end)) {
        uint32_t packed = RILL_BLOCKED;
        uint8_t *places = NULL;
        const uint32_t count = rill_ring_space(sink->ring, &places);

        if (count == 0u || !rill_end_copy(host, &sink->end, places, count, false, &packed) || packed == RILL_BLOCKED) {
            break;
        }
        written(sink, packed);
        moved = true;
    }
    return moved;
}

/// The port ///

static bool pump(struct rill_rings *rings)
{
    bool moved = false;
    uint8_t i;

    for (i = 0; i < rings->sink_count; i++) {
        moved = pump_sink(rings->host, &rings->sinks[i]) || moved;
    }
    for (i = 0; i < rings->source_count; i++) {
        moved = pump_source(rings->host, &rings->sources[i]) || moved;
    }
    return moved;
}

/** Whether an interrupt has brought what the last pump did not see. Called with interrupts held off. */
static bool has_news(const struct rill_rings *rings)
{
    uint8_t *places;
    uint8_t i;

    for (i = 0; i < rings->source_count; i++) {
        const struct rill_source *source = &rings->sources[i];

        if (is_idle(&source->end) && (source->is_over != 0u || rill_ring_empty(source->ring) == 0)) {
            return true;
        }
    }
    for (i = 0; i < rings->sink_count; i++) {
        const struct rill_sink *sink = &rings->sinks[i];

        if (is_idle(&sink->end) && rill_ring_space(sink->ring, &places) != 0u) {
            return true;
        }
    }
#ifdef RILL_WITH_CALLS
    return rings->has_more != NULL && rings->has_more(rings);
#else
    return false;
#endif
}

/**
 * Lets everything go on that can.
 * @returns whether anything moved; false also when patience is at an end: then the guest has trapped
 */
static bool go_on(struct rill_rings *rings)
{
    const struct rill_chip *chip = rings->chip;

    if (chip->serve != NULL) {
        chip->serve(rings->context);
    }
    if (pump(rings)) {
        if (rings->patience != 0u) {
            rings->since = chip->now();
        }
        return true;
    }
    if (rings->patience != 0u && chip->now() - rings->since >= rings->patience) {
        rings->has_timed_out = 1;
        rings->host->trap = RILL_TEXT("no item has moved for too long");
    }
    return false;
}

static void look_for_news(void *context)
{
    (void)go_on(context);
}

static bool wait_for_news(void *context)
{
    struct rill_rings *rings = context;
    const struct rill_chip *chip = rings->chip;

    if (go_on(rings)) {
        return true;
    }
    if (rings->has_timed_out != 0u) {
        return false;
    }
    chip->lock();
    if (!has_news(rings)) {
        chip->sleep();
    }
    chip->unlock();
    return true;
}

const struct rill_port rill_rings_port = {wait_for_news, look_for_news};

/// Opening and closing ///

static void wind_up(struct rill_rings *rings)
{
    rings->has_timed_out = 0;
    if (rings->patience != 0u) {
        rings->since = rings->chip->now();
    }
}

/** Whether the ring's places are such elements: their bytes, and where they lie. */
static bool holds(const struct rill_ring *ring, const struct rill_type *element)
{
    return element != NULL && ring->item == element->elem_size && ((uintptr_t)ring->room & (element->align - 1u)) == 0u;
}

/** Traps when `end` cannot be opened on the ring. */
static bool may_open(struct rill_host *host, const struct rill_end *end, const struct rill_ring *ring,
                     const struct rill_type *element)
{
    if (rill_end_is_open(end)) {
        host->trap = RILL_TEXT("a source or sink is opened that is open");
        return false;
    }
    if (!holds(ring, element)) {
        host->trap = RILL_TEXT("the ring's items have another length or alignment than the stream's");
        return false;
    }
    return true;
}

bool rill_source_open(struct rill_rings *rings, struct rill_source *source, const struct rill_type *element,
                      uint32_t *handle)
{
    if (!may_open(rings->host, &source->end, source->ring, element)) {
        return false;
    }
    source->items = 0;
    if (!rill_give(rings->host, element, false, &source->end, handle)) {
        return false;
    }
    wind_up(rings);
    (void)pump_source(rings->host, source);
    return true;
}

bool rill_sink_open(struct rill_rings *rings, struct rill_sink *sink, const struct rill_type *element, uint32_t handle)
{
    if (!may_open(rings->host, &sink->end, sink->ring, element)) {
        return false;
    }
    sink->items = 0;
    if (!rill_take(rings->host, element, false, handle, &sink->end)) {
        return false;
    }
    wind_up(rings);
    (void)pump_sink(rings->host, sink);
    return true;
}

void rill_rings_close(struct rill_rings *rings)
{
    uint8_t i;

    for (i = 0; i < rings->source_count; i++) {
        struct rill_source *source = &rings->sources[i];

        if (rill_end_state(&source->end) == (uint32_t)RILL_COPYING) {
            taken(source, rill_end_cancel(&source->end));
        }
        rill_end_drop(&source->end);
    }
    for (i = 0; i < rings->sink_count; i++) {
        struct rill_sink *sink = &rings->sinks[i];

        if (rill_end_state(&sink->end) == (uint32_t)RILL_COPYING) {
            written(sink, rill_end_cancel(&sink->end));
        }
        rill_end_drop(&sink->end);
    }
}
