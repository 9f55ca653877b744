/*
 * rill-run: items in files. See main.c for how they lie there.
 */
#include "run.h"

#include <stdlib.h>

/** Items that a host's end holds ready at once. */
#define READY_ITEMS 4096u
/** The same for those with strings or lists, which take more memory than their own. */
#define READY_TEXTS 64u

uint32_t items_at_once(const struct file_end *end)
{
    if (job.is_blocking || end->is_future) {
        return 1;
    }
    if (end->type == NULL) {
        return RILL_MAX_LENGTH;
    }
    return end->has_texts ? READY_TEXTS : READY_ITEMS;
}

void open_items(struct file_end *end)
{
    end->file = fopen(end->path, end->is_output ? "wb" : "rb");
    end->buffer = calloc(READY_ITEMS, end->type->elem_size);
    if (end->file == NULL || end->buffer == NULL) {
        fail("cannot be opened", end->path);
    }
#ifdef RILL_WITH_LISTS
    if (end->has_texts) {
        end->space = make_space();
    }
#endif
}

#ifdef RILL_WITH_LISTS

struct rill_space make_space(void)
{
    struct rill_space space = {malloc(SPACE_BYTES), SPACE_BYTES, 0, RILL_UTF8};

    if (space.bytes == NULL) {
        fail("out of memory", "");
    }
    return space;
}

static uint32_t read_chunk(struct file_end *end)
{
    uint32_t words[2];

    if (fread(words, sizeof words, 1, end->file) != 1) {
        return 0;
    }
    if (words[0] > READY_ITEMS || words[1] > SPACE_BYTES
        || fread(end->buffer, end->type->elem_size, words[0], end->file) != words[0]
        || fread(end->space.bytes, 1, words[1], end->file) != words[1]) {
        fail("is no file of chunks", end->path);
    }
    end->space.used = words[1];
    return words[0];
}

static bool write_chunk(struct file_end *end, uint32_t items)
{
    const uint32_t words[2] = {items, end->space.used};

    end->space.used = 0;
    return items == 0 || (fwrite(words, sizeof words, 1, end->file) == 1
                          && fwrite(end->buffer, end->type->elem_size, items, end->file) == items
                          && fwrite(end->space.bytes, 1, words[1], end->file) == words[1]);
}

#endif

uint32_t read_items(struct file_end *end, uint32_t length)
{
    if (end->type == NULL) {
        const uint32_t taken = end->units < length ? (uint32_t)end->units : length;

        end->units -= taken;
        return taken;
    }
#ifdef RILL_WITH_LISTS
    if (end->has_texts) {
        return read_chunk(end);
    }
#endif
    return (uint32_t)fread(end->buffer, end->type->elem_size, length, end->file);
}

void write_items(struct file_end *end, uint32_t length)
{
    bool done = true;

    if (end->type == NULL) {
        return;
    }
#ifdef RILL_WITH_LISTS
    if (end->has_texts) {
        done = write_chunk(end, length);
    }
#endif
    if (!end->has_texts) {
        done = fwrite(end->buffer, end->type->elem_size, length, end->file) == length;
    }
    if (!done) {
        fail("cannot be written", end->path);
    }
}

void give_space(struct file_end *end)
{
#ifdef RILL_WITH_LISTS
    if (end->has_texts) {
        rill_end_space(&end->end, &end->space);
    }
#else
    (void)end;
#endif
}
