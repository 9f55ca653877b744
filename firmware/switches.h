/*
 * What a firmware has beside streams, by the switches that it is compiled with (tools/boards/firmware.ts).
 *
 *   RILL_IMAGE_FUNCTIONS  images of every kind of guest, on WAMR: with RILL_SUBTASKS, and all that follows
 *   RILL_CONVERSES        the computer gives values and answers calls: remote.h
 *   RILL_SUBTASKS         calls go on while the guest does something else, and there is a clock: calls.h, board.h
 *   RILL_PASSES           time passes without a sleep: a guest pauses, or is called back
 */
#ifndef RILL_SWITCHES_H
#define RILL_SWITCHES_H

#ifdef RILL_IMAGE_FUNCTIONS
#ifndef RILL_SUBTASKS
#error "RILL_IMAGE_FUNCTIONS needs RILL_SUBTASKS, in all files alike"
#endif
#ifndef RILL_CONVERSES
#define RILL_CONVERSES
#endif
#endif

#if defined(RILL_SUBTASKS) || (defined(RILL_CONVERSES) && defined(RILL_WITH_TASKS))
#define RILL_PASSES
#endif

#endif
