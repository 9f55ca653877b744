/*
 * SiFive HiFive1: FE310-G000, an E31 core (RV32IMAC) at 256 MHz, 16 KiB of RAM, code in 16 MiB of flash on SPI behind
 * the boot loader. Serial line: UART0 on pins 16 (receive) and 17 (transmit), the USB interface's. Tick and clock: the
 * machine timer, which counts a crystal of 32,768 Hz to 64 bits.
 */
#include "../board.h"
#include "../riscv/clint.h"
#include "../riscv/riscv.h"
#ifdef RILL_SUBTASKS
#include "../riscv/timer_counts.h"
#endif

#define CLOCK_HZ 256000000u
#define TIMER_HZ 32768u
/* QEMU before 8.1 counts faster. It has no watchdog either, by which it is known. */
#define EMULATED_TIMER_HZ 10000000u
#define AON_WDOGKEY RILL_REG32(0x1000001Cu)
#define AON_WDOGCMP RILL_REG32(0x10000020u)
#define WDOGKEY_UNLOCKS 0x51F15Eu
/* The watchdog does not run: this is compared with nothing. */
#define WDOGCMP_MARK 0x5AA5u

#define PRCI_HFROSCCFG RILL_REG32(0x10008000u)
#define PRCI_HFXOSCCFG RILL_REG32(0x10008004u)
#define PRCI_PLLCFG RILL_REG32(0x10008008u)
#define PRCI_PLLOUTDIV RILL_REG32(0x1000800Cu)
#define PRCI_ENABLE (1u << 30)
#define PRCI_READY (1u << 31)
/* The oscillator in the chip at its rate after a reset, some 14 MHz. */
#define HFROSC_RESET (PRCI_ENABLE | (16u << 16) | 4u)
/* Out of the crystal's 16 MHz: / 2 * 64 / 2. */
#define PLL_256_MHZ ((1u << 17) | 1u | (31u << 4) | (1u << 10))
#define PLL_SELECTED (1u << 16)
#define PLL_BYPASS (1u << 18)
#define PLL_LOCKED (1u << 31)
/* What comes out of the PLL is not divided again. */
#define PLLOUTDIV_BY_1 (1u << 8)
/* The PLL says that it is locked before it is: the manual wants 100 us first, a ten-thousandth of a second. */
#define PLL_SETTLING 10000u

/* Flash is read at an eighth of the core's clock: 32 MHz, of the 50 MHz that it stands. */
#define QSPI0_SCKDIV RILL_REG32(0x10014000u)
#define SCKDIV_BY_8 3u

#define GPIO_IOF_EN RILL_REG32(0x10012038u)
#define GPIO_IOF_SEL RILL_REG32(0x1001203Cu)
#define UART_PINS (3u << 16)

#define UART_TXDATA RILL_REG32(0x10013000u)
#define UART_RXDATA RILL_REG32(0x10013004u)
#define UART_TXCTRL RILL_REG32(0x10013008u)
#define UART_RXCTRL RILL_REG32(0x1001300Cu)
#define UART_IE RILL_REG32(0x10013010u)
#define UART_DIV RILL_REG32(0x10013018u)
#define UART_FULL_OR_EMPTY (1u << 31)
#define UART_ON 1u
#define UART_IE_RECEIVE 2u
#define UART_IRQ 3u

#define PLIC_PRIORITY(irq) RILL_REG32(0x0C000000u + 4u * (irq))
#define PLIC_ENABLE RILL_REG32(0x0C002000u)
#define PLIC_THRESHOLD RILL_REG32(0x0C200000u)
#define PLIC_CLAIM RILL_REG32(0x0C200004u)

const char board_name[] = "hifive1";

static uint32_t timer_hertz;
/* The tick: its rate, when it strikes next, and the remainder of what was divided, in parts of a count. */
static uint32_t tick_hertz;
static uint64_t tick_next;
static uint32_t tick_rest;
#ifdef RILL_SUBTASKS
static uint8_t is_ticking;
/* Nanoseconds that 64 counts of the timer take. */
#define NS_OF_64 (timer_hertz == TIMER_HZ ? 1953125u : 6400u)
#endif

static uint32_t timer_rate(void)
{
    AON_WDOGKEY = WDOGKEY_UNLOCKS;
    AON_WDOGCMP = WDOGCMP_MARK;
    return AON_WDOGCMP == WDOGCMP_MARK ? TIMER_HZ : EMULATED_TIMER_HZ;
}

