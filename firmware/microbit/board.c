/*
 * BBC micro:bit: nRF51822, Cortex-M0 at 16 MHz, 256 KiB of flash, 16 KiB of RAM.
 * Serial line: UART on pins 24 (transmit) and 25 (receive), the USB interface's. The nRF51 has no SysTick. Tick:
 * TIMER1, which counts to 16 bits. Clock: TIMER0, which counts to 32 bits, microseconds; it wakes the core every 71
 * minutes to count on.
 */
#include "../board.h"
#include "../cortex_m/cortex_m.h"
#include "../cortex_m/vectors.h"

#define TIMER_HZ 1000000u

#define CLOCK_TASKS_HFCLKSTART RILL_REG32(0x40000000u)

#define UART_TASKS_STARTRX RILL_REG32(0x40002000u)
#define UART_TASKS_STARTTX RILL_REG32(0x40002008u)
#define UART_EVENTS_RXDRDY RILL_REG32(0x40002108u)
#define UART_EVENTS_TXDRDY RILL_REG32(0x4000211Cu)
#define UART_INTENSET RILL_REG32(0x40002304u)
#define UART_ENABLE RILL_REG32(0x40002500u)
#define UART_PSELTXD RILL_REG32(0x4000250Cu)
#define UART_PSELRXD RILL_REG32(0x40002514u)
#define UART_RXD RILL_REG32(0x40002518u)
#define UART_TXD RILL_REG32(0x4000251Cu)
#define UART_BAUDRATE RILL_REG32(0x40002524u)
#define UART_INT_RXDRDY (1u << 2)
#define UART_IRQ 2u

#define CLOCK_TIMER 0x40008000u
#define TICK_TIMER 0x40009000u
#define TIMER_TASKS_START(timer) RILL_REG32((timer))
#define TIMER_TASKS_STOP(timer) RILL_REG32((timer) + 0x004u)
#define TIMER_TASKS_CLEAR(timer) RILL_REG32((timer) + 0x00Cu)
#define TIMER_TASKS_CAPTURE(timer, n) RILL_REG32((timer) + 0x040u + 4u * (n))
#define TIMER_EVENTS_COMPARE(timer, n) RILL_REG32((timer) + 0x140u + 4u * (n))
#define TIMER_SHORTS(timer) RILL_REG32((timer) + 0x200u)
#define TIMER_INTENSET(timer) RILL_REG32((timer) + 0x304u)
#define TIMER_BITMODE(timer) RILL_REG32((timer) + 0x508u)
#define TIMER_PRESCALER(timer) RILL_REG32((timer) + 0x510u)
#define TIMER_CC(timer, n) RILL_REG32((timer) + 0x540u + 4u * (n))
#define TIMER_INT_COMPARE(n) (1u << (16u + (n)))
#define TIMER_16_BIT 0u
#define TIMER_32_BIT 3u
#define CLOCK_IRQ 8u
#define TICK_IRQ 9u
/* Of the clock's registers to compare with: when to wake, what time it is, and 0, where it has come round. */
#define WAKE 1u
#define CAPTURE 2u
#define ROUND 3u

const char board_name[] = "microbit";

static void on_uart(void);
static void on_tick(void);
#ifdef RILL_SUBTASKS
static void on_clock(void);

RILL_VECTORS(16, [16 + UART_IRQ] = {.code = on_uart}, [16 + TICK_IRQ] = {.code = on_tick},
             [16 + CLOCK_IRQ] = {.code = on_clock});

/* Of the microseconds what TIMER0 does not hold. */
static uint32_t rounds;

static void start_clock(void)
{
    TIMER_BITMODE(CLOCK_TIMER) = TIMER_32_BIT;
    TIMER_PRESCALER(CLOCK_TIMER) = 4u;
    TIMER_TASKS_CLEAR(CLOCK_TIMER) = 1u;
    TIMER_TASKS_START(CLOCK_TIMER) = 1u;
    /* At its first 0 it has not come round. */
    do {
        TIMER_TASKS_CAPTURE(CLOCK_TIMER, CAPTURE) = 1u;
    } while (TIMER_CC(CLOCK_TIMER, CAPTURE) == 0u);
    TIMER_EVENTS_COMPARE(CLOCK_TIMER, ROUND) = 0u;
    TIMER_INTENSET(CLOCK_TIMER) = TIMER_INT_COMPARE(WAKE) | TIMER_INT_COMPARE(ROUND);
    cortex_irq_enable(CLOCK_IRQ);
}
#else

