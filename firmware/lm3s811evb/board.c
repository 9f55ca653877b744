/*
 * Stellaris LM3S811 evaluation board: Cortex-M3 at 50 MHz, 64 KiB of flash, 8 KiB of RAM.
 * Serial line: UART0 (PL011) on PA0/PA1. Tick: SysTick.
 */
#include "../board.h"
#include "../cortex_m/cortex_m.h"
#include "../cortex_m/vectors.h"

#define CLOCK_HZ 50000000u

#define SYSCTL_RIS RILL_REG32(0x400FE050u)
#define SYSCTL_RCC RILL_REG32(0x400FE060u)
#define SYSCTL_RCGC1 RILL_REG32(0x400FE104u)
#define SYSCTL_RCGC2 RILL_REG32(0x400FE108u)
#define SYSCTL_PLL_LOCKED (1u << 6)
/* 6 MHz crystal on the main oscillator, PLL on and bypassed, divisor 4 of 200 MHz in force. */
#define RCC_PLL_STARTING 0x01C00AC0u
#define RCC_BYPASS (1u << 11)

#define GPIOA_AFSEL RILL_REG32(0x40004420u)
#define GPIOA_DEN RILL_REG32(0x4000451Cu)

#define UART_DR RILL_REG32(0x4000C000u)
#define UART_FR RILL_REG32(0x4000C018u)
#define UART_IBRD RILL_REG32(0x4000C024u)
#define UART_FBRD RILL_REG32(0x4000C028u)
#define UART_LCRH RILL_REG32(0x4000C02Cu)
#define UART_CTL RILL_REG32(0x4000C030u)
#define UART_IM RILL_REG32(0x4000C038u)
#define UART_ICR RILL_REG32(0x4000C044u)
#define UART_FR_RXFE (1u << 4)
#define UART_FR_TXFF (1u << 5)
#define UART_IRQ 5u

const char board_name[] = "lm3s811evb";

static void on_uart(void);

RILL_VECTORS(8, [15] = {.code = board_on_tick}, [16 + UART_IRQ] = {.code = on_uart});

void board_init(void)
{
    SYSCTL_RCC = RCC_PLL_STARTING;
    while ((SYSCTL_RIS & SYSCTL_PLL_LOCKED) == 0u) {
    }
    SYSCTL_RCC = RCC_PLL_STARTING & ~RCC_BYPASS;

    SYSCTL_RCGC1 |= 1u;
    SYSCTL_RCGC2 |= 1u;
    GPIOA_AFSEL |= 3u;
    GPIOA_DEN |= 3u;

    /* 50 MHz / (16 * 115,200) = 27 + 8/64. No FIFO: an interrupt for each byte. */
    UART_CTL = 0u;
    UART_IBRD = 27u;
    UART_FBRD = 8u;
    UART_LCRH = 0x60u;
    UART_IM = 1u << 4;
    UART_CTL = 0x301u;
    cortex_irq_enable(UART_IRQ);
}

void board_uart_put(uint8_t byte)
{
    while ((UART_FR & UART_FR_TXFF) != 0u) {
    }
    UART_DR = byte;
}

void board_tick_start(uint32_t hertz)
{
    cortex_systick_start(CLOCK_HZ, hertz);
}

static void on_uart(void)
{
    UART_ICR = 1u << 4;
    while ((UART_FR & UART_FR_RXFE) == 0u) {
        board_on_receive((uint8_t)UART_DR);
    }
}
