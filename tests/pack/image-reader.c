/*
 * Opens the image in the file argv[1], whole, torn, damaged and forged, each time in a block of memory that ends where
 * the image ends, and copies elements by the plans of what is accepted, under sanitizers. Prints `ok NAME` or `not ok
 * NAME` for each; exits 1 when one is not ok.
 */
#include "rill_image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct rill_image_limits limits = {
    .target = 0,
    .address = 0x38000,
    .pool = 100000,
    .stack = 4096,
};
static uint8_t whole[4096];
static uint32_t length;
static uint32_t module_at;
static uint32_t plans_at;
/* Elements copied by plans that were changed. */
static uint32_t copied;
static int failures;

static void check(int holds, const char *name)
{
    printf("%s %s\n", holds ? "ok" : "not ok", name);
    failures += holds ? 0 : 1;
}

/**
 * Copies elements of random bytes, in blocks that end where an element ends: far out of their type, near it, all zero.
 */
static void copy_elements(const struct rill_type *type)
{
    uint8_t *from = malloc(type->elem_size);
    uint8_t *to = malloc(type->elem_size);
    uint32_t round, i;

    for (round = 0; round < 6u; round++) {
        for (i = 0; i < type->elem_size; i++) {
            from[i] = (uint8_t)(round == 0u ? 0 : round < 4u ? rand() % 4 : rand());
            to[i] = 0;
        }
        copied += rill_value_copy(type, to, from) ? 1u : 0u;
    }
    free(from);
    free(to);
}

#ifdef RILL_IMAGE_FUNCTIONS
/** Reads all that an accepted image says of the function that is chosen. */
static uint32_t read_entry(const struct rill_image *image)
{
    char name[3];
    uint32_t i, sum = 0;

    rill_image_export(image, RILL_IMAGE_ENTRY, name);
    if (name[0] != 'r' || name[2] != '\0' || (name[1] == '\0') != (image->entry == 0u)) {
        abort();
    }
    for (i = 0; i < image->param_count; i++) {
        if (rill_image_place(image, i) >= rill_image_entry(image).words) {
            abort();
        }
    }
    for (i = 0; i < image->stream_count; i++) {
        const struct rill_type type = rill_image_type(image, rill_image_stream(image, i));

        if (rill_image_stream(image, i) >= image->type_count
            || (rill_image_has_values(image, i) && type.elem_size % 4u != 0u)) {
            abort();
        }
        sum += (uint32_t)rill_image_is_future(image, i) + (rill_image_element(&type) != NULL ? 1u : 0u);
    }
    return sum + rill_image_entry(image).flags + rill_image_entry(image).words;
}

/** Reads all that an accepted image says of its functions. */
static uint32_t read_functions(struct rill_image *image)
{
    struct rill_image_row row = {NULL, NULL};
    uint32_t i, sum = 0;

    for (i = rill_image_entries(image); i != 0u; i--) {
        rill_image_choose(image, i - 1u);
        sum += read_entry(image);
    }
    for (i = 0; i < image->import_count; i++) {
        if (rill_image_next_row(image, rill_image_import(image, i), &row)) {
            sum += rill_image_hash(row.hash) + (uint32_t)strlen(row.signature);
            if (row.signature[0] != '(' || strchr(row.signature, ')') == NULL) {
                abort();
            }
        }
    }
    if (rill_image_piped(image) > image->param_count
        || rill_image_is_piped(image->bytes, image->length) != (rill_image_piped(image) != 0)) {
        abort();
    }
    return sum;
}
#endif

