/*
 * BBC micro:bit: nRF51822, Cortex-M0 at 16 MHz, 256 KiB of flash, 16 KiB of RAM.
 * Serial line: UART on pins 24 (transmit) and 25 (receive), the USB interface's. Tick: TIMER0, as the nRF51 has no
 * SysTick.
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

#define TIMER_TASKS_START RILL_REG32(0x40008000u)
#define TIMER_TASKS_STOP RILL_REG32(0x40008004u)
#define TIMER_TASKS_CLEAR RILL_REG32(0x4000800Cu)
#define TIMER_EVENTS_COMPARE0 RILL_REG32(0x40008140u)
#define TIMER_SHORTS RILL_REG32(0x40008200u)
#define TIMER_INTENSET RILL_REG32(0x40008304u)
#define TIMER_BITMODE RILL_REG32(0x40008508u)
#define TIMER_PRESCALER RILL_REG32(0x40008510u)
#define TIMER_CC0 RILL_REG32(0x40008540u)
#define TIMER_INT_COMPARE0 (1u << 16)
#define TIMER_IRQ 8u

const char board_name[] = "microbit";

static void on_uart(void);
static void on_timer(void);

RILL_VECTORS(16, [16 + UART_IRQ] = {.code = on_uart}, [16 + TIMER_IRQ] = {.code = on_timer});

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
    TIMER_TASKS_STOP = 1u;
    TIMER_TASKS_CLEAR = 1u;
    if (hertz != 0u) {
        TIMER_BITMODE = 3u;
        TIMER_PRESCALER = 4u;
        TIMER_CC0 = TIMER_HZ / hertz;
        TIMER_SHORTS = 1u;
        TIMER_INTENSET = TIMER_INT_COMPARE0;
        cortex_irq_enable(TIMER_IRQ);
        TIMER_TASKS_START = 1u;
    }
}

static void on_uart(void)
{
    while (UART_EVENTS_RXDRDY != 0u) {
        UART_EVENTS_RXDRDY = 0u;
        board_on_receive((uint8_t)UART_RXD);
    }
}

static void on_timer(void)
{
    TIMER_EVENTS_COMPARE0 = 0u;
    board_on_tick();
}
