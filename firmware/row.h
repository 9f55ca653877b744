/*
 * Guests that go back to the firmware when they wait, one or several in a row: each one's stream goes into the next.
 * Of guests as C the file that defines them is written for each row (tools/native/board-row.ts), of images image_row.c
 * does. To host.c a row is one guest: its inputs are the streams that come from outside, its output the last one's.
 */
#ifndef RILL_ROW_H
#define RILL_ROW_H

#include "rill_task.h"
#ifdef RILL_WITH_LISTS
#include "rill_list.h"
#endif

#ifdef RILL_FIRMWARE_NATIVE
#include "native/native_guest.h"
typedef struct rill_native row_instance;
#else
#include "rill_wamr.h"
typedef struct rill_guest row_instance;
#endif

/** One guest of a row. */
struct row_guest {
    row_instance *instance;
    struct rill_end *ends;       /* of the first one they are main.c's to give to the host */
    struct rill_stream *streams; /* of the first one NULL: they are host.c's */
    struct rill_tasks *tasks;
    struct rill_task *task;
    uint32_t *arguments;
    const struct rill_type *result; /* of the stream that it answers with; NULL: it answers with nothing */
    const struct rill_type
        *piped; /* of the parameter that gets the stream of the guest before; of the first one NULL */
    uint16_t end_count;
    uint16_t stream_count;
    uint8_t piped_param;
    /** Gives the instance its first values. @returns false when the guest traps */
    bool (*init)(const struct row_guest *guest);
    /** Calls the guest's function. @returns false when the guest traps */
    bool (*enter)(const struct row_guest *guest, uint32_t *code);
    /** Calls it back with an event. @returns false when the guest traps */
    bool (*callback)(const struct row_guest *guest, const uint32_t event[3], uint32_t *code);
#ifdef RILL_WITH_LISTS
    struct rill_space *space; /* through which strings and lists of the piped stream's items go; NULL without any */
#endif
};

/** A stream that comes from outside. */
struct row_input {
    const struct rill_type *type; /* in the guest's own table */
    uint8_t guest;
    uint8_t param;
};

/** The row. */
struct row {
    const struct row_guest *guests;
    const struct row_input *inputs;
    struct rill_type *types; /* what host.c takes them from: of the inputs, then of the output */
    uint8_t guest_count;
    uint8_t input_count;
};

#ifdef RILL_FIRMWARE_NATIVE
extern const struct row row;
#else
extern struct row row;
#endif

/** Sets the hosts up, and gives all instances their first values. @returns false when one traps: the text is the first
 * one's then */
bool row_init(void);

/**
 * Runs all guests to their end.
 * @param arguments handles of the inputs in the first guest
 * @returns false when one traps: the text is the first one's then
 */
bool row_run(const uint32_t *arguments);

#endif
