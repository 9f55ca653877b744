/*
 * The short way of a copy of one element: which calls it takes, and that it comes to what the long way does. Prints a
 * line `ok NAME` or `not ok NAME: what` for each; exits 1 when one is not ok. Run under sanitizers.
 */
#include "../../programs/check/both_ways.h"

#include "sequences.h"

#include <stdlib.h>
#include <string.h>

#define HANDLES 4u
#define STREAMS 2u
#define MEMORY_BYTES 16u

static const uint16_t plan_u32[] = {RILL_OP_BYTES, 0, 4, RILL_OP_END};
static const uint16_t plan_u16[] = {RILL_OP_BYTES, 0, 2, RILL_OP_END};
static const uint16_t plan_five[] = {RILL_OP_BYTES, 0, 5, RILL_OP_END};
static const uint16_t plan_enum[] = {RILL_OP_ENUM, 0, 1, 3, RILL_OP_END};
static const uint16_t plan_f32[] = {RILL_OP_F32, 0, RILL_OP_END};
static const uint16_t plan_char[] = {RILL_OP_CHAR, 0, RILL_OP_END};
/* record { bool, u32 }: three bytes of padding after the bool */
static const uint16_t plan_record[] = {RILL_OP_BOOL, 0, RILL_OP_BYTES, 4, 4, RILL_OP_END};
static const struct rill_type u32 = {plan_u32, 4, 4, 1, 0};
static const struct rill_type u16 = {plan_u16, 2, 2, 1, 1};
static const struct rill_type f32 = {plan_f32, 4, 4, 1, 2};
static const struct rill_type character = {plan_char, 4, 4, 0, 3};
/* record { u32 }: a word, but no number; its bytes are it all the same */
static const struct rill_type word = {plan_u32, 4, 4, 0, 5};
static const struct rill_type record = {plan_record, 8, 4, 0, 4};
/* tuple<u8, u8, u8, u8, u8> */
static const struct rill_type five = {plan_five, 5, 1, 0, 6};
static const struct rill_type color = {plan_enum, 1, 1, 0, 7};

static struct rill_end ends[HANDLES];
static struct rill_stream streams[STREAMS];
static struct rill_end other; /* the host's end */
static struct rill_host host;
static uint8_t *memory;
static uint8_t buffer[16];
static uint32_t r, w, packed;

static bool never(void *context)
{
    (void)context;
    return false;
}

static const struct rill_port port = {never, NULL};

static void begin(void)
{
    uint32_t i;

    free(memory);
    memory = calloc(1, MEMORY_BYTES);
    if (memory == NULL) {
        exit(2);
    }
    for (i = 0; i < sizeof buffer; i++) {
        buffer[i] = (uint8_t)(0xF0u + i);
    }
    memset(&other, 0, sizeof other);
    rill_host_init(&host, ends, HANDLES, streams, STREAMS, &port, NULL);
    rill_host_memory(&host, memory, MEMORY_BYTES);
}

/// Calls, short ///

/** The host's write of `length` elements waits for the guest. */
static bool offered(const struct rill_type *type, uint32_t length, bool is_eager)
{
    return rill_give(&host, type, false, &other, &r) && rill_end_copy(&host, &other, buffer, length, is_eager, &packed);
}

/** The host's read waits for the guest. */
static bool awaited(const struct rill_type *type, uint32_t length)
{
    return rill_new(&host, type, false, &r, &w) && rill_take(&host, type, false, r, &other)
           && rill_end_copy(&host, &other, buffer, length, false, &packed);
}

/** Both ways agree, the short one takes the call or not. @returns what went otherwise, or NULL */
static const char *way(bool is_short, enum rill_kind kind, const struct rill_type *type, uint32_t handle, uint32_t ptr)
{
    bool was_short = false;

    if (!both_ways_agree(&host, kind, type, handle, ptr, &was_short)) {
        return "the short way and the long way differ";
    }
    return was_short == is_short ? NULL : was_short ? "the short way took it" : "the short way did not take it";
}
static const char *read_way(bool is_short, const struct rill_type *type, uint32_t ptr)
{
    return way(is_short, RILL_READABLE, type, r, ptr);
}
static const char *write_way(bool is_short, const struct rill_type *type, uint32_t ptr)
{
    return way(is_short, RILL_WRITABLE, type, w, ptr);
}
static bool read_one(uint32_t ptr)
{
    return rill_copy_one(&host, RILL_READABLE, &u32, r, ptr) == (1u << 4 | RILL_COMPLETED);
}

static bool start_read(void) { return rill_copy(&host, RILL_READABLE, &u32, false, true, r, 0, 1, &packed); }

/// Sequences: what went otherwise, or NULL ///

