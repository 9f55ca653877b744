/*
 * A spec of `rill test` that was translated to C: node, at the other end of two pipes, has as-pect's runner and the
 * scripted host, and this program runs the module's code. Everything is little-endian.
 *
 *   from it   i IMPORT CELL...   the module calls an import: four bytes, and eight for each of its arguments
 *             r CELL             an export has returned, with its result or 0
 *             t                  an export has trapped, or what it called has
 *   to it     c EXPORT CELL...   call an export
 *             a CELL             the import's result
 *             x                  the import throws: what called it is left
 *             m ADDRESS LENGTH   answered with the bytes of memory there are of these
 *             w ADDRESS LENGTH BYTES
 *   m is answered by the number of bytes, four, and the bytes.
 */
#include "specs.h"

#include "native_exports.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_CELLS 16u

static void ask(void *bytes, size_t length)
{
    if (fread(bytes, 1, length, stdin) != length) {
        exit(0); /* node is done */
    }
}

static void say(const void *bytes, size_t length)
{
    if (fwrite(bytes, 1, length, stdout) != length) {
        exit(1);
    }
}

static uint32_t ask_word(void)
{
    uint32_t word;

    ask(&word, sizeof word);
    return word;
}

/* Bytes of memory from `ptr` on, at most `length`. */
static uint32_t within(const struct rill_native *guest, uint32_t ptr, uint32_t length)
{
    const uint32_t all = guest->host.memory_bytes;

    return ptr > all ? 0u : length > all - ptr ? all - ptr : length;
}

static void read_memory(const struct rill_native *guest)
{
    const uint32_t ptr = ask_word();
    const uint32_t length = within(guest, ptr, ask_word());

    say(&length, sizeof length);
    if (length != 0u) {
        say(guest->host.memory + ptr, length);
    }
}

static void write_memory(const struct rill_native *guest)
{
    const uint32_t ptr = ask_word();
    const uint32_t length = ask_word();

    if (within(guest, ptr, length) != length) {
        exit(1); /* node has asked for the length before */
    }
    if (length != 0u) {
        ask(guest->host.memory + ptr, length);
    }
}

static void call(struct rill_native *guest)
{
    const struct native_export *found = &guest_module.exports[ask_word()];
    const size_t count = (size_t)(strchr(found->signature, ')') - found->signature - 1);
    uint64_t cells[MAX_CELLS] = {0};

    if (count > MAX_CELLS) {
        exit(1);
    }
    ask(cells, count * sizeof cells[0]);
    if (found->call(guest, cells)) {
        say("r", 1);
        say(cells, sizeof cells[0]);
    } else {
        /* Whoever catches what was thrown calls the module again. */
        guest->host.trap = NULL;
        say("t", 1);
    }
}

/* Does what node says until it answers. @returns false when the import throws */
static bool obey(struct rill_native *guest, uint64_t *result)
{
    for (;;) {
        char order;

        (void)fflush(stdout);
        ask(&order, 1);
        switch (order) {
        case 'c':
            call(guest);
            break;
        case 'm':
            read_memory(guest);
            break;
        case 'w':
            write_memory(guest);
            break;
        case 'a':
            ask(result, sizeof *result);
            return true;
        default:
            return false;
        }
    }
}

uint64_t specs_import(struct rill_native *guest, uint32_t import, uint32_t count, const uint64_t *cells)
{
    uint64_t result = 0;

    say("i", 1);
    say(&import, sizeof import);
    if (count != 0u) {
        say(cells, count * sizeof cells[0]);
    }
    if (!obey(guest, &result)) {
        rill_native_trap(guest, RILL_NATIVE_UNREACHABLE);
    }
    return result;
}

static bool wait_never(void *context)
{
    (void)context;
    return false;
}

int main(void)
{
    static const struct rill_port port = {wait_never, NULL};
    static struct rill_end ends[1];
    static struct rill_stream streams[1];
    struct rill_native *guest = calloc(1, guest_module.instance_bytes);
    uint64_t none;

    if (guest == NULL) {
        return 1;
    }
    rill_host_init(&guest->host, ends, 1, streams, 1, &port, NULL);
    if (!guest_module.init(guest)) {
        return 1;
    }
    (void)obey(guest, &none);
    free(guest);
    return 0;
}
