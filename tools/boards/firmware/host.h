/*
 * How the firmware talks to the host that serves a guest's canonical built-ins: one host a live guest.
 */
#ifndef RILL_FIRMWARE_HOST_H
#define RILL_FIRMWARE_HOST_H

#include "rill_image.h"
#include "wasm_export.h"

#include <stdint.h>

/** Handles of a guest at most. */
#define HOST_HANDLES 6u

/** One entry of a guest's handle table. */
struct host_end {
    uint8_t kind;    /* enum end_kind */
    uint8_t set;     /* handle of the waitable set it is in; 0 none */
    uint8_t port;    /* input index, or output number */
    uint8_t copying; /* a copy is in flight */
    uint16_t item;   /* bytes an element */
    uint32_t ptr;    /* of the copy in flight */
    uint32_t length; /* elements of the copy in flight */
};

/** A guest's task, its streams. Zeroed by host_reset. */
struct host {
    const struct rill_image *image;
    uint8_t stream; /* number of its first stream on the serial line */
    uint8_t returned;
    uint32_t items_in;
    uint32_t items_out;
    uint8_t quiet; /* items are counted, not sent */
    struct host_end ends[HOST_HANDLES];
};

/** Fills in the table of natives that serves the image's imports: import_count entries, their names in `names`. */
void host_natives(const struct rill_image *image, NativeSymbol *table, char (*names)[2]);

/** Makes a host for a new instance; its streams are numbered from `stream` on. */
void host_open(struct host *host, const struct rill_image *image, uint8_t stream);

/** Starts a task: its parameters' readable ends get handles, whose values go to `arguments`. @returns 1, 0 without room */
int host_begin(struct host *host, uint32_t *arguments);

/** Ends a task: what it has left open is closed; waitable sets stay, they are the instance's. */
void host_end(struct host *host);

#endif