static void start_clock(void)
{
    uint64_t start;

    /* A restart comes here with the PLL driving: the core leaves it first. */
    PRCI_HFROSCCFG = HFROSC_RESET;
    while ((PRCI_HFROSCCFG & PRCI_READY) == 0u) {
    }
    PRCI_PLLCFG &= ~PLL_SELECTED;
    PRCI_HFXOSCCFG = PRCI_ENABLE;
    while ((PRCI_HFXOSCCFG & PRCI_READY) == 0u) {
    }
    QSPI0_SCKDIV = SCKDIV_BY_8;
    PRCI_PLLCFG = PLL_256_MHZ | PLL_BYPASS;
    PRCI_PLLOUTDIV = PLLOUTDIV_BY_1;
    PRCI_PLLCFG = PLL_256_MHZ;
    start = clint_now();
    while (clint_now() - start <= timer_hertz / PLL_SETTLING) {
    }
    while ((PRCI_PLLCFG & PLL_LOCKED) == 0u) {
    }
    PRCI_PLLCFG = PLL_256_MHZ | PLL_SELECTED;
}

void board_init(void)
{
    timer_hertz = timer_rate();
    start_clock();

    GPIO_IOF_SEL &= ~UART_PINS;
    GPIO_IOF_EN |= UART_PINS;
    UART_DIV = CLOCK_HZ / 115200u - 1u;
    UART_TXCTRL = UART_ON;
    UART_RXCTRL = UART_ON;
    UART_IE = UART_IE_RECEIVE;

    PLIC_PRIORITY(UART_IRQ) = 1u;
    PLIC_THRESHOLD = 0u;
    PLIC_ENABLE = 1u << UART_IRQ;
    /* A fault may have struck between the claim and the completion of this interrupt. */
    PLIC_CLAIM = UART_IRQ;
    riscv_enable(MIE_MEIE);
    core_unlock();
}

void board_uart_put(uint8_t byte)
{
    while ((UART_TXDATA & UART_FULL_OR_EMPTY) != 0u) {
    }
    UART_TXDATA = byte;
}

/* Counts of the timer until the next tick, so that ticks come at the wanted rate in the long run. */
static uint32_t tick_counts(void)
{
    uint32_t counts = timer_hertz / tick_hertz;

    tick_rest += timer_hertz % tick_hertz;
    if (tick_rest >= tick_hertz) {
        tick_rest -= tick_hertz;
        counts++;
    }
    return counts;
}

void board_tick_start(uint32_t hertz)
{
    riscv_disable(MIE_MTIE);
#ifdef RILL_SUBTASKS
    is_ticking = (uint8_t)(hertz != 0u);
#endif
    if (hertz != 0u) {
        tick_hertz = hertz;
        tick_rest = 0u;
        tick_next = clint_now() + tick_counts();
        clint_strike_at(tick_next);
        riscv_enable(MIE_MTIE);
    }
}

void riscv_on_timer(void)
{
#ifdef RILL_SUBTASKS
    if (is_ticking == 0u) {
        /* It has woken the core, and strikes for as long as its time is over. */
        riscv_disable(MIE_MTIE);
        return;
    }
#endif
    tick_next += tick_counts();
    clint_strike_at(tick_next);
    board_on_tick();
}

void riscv_on_device(void)
{
    uint32_t irq = PLIC_CLAIM;
    uint32_t data;

    while (((data = UART_RXDATA) & UART_FULL_OR_EMPTY) == 0u) {
        board_on_receive((uint8_t)data);
    }
    PLIC_CLAIM = irq;
}

#ifdef RILL_SUBTASKS

uint32_t board_clock_step(void)
{
    return timer_step(NS_OF_64);
}

uint64_t board_clock_now(void)
{
    return timer_nanoseconds(clint_now(), NS_OF_64);
}

/* Divides where there is something to wake for, and only then: that takes stack. */
__attribute__((noinline)) static uint64_t counts_until(uint64_t at)
{
    return timer_counts(at, NS_OF_64);
}

int board_clock_wake(uint64_t at)
{
    uint64_t wanted;

    if (at == UINT64_MAX) {
        return 1;
    }
    wanted = counts_until(at);
    if (wanted <= clint_now()) {
        return 0;
    }
    /* It strikes for as long as the time has come: none is missed. */
    clint_strike_at(wanted);
    riscv_enable(MIE_MTIE);
    return 1;
}

#endif