#define AFTER(before, last) (!(before) ? "began otherwise" : (last))
#define HOLDS(all) ((all) ? NULL : "gave another result")

static const char *read_u32(void) { return AFTER(offered(&u32, 2, false), read_way(true, &u32, 12)); }
static const char *read_u16(void) { return AFTER(offered(&u16, 2, false), read_way(true, &u16, 14)); }
static const char *read_five(void) { return AFTER(offered(&five, 1, false), read_way(true, &five, 11)); }
static const char *write_no_enum(void)
{
    memset(memory, 3, MEMORY_BYTES);
    return AFTER(awaited(&color, 1), write_way(false, &color, 0));
}
static const char *read_nan(void)
{
    memset(buffer, 0xFF, sizeof buffer);
    return AFTER(offered(&f32, 1, false), read_way(true, &f32, 0));
}
static const char *write_u32(void) { return AFTER(awaited(&u32, 2), write_way(true, &u32, 0)); }
#ifdef RILL_WITH_LISTS
#define WITHOUT_LISTS false
#else
#define WITHOUT_LISTS true
#endif
static const char *read_record(void) { return AFTER(offered(&record, 1, false), read_way(WITHOUT_LISTS, &record, 8)); }
static const char *write_record(void) { return AFTER(awaited(&record, 1), write_way(WITHOUT_LISTS, &record, 4)); }
static const char *write_no_char(void)
{
    memset(memory, 0xFF, MEMORY_BYTES);
    return AFTER(awaited(&character, 1), write_way(false, &character, 0));
}
static const char *read_until_nothing_is_left(void)
{
    return HOLDS(offered(&u32, 2, false) && read_one(0) && read_one(4) && !read_one(8) && memcmp(memory, buffer, 8) == 0
                 && memory[8] == 0 && rill_end_event(&other) == 2u << 4);
}
static const char *read_eager(void) { return AFTER(offered(&u32, 2, true), read_way(false, &u32, 0)); }
static const char *read_no_partner(void)
{
    return AFTER(rill_give(&host, &u32, false, &other, &r), read_way(true, &u32, 0));
}
static const char *write_no_partner(void)
{
    return AFTER(rill_new(&host, &u32, false, &r, &w) && rill_take(&host, &u32, false, r, &other),
                 write_way(true, &u32, 12));
}
static const char *write_no_partner_of_this_guest(void)
{
    return AFTER(rill_new(&host, &record, false, &r, &w), write_way(true, &record, 8));
}
static const char *read_no_partner_out_of_memory(void)
{
    return AFTER(rill_give(&host, &u32, false, &other, &r), read_way(false, &u32, MEMORY_BYTES));
}
static const char *read_no_partner_misaligned(void)
{
    return AFTER(rill_give(&host, &u32, false, &other, &r), read_way(false, &u32, 2));
}
static const char *read_no_partner_of_a_future(void)
{
    return AFTER(rill_give(&host, &u32, true, &other, &r), read_way(false, &u32, 0));
}
static const char *waits_and_is_met(void)
{
    return HOLDS(rill_give(&host, &u32, false, &other, &r)
                 && rill_copy_one(&host, RILL_READABLE, &u32, r, 8) == RILL_BLOCKED
                 && rill_copy_one(&host, RILL_READABLE, &u32, r, 8) == 0 && rill_end_is_awaited(&other)
                 && rill_end_copy(&host, &other, buffer, 2, false, &packed) && packed == 1u << 4
                 && !rill_end_is_awaited(&other) && memcmp(memory + 8, buffer, 4) == 0 && memory[12] == 0);
}
static const char *read_partner_of_this_guest(void)
{
    return AFTER(rill_new(&host, &u32, false, &r, &w)
                     && rill_copy(&host, RILL_WRITABLE, &u32, false, true, w, 0, 1, &packed),
                 read_way(false, &u32, 4));
}
static const char *read_dropped(void)
{
    return AFTER(rill_give(&host, &u32, false, &other, &r) && (rill_end_drop(&other), true), read_way(false, &u32, 0));
}
static const char *read_in_flight(void)
{
    return AFTER(rill_give(&host, &u32, false, &other, &r) && start_read(), read_way(false, &u32, 0));
}
static const char *read_with_event(void)
{
    return AFTER(rill_give(&host, &u32, false, &other, &r) && start_read()
                     && rill_end_copy(&host, &other, buffer, 1, false, &packed),
                 read_way(false, &u32, 4));
}
static const char *read_future(void)
{
    return AFTER(rill_give(&host, &u32, true, &other, &r) && rill_end_copy(&host, &other, buffer, 1, false, &packed),
                 read_way(false, &u32, 0));
}
static const char *read_other_type(void) { return AFTER(offered(&u32, 2, false), read_way(false, &f32, 0)); }
static const char *read_without_type(void) { return AFTER(offered(&u32, 2, false), read_way(false, NULL, 0)); }
static const char *write_on_readable_end(void)
{
    return AFTER(offered(&u32, 2, false), way(false, RILL_WRITABLE, &u32, r, 0));
}
static const char *read_handle_0(void) { return AFTER(offered(&u32, 2, false), way(false, RILL_READABLE, &u32, 0, 0)); }
static const char *read_handle_beyond_table(void)
{
    return AFTER(offered(&u32, 2, false), way(false, RILL_READABLE, &u32, HANDLES + 1u, 0));
}
static const char *read_handle_freed(void)
{
    return AFTER(offered(&u32, 2, false) && rill_drop(&host, RILL_READABLE, &u32, false, r), read_way(false, &u32, 0));
}
static const char *read_word_in_a_record(void) { return AFTER(offered(&word, 1, false), read_way(true, &word, 8)); }
static const char *read_with_event_while_the_host_waits(void)
{
    return AFTER(rill_give(&host, &u32, false, &other, &r) && start_read()
                     && rill_end_copy(&host, &other, buffer, 1, false, &packed)
                     && rill_end_copy(&host, &other, buffer, 1, false, &packed),
                 read_way(false, &u32, 4));
}
static const char *read_handle_beyond_full_table(void)
{
    uint32_t more;

    return AFTER(offered(&u32, 2, false) && rill_set_new(&host, &more) && rill_set_new(&host, &more)
                     && rill_set_new(&host, &more),
                 way(false, RILL_READABLE, &u32, HANDLES + 1u, 0));
}
static const char *read_in_a_memory_of_one_element(void)
{
    rill_host_memory(&host, memory, 4);
    return AFTER(offered(&u32, 2, false), read_way(true, &u32, 0));
}
static const char *read_misaligned_by_1(void) { return AFTER(offered(&u32, 2, false), read_way(false, &u32, 1)); }
static const char *read_misaligned(void) { return AFTER(offered(&u32, 2, false), read_way(false, &u32, 2)); }
static const char *read_out_of_memory(void)
{
    return AFTER(offered(&u32, 2, false), read_way(false, &u32, MEMORY_BYTES));
}
static const char *read_at_top_of_address_space(void)
{
    return AFTER(offered(&u32, 2, false), read_way(false, &u32, UINT32_MAX - 3u));
}
static const char *read_without_memory(void)
{
    rill_host_memory(&host, NULL, 0);
    return AFTER(offered(&u32, 2, false), read_way(false, &u32, 0));
}

