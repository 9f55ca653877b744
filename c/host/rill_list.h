/*
 * Strings and lists as values: between the guest's memory and spaces that the embedder gives. Compile rill_list.c and
 * rill_text.c, and define RILL_WITH_LISTS for all files alike.
 *
 * A value of the embedder's is in canonical layout, as in a guest's memory; where a guest has an address, it has an
 * offset in a space. Each element is lifted and lowered in one step, without a value in between. What is lowered asks
 * the guest's allocator once for each string and list, for exactly the bytes that are needed.
 *
 * Spec: component-model, design/mvp/CanonicalABI.md, "Loading", "Storing", "Flat Lifting", "Flat Lowering".
 */
#ifndef RILL_LIST_H
#define RILL_LIST_H

#include "rill_host.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Lists within lists at most: a type that nests deeper traps when such a value is there. 24 bytes of stack a level, on
 * a 32-bit machine.
 */
#ifndef RILL_LIST_DEPTH
#define RILL_LIST_DEPTH 8u
#endif

/** Bytes that a string or list takes at most: 2^28 - 1. */
#define RILL_MAX_BYTES UINT32_C(0x0fffffff)

/** How strings are encoded. */
enum rill_encoding { RILL_UTF8, RILL_UTF16, RILL_LATIN1_UTF16 };

/** In RILL_LATIN1_UTF16: marks a length that counts UTF-16 code units. */
#define RILL_UTF16_TAG UINT32_C(0x80000000)

/** Memory of the embedder's that strings and lists lie in. 16 bytes on a 32-bit machine. */
struct rill_space {
    uint8_t *bytes; /* aligned to 8 where the embedder reads words there */
    uint32_t byte_length;
    uint32_t used;    /* what is lifted goes from here on; the embedder takes it back by setting this */
    uint8_t encoding; /* enum rill_encoding of the strings here */
};

/**
 * Says how the guest's strings are encoded, and how its allocator is called.
 * @param host     set up by rill_host_init
 * @param encoding of the guest's strings
 * @param allocate see struct rill_host; NULL for a guest without: what holds strings or lists then traps on its way to
 *                 it
 * Lends: `allocate` and what it uses, until rill_host_close
 * Spec:  CanonicalABI.md, Canonical ABI Options
 */
void rill_host_lists(struct rill_host *host, enum rill_encoding encoding,
                     bool (*allocate)(struct rill_host *host, uint32_t align, uint32_t byte_length, uint32_t *ptr));

/**
 * Says where the strings and lists of a host's end are: those that it writes, and where those go that it reads. Without
 * a space such elements trap.
 * @param end   open, without a copy in flight
 * @param space NULL for none
 * Lends: `space`, until the end is dropped or gets another one; what is written from it, until the event is taken
 */
void rill_end_space(struct rill_end *end, struct rill_space *space);

/**
 * What the arena of a guest of as-rill's lacked, so that it can be built with a larger one.
 * Caller must: ask after a trap, and before rill_host_close.
 * @param host the guest that trapped
 * @returns bytes; 0 when the trap had another reason. For other guests the answer means nothing
 */
uint32_t rill_arena_missing(struct rill_host *host);

/// Single values ///
/*
 * One value by its type's plan.
 * Caller must: have checked that the value is inside the guest's memory, and aligned.
 * @param host  the guest
 * @param plan  the type's copy plan
 * @param ptr   address of the value in the guest's memory; not looked at with an `image`
 * @param image the guest's side where it is outside of its memory, as flat values are; NULL where it is inside
 * @param space strings and lists on the embedder's side; NULL when the type holds none
 * @returns false for a trap
 */

/**
 * Lifts a value of the guest's. Strings and lists go into `space`, from `space->used` on.
 * @param to bytes of the type, of any alignment
 * Lends: the range at `ptr`, for the call
 * Traps: a value that is none; a string or list out of bounds, misaligned, too long or nested too deep; no room in
 *        `space`
 * Spec:  CanonicalABI.md, Loading
 */
bool rill_lift(struct rill_host *host, const uint16_t *plan, uint32_t ptr, uint8_t *image, uint8_t *to,
               struct rill_space *space);

/**
 * Lowers a value for the guest. Its allocator runs once for each string and list.
 * @param from bytes of the type, of any alignment
 * Lends: the range at `ptr`, while the guest's allocator runs
 * Traps: a value that is none; a string or list out of `space`, misaligned, too long or nested too deep; the allocator
 *        traps, or gives a bad address
 * Spec:  CanonicalABI.md, Storing
 */
bool rill_lower(struct rill_host *host, const uint16_t *plan, const uint8_t *from, struct rill_space *space,
                uint32_t ptr, uint8_t *image);

/// For the host's own files ///

/**
 * Moves elements between two ends of which one at least is the host's.
 * @param host   the guest's side of the host
 * @param reader the readable end: where its copy has come to, there is room
 * @param writer the writable end: where its copy has come to, there are elements
 * @param length elements: both copies have as many left
 * @returns false for a trap
 * Traps: as rill_lift and rill_lower
 */
bool rill_move_values(struct rill_host *host, struct rill_end *reader, struct rill_end *writer, uint32_t length);

/** Where values come from or go to: the guest, or a space of the embedder's, NULL when it gave none. */
struct rill_side {
    struct rill_space *space;
    bool is_guest;
};

/** A way for values to go; one side at most is the guest. */
struct rill_way {
    struct rill_host *host;
    struct rill_side from;
    struct rill_side to;
};

/**
 * The memory of a side: where it is now, for the guest's allocator may move it.
 * @param way         whose side it is
 * @param side        of the guest, or one with a space
 * @param byte_length gets its bytes
 * @returns its first byte
 */
uint8_t *rill_side_memory(const struct rill_way *way, const struct rill_side *side, uint32_t *byte_length);

/**
 * Room where strings and lists go to.
 * @param way         the side that they go to has a space, if it is the embedder's
 * @param align       bytes: 1, 2, 4 or 8
 * @param byte_length bytes
 * @param ptr         gets the address or offset of that many bytes, inside the side's memory and aligned
 * @returns false for a trap
 * Traps: too long; none is left; the guest's allocator traps, or gives a bad address
 */
bool rill_way_allocate(const struct rill_way *way, uint32_t align, uint64_t byte_length, uint32_t *ptr);

/**
 * Moves a string.
 * @param way   both sides have a space, or are the guest
 * @param words its address or offset, and its length in code units; gets the new ones
 * @returns false for a trap
 * Traps: too long, misaligned or out of memory; not valid in its encoding; as rill_way_allocate
 * Spec:  CanonicalABI.md, Loading; Storing
 */
bool rill_move_text(const struct rill_way *way, uint32_t words[2]);

#ifdef __cplusplus
}
#endif

#endif