/** Opens the first `available` bytes in a block of just that size, and reads all that an accepted image offers. */
static int open_exactly(const uint8_t *bytes, uint32_t available)
{
    uint8_t *block = malloc(available != 0u ? available : 1u);
    struct rill_image image;
    uint32_t i, sum = 0, taken;
    int code;

    memcpy(block, bytes, available);
    taken = rill_image_length(block, available);
#ifdef RILL_IMAGE_FUNCTIONS
    (void)rill_image_is_piped(block, available);
#endif
    code = rill_image_open(block, available, &limits, &image);
    if (taken > available || (code == 0 && taken != image.length)) {
        abort();
    }
    if (code == 0) {
        for (i = 0; i < image.import_count; i++) {
            if (rill_image_import(&image, i).builtin < 7u && rill_image_import(&image, i).type >= image.type_count) {
                abort();
            }
            sum += rill_image_import(&image, i).builtin;
        }
#ifdef RILL_IMAGE_FUNCTIONS
        sum += read_functions(&image);
#endif
        for (i = 0; i < image.stream_count; i++) {
            sum += rill_image_type(&image, rill_image_stream(&image, i)).elem_size;
        }
        for (i = 0; i < image.type_count; i++) {
            const struct rill_type type = rill_image_type(&image, i);
            copy_elements(&type);
            sum += type.elem_size;
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
            /* In format 2 the header counts the bytes of one more table. */
            other += at >= 28u && (whole[4] != 2u || at / 2u != 24u) && code != RILL_ERR_IMAGE_CRC;
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

/**
 * Headers and tables of anything, with a CRC that holds: whatever the answer, nothing outside is touched. From `first`
 * on, `values` different bytes.
 */
static void forged(uint32_t first, int values, const char *name)
{
    uint32_t round, refused = 0;

    srand(7);
    copied = 0;
    for (round = 0; round < 30000u; round++) {
        uint8_t changed[sizeof whole];
        uint32_t changes = 1u + (uint32_t)rand() % 6u, i;
        memcpy(changed, whole, length);
        for (i = 0; i < changes; i++) {
            changed[first + (uint32_t)rand() % (module_at - first)] = (uint8_t)(rand() % values);
        }
        seal(changed);
        refused += open_exactly(changed, length) < 0;
    }
    check(refused > 10000u && copied > 1000u, name);
}

/** An image that does not begin at a multiple of 4: its copy plans could not be read in place. */
static void misplaced(void)
{
    uint8_t *block = malloc(length + 4u);
    struct rill_image image;
    uint32_t by, refused = 0;

    for (by = 1; by < 4u; by++) {
        memcpy(block + by, whole, length);
        refused += rill_image_open(block + by, length, &limits, &image) == RILL_ERR_IMAGE_ADDRESS;
    }
    check(refused == 3u, "an image off a multiple of 4 is refused");
    free(block);
}

/** Whatever an image is refused for, its length is known when the CRC holds, and never else. */
static void lengths(void)
{
    uint8_t changed[sizeof whole];
    uint32_t at;

    memcpy(changed, whole, length);
    changed[4] = 3;
    changed[5] = 0;
    seal(changed);
    check(rill_image_length(changed, length) == length, "the length of an image of a later version is known");
    check(rill_image_length(changed, length - 1u) == 0u, "that of one whose end is missing is not");
    changed[length - 1u] ^= 1u;
    check(rill_image_length(changed, length) == 0u, "nor that of a damaged one");
    for (at = 0; at < 48u; at++) {
        memcpy(changed, whole, length);
        changed[8] = (uint8_t)at;
        changed[9] = 0;
        if (rill_image_length(changed, length) != 0u) {
            break;
        }
    }
    check(at == 48u, "nor one shorter than a header");
}

int main(int argc, char **argv)
{
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;

    if (file == NULL) {
        return 2;
    }
    /* A plan that goes round in circles would never end. */
    (void)alarm(300u);
    length = (uint32_t)fread(whole, 1, sizeof whole - 16u, file);
    (void)fclose(file);
#ifdef RILL_ALLOW_NATIVE
    /* The core that the image is for. */
    memcpy(&limits.cpu, whole + 48, sizeof limits.cpu);
#endif
    check(open_exactly(whole, length) == 0, "the image as rill pack wrote it is accepted");
    module_at =
        4u * whole[5] + (((uint32_t)whole[7] + whole[24] + 3u) & ~3u) + 4u * whole[26] + ((2u * whole[27] + 3u) & ~3u);
    plans_at = module_at - ((2u * whole[27] + 3u) & ~3u);
    module_at += whole[4] == 2u ? whole[48] : 0u;
    damaged();
    torn();
    forged(5u, 256, "forged headers and tables lead nowhere");
    forged(24u, 16, "nor do tables of small numbers");
    forged(plans_at, 32, "nor do copy plans, and what lies behind them");
    misplaced();
    lengths();
    return failures != 0;
}
