/*
 * What the firmware needs from a board: a serial line, a periodic tick, a clock where there are guests that want one.
 * One BOARD/board.c implements it. Interrupt context is marked; everything else runs on the main thread.
 */
#ifndef RILL_BOARD_H
#define RILL_BOARD_H

#include <stdint.h>

/** The board's name, as in `rill flash --board`. */
extern const char board_name[];

/** Brings up clock, serial line (115,200 baud, 8N1, receive interrupt on) and leaves the tick stopped. */
void board_init(void);

/** Sends one byte, waiting for room in the transmitter. */
void board_uart_put(uint8_t byte);

/** Starts the tick: `board_on_tick` runs `hertz` times a second. 0 stops it. 100..100,000 Hz. */
void board_tick_start(uint32_t hertz);

#ifdef RILL_SUBTASKS
/** Nanoseconds from one value of the clock to the next. */
uint32_t board_clock_step(void);

/** Nanoseconds since start-up. Never goes back, and goes on while the core sleeps. Main thread. */
uint64_t board_clock_now(void);

/**
 * Before the core sleeps, with interrupts held off and the tick stopped: an interrupt comes when the clock reaches
 * `at`, or before, where the board's timer does not reach so far.
 * @returns 0 when that time has come: no interrupt is on its way
 */
int board_clock_wake(uint64_t at);
#endif

/** Called by the board for each byte received. Interrupt context; the firmware's link.c implements it. */
void board_on_receive(uint8_t byte);

/** Called by the board once a tick. Interrupt context; the firmware's feed.c implements it. */
void board_on_tick(void);

#endif
