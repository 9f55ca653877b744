/*
 * Opens the image in the file argv[1], whole, torn and damaged, each time in a block of memory that ends where the image
 * ends, under sanitizers. Prints `ok NAME` or `not ok NAME` for each; exits 1 when one is not ok.
 */
#include "rill_image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct rill_image_limits limits = {0, 0x38000, 100000, 4096};
static uint8_t whole[4096];
static uint32_t length;
static int failures;

static void check(int holds, const char *name)
{
    printf("%s %s\n", holds ? "ok" : "not ok", name);
    failures += holds ? 0 : 1;
}

/** Opens the first `available` bytes in a block of just that size, and reads all that an accepted image offers. */
static int open_exactly(const uint8_t *bytes, uint32_t available)
{
    uint8_t *block = malloc(available != 0u ? available : 1u);
    struct rill_image image;
    uint32_t i, sum = 0;
    int code;

    memcpy(block, bytes, available);
    code = rill_image_open(block, available, &limits, &image);
    if (code == 0) {
        for (i = 0; i < image.import_count; i++) {
            if (rill_image_import(&image, i).type >= image.type_count) {
                abort();
            }
            sum += rill_image_import(&image, i).builtin;
        }
        for (i = 0; i < image.stream_count; i++) {
            sum += rill_image_type(&image, rill_image_stream(&image, i)).elem_size;
        }
        for (i = 0; i < image.type_count; i++) {
            sum += rill_image_type(&image, i).plan[0];
        }
        for (i = 0; i < image.module_length; i++) {
            sum += image.module[i];
        }
    }
    free(block);
    return code == 0 && sum == 0u ? 1 : code;
}

static void seal(uint8_t *bytes)
{
    uint32_t crc = rill_crc32(rill_crc32(0, bytes, 12), bytes + 16, length - 16u), i;

    for (i = 0; i < 4u; i++) {
        bytes[12u + i] = (uint8_t)(crc >> (8u * i));
    }
}

static void damaged(void)
{
    uint32_t at, bit, accepted = 0, other = 0;

    for (at = 0; at < length; at++) {
        for (bit = 0; bit < 8u; bit++) {
            uint8_t changed[sizeof whole];
            int code;
            memcpy(changed, whole, length);
            changed[at] ^= (uint8_t)(1u << bit);
            code = open_exactly(changed, length);
            accepted += code >= 0;
            other += at >= 28u && code != RILL_ERR_IMAGE_CRC;
        }
    }
    check(accepted == 0u, "an image with one bit changed is refused, whichever it is");
    check(other == 0u, "behind the header's counts always as damaged");
}

static void torn(void)
{
    uint32_t available, accepted = 0;

    for (available = 0; available < length; available++) {
        accepted += open_exactly(whole, available) >= 0;
    }
    check(accepted == 0u, "an image without its last bytes is refused, however many");
    memset(whole + length, 0xff, 16);
    check(open_exactly(whole, length + 16u) == 0, "what follows in flash does not matter");
}

/** Headers and tables of anything, with a CRC that holds: whatever the answer, nothing outside is touched. */
static void forged(void)
{
    uint32_t round, refused = 0;

    srand(7);
    for (round = 0; round < 200000u; round++) {
        uint8_t changed[sizeof whole];
        uint32_t changes = 1u + (uint32_t)rand() % 6u, i;
        memcpy(changed, whole, length);
        for (i = 0; i < changes; i++) {
            changed[5u + (uint32_t)rand() % 90u] = (uint8_t)rand();
        }
        seal(changed);
        refused += open_exactly(changed, length) < 0;
    }
    check(refused > 100000u, "forged headers and tables lead nowhere");
}

int main(int argc, char **argv)
{
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;

    if (file == NULL) {
        return 2;
    }
    length = (uint32_t)fread(whole, 1, sizeof whole - 16u, file);
    (void)fclose(file);
    check(open_exactly(whole, length) == 0, "the image as rill pack wrote it is accepted");
    damaged();
    torn();
    forged();
    return failures != 0;
}
