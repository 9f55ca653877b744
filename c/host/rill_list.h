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
 * Says how the guest's strings are encoded, and how its allocator is called: `cabi_realloc(0, 0, align, byte_length)`.
 * `allocate` answers false for a trap, with the reason in `host->trap`; when it moved memory it calls
 * `rill_host_memory`, or the host's `locate` does.
 */
void rill_host_lists(struct rill_host *host, enum rill_encoding encoding,
                     bool (*allocate)(struct rill_host *host, uint32_t align, uint32_t byte_length, uint32_t *ptr));

/**
 * Says where the strings and lists of a host's end are: those that it writes stay there until the event is taken, those
 * that it reads are put there. Without a space such elements trap.
 */
void rill_end_space(struct rill_end *end, struct rill_space *space);

/**
 * After a trap of a guest of as-rill's: the bytes that its arena lacked, so that it can be built with a larger one; 0
 * when the trap had another reason. For other guests the answer means nothing.
 */
uint32_t rill_arena_missing(struct rill_host *host);

/// Single values ///
/*
 * One value by its type's plan. The guest's side is at `ptr` in its memory, or at `image`, outside of its memory, when
 * that is not NULL; the caller has checked the range. Traps: a value that is none; strings, lists out of bounds,
 * misaligned, too long; the space or the guest's memory is too small.
 */

/** Lifts a value of the guest's to `to`. `space` may be NULL when the type holds no string and no list. */
bool rill_lift(struct rill_host *host, const uint16_t *plan, uint32_t ptr, uint8_t *image, uint8_t *to,
               struct rill_space *space);

/** Lowers the value at `from` for the guest. */
bool rill_lower(struct rill_host *host, const uint16_t *plan, const uint8_t *from, struct rill_space *space,
                uint32_t ptr, uint8_t *image);

/// For the host's own files ///

/** Moves `length` elements between two ends of which one at least is the host's. */
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

/** The memory of a side. */
uint8_t *rill_side_memory(const struct rill_way *way, const struct rill_side *side, uint32_t *byte_length);

/** Room where strings and lists go to. Traps: none is left; the guest's allocator gives a bad address */
bool rill_way_allocate(const struct rill_way *way, uint32_t align, uint64_t byte_length, uint32_t *ptr);

/** Moves the string whose address and length are in words[0] and words[1], and puts its new ones there. */
bool rill_move_text(const struct rill_way *way, uint32_t words[2]);

#ifdef __cplusplus
}
#endif

#endif
