#include "calls.h"

#include "board.h"
#include "host.h"
#if defined(RILL_WITH_PIPES) && !defined(RILL_FIRMWARE_NATIVE)
#include "image_row.h"
#endif
#include "link.h"

#include <string.h>

/* Values are lifted and lowered by whoever answers. */
static const struct rill_func plain = {{NULL, NULL, 0u}, {NULL, NULL, 0u}};

#ifdef RILL_FIRMWARE_NATIVE
static struct call_place *places_of(const struct rill_host *host)
{
    (void)host;
    return native_more.calls;
}
#else
static struct call_place *places_of(const struct rill_host *host)
{
    const uintptr_t behind = (uintptr_t)&host->ends[host->end_count];

    /* Handles are aligned to 4, places to 8: CALLS_BYTES counts what lies between. */
    return (struct call_place *)((behind + 7u) & ~(uintptr_t)7u);
}
#endif

#if defined(RILL_WITH_PIPES) && !defined(RILL_FIRMWARE_NATIVE)
/* Guests of a row have each their own number of them. */
#define COUNT_OF(host) image_row_calls(host)
#else
#define COUNT_OF(host) host_call_places
#endif

static int is_free(const struct call_place *place)
{
    return place->call.host == NULL || place->call.state >= RILL_CALL_RETURNED;
}

static uint32_t number_of(const struct rill_call *call)
{
    return (uint32_t)(uintptr_t)call->context;
}

/* A call that goes on is over for the guest at once. */
static bool on_cancel(struct rill_call *call)
{
    const uint32_t number = number_of(call);

    if (number != 0u) {
        link_text(RILL_TEXT("gone "));
        link_hex32(number);
        link_end();
    }
    rill_call_cancelled(call);
    return true;
}

void calls_open(const struct rill_host *host)
{
    if (COUNT_OF(host) != 0u) {
        (void)memset(places_of(host), 0, COUNT_OF(host) * sizeof(struct call_place));
    }
}

struct call_place *calls_begin(struct rill_host *host, int is_async, const uint64_t *args, uint64_t due)
{
    struct call_place *place = places_of(host);
    const struct call_place *end = place + COUNT_OF(host);

    while (place != end && !is_free(place)) {
        place++;
    }
    if (place == end) {
        return NULL;
    }
    rill_call_begin(host, &place->call, &plain, is_async != 0, args);
    place->call.on_cancel = on_cancel;
    place->due = due;
    (void)rill_call_start(&place->call, NULL, NULL);
    return place;
}

const char *calls_end(struct call_place *place, uint32_t number, uint64_t *result)
{
    struct rill_host *host = place->call.host;
    const bool is_async = place->call.is_async != 0u;
    uint64_t answer = 0u;

    place->call.context = (void *)(uintptr_t)number;
    if (place->due <= board_clock_now()) {
        (void)rill_call_return(&place->call, NULL, NULL);
    }
    if (!rill_call_end(&place->call, &answer)) {
        return host->trap;
    }
    if (is_async) {
        *result = answer;
    }
    return NULL;
}

int calls_tell_time(const struct rill_host *host)
{
    const uint64_t now = board_clock_now();
    struct call_place *place = places_of(host);
    uint32_t left;
    int has_returned = 0;

    for (left = COUNT_OF(host); left != 0u; left--, place++) {
        if (!is_free(place) && place->due <= now) {
            (void)rill_call_return(&place->call, NULL, NULL);
            has_returned = 1;
        }
    }
    return has_returned;
}

uint64_t calls_next_due(const struct rill_host *host)
{
    const struct call_place *place = places_of(host);
    uint64_t first = CALLS_NEVER;
    uint32_t left;

    for (left = COUNT_OF(host); left != 0u; left--, place++) {
        if (!is_free(place) && place->due < first) {
            first = place->due;
        }
    }
    return first;
}

void calls_return(const struct rill_host *host, uint32_t number)
{
    struct call_place *place = places_of(host);
    uint32_t left;

    for (left = COUNT_OF(host); left != 0u; left--, place++) {
        if (!is_free(place) && number_of(&place->call) == number) {
            (void)rill_call_return(&place->call, NULL, NULL);
        }
    }
}
