/*
 * One instance, its tables and its rings; see above_task.h.
 */
#include "above_task.h"

#include "above.h"

static uint16_t sample_room[16];
static uint8_t alarm_room[16];
struct rill_ring above_samples = RILL_RING_ON(sample_room);
struct rill_ring above_alarms = RILL_RING_ON(alarm_room);

static struct above_guest guest;
static struct rill_end handles[ABOVE_HANDLES];
static struct rill_stream streams[ABOVE_STREAMS];
static struct rill_source source = {.ring = &above_samples};
static struct rill_sink sink = {.ring = &above_alarms};
static struct rill_rings rings = {
    .host = &guest.base.host, .sources = &source, .sinks = &sink, .source_count = 1u, .sink_count = 1u};

/* The element type of `size` bytes: the guest has one of samples and one of alarms. */
static const struct rill_type *type_of(uint16_t item)
{
    return above_types[0].elem_size == item ? &above_types[0] : &above_types[1];
}

static bool returned(struct rill_native *of, const uint64_t *values)
{
    (void)of;
    return rill_sink_open(&rings, &sink, type_of(above_alarms.item), (uint32_t)values[0]);
}

void above_end(void)
{
    source.is_over = 1u;
}

const char *above_run(const struct rill_chip *chip)
{
    uint32_t input;
    uint32_t code;
    bool is_done;

    rings.chip = chip;
    rill_host_init(&guest.base.host, handles, ABOVE_HANDLES, streams, ABOVE_STREAMS, &rill_rings_port, &rings);
    guest.base.returned = returned;
    is_done = above_init(&guest) && rill_source_open(&rings, &source, type_of(above_samples.item), &input)
              && above_call_above(&guest, input, &code);
    rill_rings_close(&rings);
    if (chip->serve != NULL) {
        chip->serve(NULL);
    }
    rill_host_close(&guest.base.host);
    return is_done ? NULL : guest.base.host.trap;
}
