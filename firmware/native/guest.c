/* Guests of machine code: images whose code runs where it lies. Instances take the pool from its start on. */
#include "../guest.h"

#include "../feed.h"
#include "../watchdog.h"

#include <string.h>

extern uint8_t __pool_start[];
extern uint8_t __pool_stop[];

static int failed(struct guest_set *set, int code, const char *why)
{
    set->text[0] = '\0';
    (void)strncat(set->text, why, sizeof set->text - 1u);
    return code;
}

int guest_load(struct guest_set *set)
{
    uint32_t i;

    set->free = __pool_start;
    if (set->image.is_native == 0u) {
        return failed(set, GUEST_ERR_ENGINE, "no interpreter");
    }
    for (i = 0u; i < set->image.type_count; i++) {
        uint32_t length = rill_image_type(&set->image, i).elem_size;
        /* NOLINTNEXTLINE(misc-redundant-expression): two limits, which some boards have set to the same number. */
        if (length == 0u || length > FEED_ITEM_MAX || length > HOST_OUTPUT || set->image.param_count > FEED_MAX) {
            return failed(set, GUEST_ERR_TYPE, "items");
        }
    }
    host_use(&set->image);
    return 0;
}

/* Bytes of the pool at a multiple of 8. @returns NULL without room */
static void *take(struct guest_set *set, uint32_t bytes)
{
    uint8_t *taken = set->free;

    bytes = (bytes + 7u) & ~7u;
    if (bytes > (uint32_t)(__pool_stop - taken)) {
        return NULL;
    }
    set->free += bytes;
    return taken;
}

int guest_add(struct guest_set *set)
{
    uint32_t ends = rill_image_handles(&set->image) * (uint32_t)sizeof(struct rill_end);
    uint8_t *before = set->free;
    struct guest *guest = take(set, (uint32_t)sizeof *guest + ends);
    struct rill_image_native *instance = take(set, rill_image_native_bytes(&set->image));

    if (guest == NULL || instance == NULL) {
        set->free = before;
        return failed(set, GUEST_ERR_INSTANCE, "no room");
    }
    guest->instance = instance;
    host_open(&guest->host, guest->ends, instance, (uint8_t)(set->count * set->image.stream_count));
    if (!rill_image_native_init(instance, &set->image)) {
        return failed(set, GUEST_ERR_INSTANCE, instance->base.host.trap);
    }
    guest->next = set->first;
    set->first = guest;
    set->count++;
    return 0;
}

struct call {
    struct rill_image_native *instance;
    const struct rill_image *image;
    const uint32_t *arguments;
};

static int call_entry(void *context)
{
    struct call *call = context;

    return rill_image_native_run(call->instance, call->image, call->arguments) ? 1 : 0;
}

int guest_run(struct guest_set *set, struct guest *guest)
{
    uint32_t arguments[FEED_MAX] = {0u};
    struct call call;
    int done;
    int closed;

    call.instance = guest->instance;
    call.image = &set->image;
    call.arguments = arguments;
    if (!host_begin(&guest->host, arguments)) {
        return failed(set, GUEST_ERR_TRAP, "entry");
    }
    feed_start();
    done = watchdog_run(call_entry, &call, feed_tick_rate() / WATCHDOG_DIVISOR);
    closed = host_end(&guest->host);
    if (done < 0) {
        return failed(set, GUEST_ERR_HUNG, "no progress");
    }
    if (done > 0 && !closed) {
        return failed(set, GUEST_ERR_TRAP, "streams left open");
    }
    return done > 0 ? 0 : failed(set, GUEST_ERR_TRAP, guest->instance->base.host.trap);
}

void guest_unload(struct guest_set *set)
{
    set->first = NULL;
    set->free = __pool_start;
}