RILL_VECTORS(16, [16 + UART_IRQ] = {.code = on_uart}, [16 + TICK_IRQ] = {.code = on_tick});

static void start_clock(void)
{
}
#endif

void board_init(void)
{
    CLOCK_TASKS_HFCLKSTART = 1u;
    UART_PSELTXD = 24u;
    UART_PSELRXD = 25u;
    UART_BAUDRATE = 0x01D7E000u;
    UART_ENABLE = 4u;
    UART_INTENSET = UART_INT_RXDRDY;
    UART_TASKS_STARTTX = 1u;
    UART_TASKS_STARTRX = 1u;
    cortex_irq_enable(UART_IRQ);
    start_clock();
}

void board_uart_put(uint8_t byte)
{
    UART_EVENTS_TXDRDY = 0u;
    UART_TXD = byte;
    while (UART_EVENTS_TXDRDY == 0u) {
    }
}

void board_tick_start(uint32_t hertz)
{
    TIMER_TASKS_STOP(TICK_TIMER) = 1u;
    TIMER_TASKS_CLEAR(TICK_TIMER) = 1u;
    if (hertz != 0u) {
        TIMER_BITMODE(TICK_TIMER) = TIMER_16_BIT;
        TIMER_PRESCALER(TICK_TIMER) = 4u;
        TIMER_CC(TICK_TIMER, 0u) = TIMER_HZ / hertz;
        TIMER_SHORTS(TICK_TIMER) = 1u;
        TIMER_INTENSET(TICK_TIMER) = TIMER_INT_COMPARE(0u);
        cortex_irq_enable(TICK_IRQ);
        TIMER_TASKS_START(TICK_TIMER) = 1u;
    }
}

static void on_uart(void)
{
    while (UART_EVENTS_RXDRDY != 0u) {
        UART_EVENTS_RXDRDY = 0u;
        board_on_receive((uint8_t)UART_RXD);
    }
}

static void on_tick(void)
{
    TIMER_EVENTS_COMPARE(TICK_TIMER, 0u) = 0u;
    board_on_tick();
}

#ifdef RILL_SUBTASKS

#define NS_PER_COUNT 1000u

uint32_t board_clock_step(void)
{
    return NS_PER_COUNT;
}

static void on_clock(void)
{
    TIMER_EVENTS_COMPARE(CLOCK_TIMER, WAKE) = 0u;
    if (TIMER_EVENTS_COMPARE(CLOCK_TIMER, ROUND) != 0u) {
        TIMER_EVENTS_COMPARE(CLOCK_TIMER, ROUND) = 0u;
        rounds++;
    }
}

/* Interrupts are held off: one that has not been served yet has not counted its round. */
static uint64_t microseconds(void)
{
    uint32_t low;
    uint32_t high = rounds;

    TIMER_TASKS_CAPTURE(CLOCK_TIMER, CAPTURE) = 1u;
    low = TIMER_CC(CLOCK_TIMER, CAPTURE);
    if (TIMER_EVENTS_COMPARE(CLOCK_TIMER, ROUND) != 0u && low < 0x80000000u) {
        high++;
    }
    return (uint64_t)high << 32 | low;
}

uint64_t board_clock_now(void)
{
    uint64_t now;

    core_lock();
    now = microseconds();
    core_unlock();
    return now * NS_PER_COUNT;
}

/* Divides where there is something to wake for, and only then: that takes stack. */
__attribute__((noinline)) static uint64_t microseconds_until(uint64_t at)
{
    /* Rounded up: not before its time. */
    return at / NS_PER_COUNT + (at % NS_PER_COUNT != 0u);
}

int board_clock_wake(uint64_t at)
{
    const uint64_t wanted = at != UINT64_MAX ? microseconds_until(at) : at;

    TIMER_EVENTS_COMPARE(CLOCK_TIMER, WAKE) = 0u;
    TIMER_CC(CLOCK_TIMER, WAKE) = wanted - microseconds() <= UINT32_MAX ? (uint32_t)wanted : 0u;
    /* The timer misses a time that it reaches while it is told of it. */
    return microseconds() + 1u < wanted;
}

#endif
