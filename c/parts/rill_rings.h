/*
 * rill_rings: a port that most firmwares can take as it is. Streams come out of rings that an interrupt fills, and go
 * into rings that the firmware or an interrupt empties; while nothing moves the core sleeps, and a guest that waits too
 * long is ended.
 *
 *   interrupt ──put──▶ ring ──source──▶ guest ──sink──▶ ring ──take──▶ interrupt, or `serve`
 *
 * All memory is the caller's; no state is global: as many as there are hosts.
 */
#ifndef RILL_RINGS_H
#define RILL_RINGS_H

#include "rill_host.h"
#include "rill_ring.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * A stream that the guest reads. Set `ring` before opening, and all else to 0; the guest's items are lent from the
 * ring, not copied twice.
 */
struct rill_source {
    /** Items of the element type's bytes, aligned to it; the putter's side is the caller's. */
    struct rill_ring *ring;
    volatile uint8_t is_over; /* set by the putter after its last item: the stream ends when the ring is empty */
    uint32_t items;           /* that the guest has taken, wrapping */
    struct rill_end end;      /* private */
};

/**
 * A stream that the guest writes. Set `ring` before opening, and all else to 0; the guest's items are lifted straight
 * into the ring.
 */
struct rill_sink {
    struct rill_ring *ring; /* likewise; the taker's side is the caller's. A full ring holds the guest back */
    uint32_t items;         /* that the guest has written, wrapping */
    struct rill_end end;    /* private */
};

/** What the port asks of the chip and the firmware. Constant data. */
struct rill_chip {
    /** Holds interrupts off. */
    void (*lock)(void);
    /** Lets them through again. */
    void (*unlock)(void);
    /**
     * Sleeps until an interrupt is pending; called with interrupts held off (`wfi` does this on Cortex-M and RISC-V).
     */
    void (*sleep)(void);
    /**
     * A clock of any unit; NULL when `patience` is 0.
     * @returns the time, that may wrap at 2^32
     */
    uint32_t (*now)(void);
    /**
     * Called on every wait and empty poll of the guest, interrupts on: takes items out of sinks, feeds what no
     * interrupt feeds. May be NULL.
     * @param context of the rings
     */
    void (*serve)(void *context);
};

/** The streams of one running task. Set all fields but the private ones; arrays stay the caller's. */
struct rill_rings {
    struct rill_host *host;
    const struct rill_chip *chip;
    void *context; /* handed to `serve` */
    struct rill_source *sources;
    struct rill_sink *sinks;
    uint8_t source_count;
    uint8_t sink_count;
    uint8_t has_timed_out; /* set when patience was at an end; the guest has trapped */
    /** Of the clock's units, without an item moving; 0 for ever. Some interrupt must strike meanwhile. */
    uint32_t patience;
    uint32_t since; /* private: when something moved last */
#ifdef RILL_WITH_CALLS
    /**
     * Whether something else than items has come that the last look did not see. Called with interrupts held off. NULL:
     * nothing does.
     * @param rings which ones
     * @returns true to not sleep
     */
    bool (*has_more)(const struct rill_rings *rings);
#endif
};

/** The port: hand it to rill_host_init with the `struct rill_rings` as context. */
extern const struct rill_port rill_rings_port;

/// Opening and closing ///
/*
 * @param rings   the running task's; in place until rill_rings_close, with all that its fields point to
 * @param element of the stream; with a plan without strings and lists
 */

/**
 * Opens a source as a parameter of the task that is about to be called.
 * @param source one of `rings->sources`, closed
 * @param handle gets the argument: the readable end's handle in the guest
 * @returns false for a trap, with the reason in `host->trap`
 * Lends: `source`, `element` and the ring, until rill_rings_close; items in the ring to the guest's reads, until they
 *        are taken
 * Traps: the source is open; the ring's items have another length or alignment than the element type; no place is left
 *        in the host's tables
 */
bool rill_source_open(struct rill_rings *rings, struct rill_source *source, const struct rill_type *element,
                      uint32_t *handle);

/**
 * Opens a sink on a readable end of the guest's: in `returned`, with the value of task.return.
 * @param sink   one of `rings->sinks`, closed
 * @param handle of the readable end; free from then on
 * @returns false for a trap, with the reason in `host->trap`
 * Lends: `sink`, `element` and the ring, until rill_rings_close; places in the ring to the guest's writes, until they
 *        are filled
 * Traps: the sink is open, as on a second task.return; the ring's items have another length or alignment than the
 *        element type; no such end, or not an idle one
 */
bool rill_sink_open(struct rill_rings *rings, struct rill_sink *sink, const struct rill_type *element, uint32_t handle);

/**
 * After the task, or its trap: takes in what was on its way, and gives all ends up. The rings keep the items that are
 * in them.
 */
void rill_rings_close(struct rill_rings *rings);

#ifdef __cplusplus
}
#endif

#endif
