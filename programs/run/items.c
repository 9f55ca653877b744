/*
 * rill-run: items in files. See main.c for how they lie there.
 *
 * A file may be a pipe: what has come is handed on at once, and what goes out leaves at once.
 */
#define _POSIX_C_SOURCE 200809L

#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/** Items that a host's end holds ready at once. */
#define READY_ITEMS 4096u
/** The same for those with strings or lists, which take more memory than their own. */
#define READY_TEXTS 64u
/** Items that a host's end holds in a run where every copy finds its partner there: more than such a run has. */
#define LENT_ITEMS (UINT32_C(1) << 20)

/** Items that an end's buffer has room for. */
static uint32_t room_of(const struct file_end *end)
{
    return job.is_ready && !end->has_texts ? LENT_ITEMS : READY_ITEMS;
}

uint32_t items_at_once(const struct file_end *end)
{
    if (job.is_blocking || end->is_future) {
        return 1;
    }
    if (end->type == NULL) {
        return RILL_MAX_LENGTH;
    }
    return end->has_texts && !job.is_ready ? READY_TEXTS : room_of(end);
}

/** Bytes of an item in a file. */
static size_t item_bytes(const struct file_end *end)
{
    return end->type != NULL ? end->type->elem_size : 1u;
}

/** Opens a file, or takes the descriptor that `#N` names. */
static int open_file(const struct file_end *end)
{
    if (end->path[0] == '#') {
        return (int)strtol(end->path + 1, NULL, 10);
    }
    return end->is_output ? open(end->path, O_WRONLY | O_CREAT | O_TRUNC, 0666) : open(end->path, O_RDONLY);
}

void open_items(struct file_end *end)
{
    end->descriptor = open_file(end);
    end->buffer = calloc(room_of(end), item_bytes(end));
    if (end->descriptor < 0 || end->buffer == NULL) {
        fail("cannot be opened", end->path);
    }
#ifdef RILL_WITH_LISTS
    if (end->has_texts) {
        end->space = make_space();
    }
#endif
}

/** Waits for a descriptor that does not block. */
static void wait_for(int descriptor, short events)
{
    struct pollfd one = {descriptor, events, 0};

    (void)poll(&one, 1, -1);
}

/** Reads what is there, at most `length` bytes. @returns 0 at the end */
static size_t read_some(struct file_end *end, void *bytes, size_t length)
{
    for (;;) {
        const ssize_t count = read(end->descriptor, bytes, length);

        if (count >= 0) {
            end->is_over = count == 0;
            return (size_t)count;
        }
        if (errno == EAGAIN) {
            wait_for(end->descriptor, POLLIN);
        } else if (errno != EINTR) {
            fail("cannot be read", end->path);
        }
    }
}

/** @returns how many bytes came before the end */
static size_t read_whole(struct file_end *end, void *bytes, size_t length)
{
    size_t done = 0;

    end->is_over = false;
    while (done < length && !end->is_over) {
        done += read_some(end, (uint8_t *)bytes + done, length - done);
    }
    return done;
}

static void write_whole(struct file_end *end, const void *bytes, size_t length)
{
    size_t done = 0;

    while (done < length) {
        const ssize_t count = write(end->descriptor, (const uint8_t *)bytes + done, length - done);

        if (count >= 0) {
            done += (size_t)count;
        } else if (errno == EAGAIN) {
            wait_for(end->descriptor, POLLOUT);
        } else if (errno != EINTR) {
            fail("cannot be written", end->path);
        }
    }
}

bool has_items(struct file_end *end)
{
    struct pollfd one = {end->descriptor, POLLIN, 0};

    return end->path == NULL || poll(&one, 1, 0) != 0;
}

/** Adds the inputs that `is_wanted` says. @returns how many there are then */
static nfds_t add_wanted(bool (*is_wanted)(const struct file_end *end), struct pollfd *wanted, nfds_t count)
{
    uint32_t i;

    for (i = 0; i < job.input_count; i++) {
        if (job.inputs[i].path != NULL && is_wanted(&job.inputs[i])) {
            wanted[count].fd = job.inputs[i].descriptor;
            wanted[count].revents = 0;
            wanted[count++].events = POLLIN;
        }
    }
    return count;
}