/// All of them ///

static const struct sequence sequences[] = {
    {"read-u32", read_u32},
    {"read-u16", read_u16},
    {"read-nan", read_nan},
    {"write-u32", write_u32},
    {"read-record", read_record},
    {"write-record", write_record},
    {"write-no-char", write_no_char},
    {"write-no-enum", write_no_enum},
    {"read-five-bytes", read_five},
    {"read-until-nothing-is-left", read_until_nothing_is_left},
    {"read-eager", read_eager},
    {"read-no-partner", read_no_partner},
    {"write-no-partner", write_no_partner},
    {"write-no-partner-of-this-guest", write_no_partner_of_this_guest},
    {"read-no-partner-out-of-memory", read_no_partner_out_of_memory},
    {"read-no-partner-misaligned", read_no_partner_misaligned},
    {"read-no-partner-of-a-future", read_no_partner_of_a_future},
    {"waits-and-is-met", waits_and_is_met},
    {"read-partner-of-this-guest", read_partner_of_this_guest},
    {"read-dropped", read_dropped},
    {"read-in-flight", read_in_flight},
    {"read-with-event", read_with_event},
    {"read-future", read_future},
    {"read-other-type", read_other_type},
    {"read-without-type", read_without_type},
    {"write-on-readable-end", write_on_readable_end},
    {"read-handle-0", read_handle_0},
    {"read-handle-beyond-table", read_handle_beyond_table},
    {"read-handle-freed", read_handle_freed},
    {"read-word-in-a-record", read_word_in_a_record},
    {"read-with-event-while-the-host-waits", read_with_event_while_the_host_waits},
    {"read-handle-beyond-full-table", read_handle_beyond_full_table},
    {"read-in-a-memory-of-one-element", read_in_a_memory_of_one_element},
    {"read-misaligned-by-1", read_misaligned_by_1},
    {"read-misaligned", read_misaligned},
    {"read-out-of-memory", read_out_of_memory},
    {"read-at-top-of-address-space", read_at_top_of_address_space},
    {"read-without-memory", read_without_memory},
};

int main(void)
{
    const int code = run_sequences(sequences, sizeof sequences / sizeof sequences[0], begin);

    free(memory);
    return code;
}
