/*
 * A firmware for the world `words`, on a desktop: strings and lists.
 */
#include "words_host.h"
#include "start.h"

#include <inttypes.h>

#define ITEMS 3u

static uint16_t in_places[4];
static struct rill_ring in_ring = RILL_RING_ON(in_places);
static uint16_t fed;
static bool answers_badly;

/// What the guest imports ///

bool my_words_out_line(struct words_host *of, const char *text, uint32_t text_length, uint8_t level)
{
    (void)of;
    printf("line %u: %.*s (%" PRIu32 ")\n", level, (int)text_length, text, text_length);
    return true;
}

bool my_words_out_name(struct words_host *of, uint8_t number, const char **result, uint32_t *result_length)
{
    (void)of;
    *result = answers_badly ? "\xff" : number == 3 ? "h\xc3\xa9" : "";
    *result_length = (uint32_t)strlen(*result);
    return true;
}

bool my_words_out_sum(struct words_host *of, const uint16_t *values, uint32_t values_length, uint32_t *result)
{
    uint32_t i;

    (void)of;
    for (i = 0; i < values_length; i++) {
        *result += values[i];
    }
    return true;
}

bool my_words_out_peaks(struct words_host *of, uint16_t least, const uint16_t **result, uint32_t *result_length)
{
    static uint16_t peaks[2];

    (void)of;
    peaks[0] = least;
    peaks[1] = (uint16_t)(least + 1u);
    *result = peaks;
    *result_length = 2;
    return true;
}

bool my_words_out_draw(struct words_host *of, const struct my_words_out_point *points, uint32_t points_length)
{
    uint32_t i;

    (void)of;
    for (i = 0; i < points_length; i++) {
        printf("draw %d %" PRId32 "\n", points[i].x, points[i].y);
    }
    return true;
}

/// The board ///

static void serve(void *context)
{
    (void)context;
    while (fed < ITEMS && rill_ring_put(&in_ring, &fed)) {
        fed++;
    }
    host.sources[0].is_over = fed == ITEMS;
}

static const struct rill_chip chip = {nothing, nothing, nothing, NULL, serve};

static void begin(const char *path)
{
    words_host_close(&host);
    tell("start", words_host_init(&host, START_ENGINE, start(path), &chip, NULL));
}

int main(int argc, char **argv)
{
    static const uint16_t values[] = {1, 500, 65535};
    static const char name[] = "w\xc3\xb6rld";
    const char *path = argc > 1 ? argv[1] : "";
    char text[16];
    uint16_t list[3];
    uint32_t length = 0;

    begin(path);
    tell("greet", words_host_call_greet(&host, name, sizeof name - 1u, text, sizeof text, &length));
    printf("%.*s (%" PRIu32 ")\n", (int)length, text, length);
    tell("above", words_host_call_above(&host, values, 3, 7, list, 3, &length));
    printf("%u %u (%" PRIu32 ")\n", list[0], list[1], length);
    tell("none above", words_host_call_above(&host, values, 0, 7, list, 3, &length));
    printf("(%" PRIu32 ")\n", length);
    tell("gather", words_host_call_gather(&host, &in_ring, "all", 3, text, sizeof text, &length));
    printf("%.*s (%" PRIu32 ")\n", (int)length, text, length);
    tell("exact", words_host_call_greet(&host, "", 0, text, 5, &length));
    tell("no room", words_host_call_greet(&host, "", 0, text, 4, &length));
    begin(path);
    tell("no room for the firmware", words_host_call_greet(&host, "a line too long for it", 22, text, 16, &length));
    begin(path);
    tell("no text", words_host_call_greet(&host, "\xc0", 1, text, sizeof text, &length));
    begin(path);
    answers_badly = true;
    tell("no name", words_host_call_greet(&host, "", 0, text, sizeof text, &length));
    begin(path);
    tell("too long", words_host_call_above(&host, values, UINT32_MAX, 7, list, 3, &length));
    words_host_close(&host);
    return 0;
}