/** Adds where something is to come from whoever started the program. @param sleeps the guest waits for nothing else */
static nfds_t add_remote(bool sleeps, struct pollfd *wanted, nfds_t count)
{
    if (is_remote_awaited()) {
        if (sleeps) {
            remote_sleeps();
        }
        wanted[count].fd = job.imports_descriptor;
        wanted[count].revents = 0;
        wanted[count++].events = POLLIN;
    }
    return count;
}

bool wait_for_items(bool (*is_wanted)(const struct file_end *end))
{
    struct pollfd wanted[MAX_WORKS * (MAX_PARAMS + 1u)];
    nfds_t count = 0;
    bool sleeps;

#ifdef RUN_PIPES
    struct work *running = working;

    for (working = works; working < works + work_count; working++) {
        count = add_wanted(is_wanted, wanted, count);
    }
    sleeps = count == 0;
    for (working = works; working < works + work_count; working++) {
        count = add_remote(sleeps, wanted, count);
    }
    working = running;
#else
    count = add_wanted(is_wanted, wanted, count);
    sleeps = count == 0;
    count = add_remote(sleeps, wanted, count);
#endif
    if (count == 0) {
        return false;
    }
    tell_rest(false);
    return poll(wanted, count, -1) != 0;
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
    const size_t came = read_whole(end, words, sizeof words);

    if (came == 0) {
        return 0;
    }
    if (came != sizeof words || words[0] > READY_ITEMS || words[1] > SPACE_BYTES
        || read_whole(end, end->buffer, words[0] * item_bytes(end)) != words[0] * item_bytes(end)
        || read_whole(end, end->space.bytes, words[1]) != words[1]) {
        fail("is no file of chunks", end->path);
    }
    end->space.used = words[1];
    return words[0];
}

static void write_chunk(struct file_end *end, uint32_t items)
{
    const uint32_t words[2] = {items, end->space.used};

    end->space.used = 0;
    if (items != 0) {
        write_whole(end, words, sizeof words);
        write_whole(end, end->buffer, items * item_bytes(end));
        write_whole(end, end->space.bytes, words[1]);
    }
}

#endif

/** Reads what has come of items of one length each, or all that the file has; keeps a part of one for the next time. */
static uint32_t read_plain(struct file_end *end)
{
    const size_t size = item_bytes(end);
    const size_t room = room_of(end) * size - end->part;
    uint8_t *place = end->buffer + end->part;
    size_t bytes = end->part;

    /* Nothing has been put into the buffer since: the part lies behind the items that it came with. */
    memmove(end->buffer, end->buffer + end->last * size, end->part);
    bytes += job.is_ready ? read_whole(end, place, room) : read_some(end, place, room);
    end->last = (uint32_t)(bytes / size);
    end->part = (uint32_t)(bytes % size);
    if (end->is_over && end->part != 0) {
        fail("ends in the middle of an item", end->path);
    }
    return end->last;
}

uint32_t read_items(struct file_end *end, uint32_t length)
{
    if (end->path == NULL) {
        const uint32_t taken = end->units < length ? (uint32_t)end->units : length;

        end->units -= taken;
        end->is_over = taken == 0;
        return taken;
    }
#ifdef RILL_WITH_LISTS
    if (end->has_texts) {
        return read_chunk(end);
    }
#endif
    return read_plain(end);
}

void write_items(struct file_end *end, uint32_t length)
{
    if (end->path == NULL) {
        return;
    }
#ifdef RILL_WITH_LISTS
    if (end->has_texts) {
        write_chunk(end, length);
        return;
    }
#endif
    while (length != 0) {
        const uint32_t part = length < room_of(end) ? length : room_of(end);

        write_whole(end, end->buffer, part * item_bytes(end));
        length -= part;
    }
}

void close_items(struct file_end *end)
{
    if (end->path != NULL && close(end->descriptor) != 0) {
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
