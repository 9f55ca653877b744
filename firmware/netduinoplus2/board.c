/*
 * Netduino Plus 2: STM32F405, Cortex-M4 at 168 MHz, 1 MiB of flash, 128 KiB of main RAM.
 * Serial line: USART1 on PA9 (transmit) and PA10 (receive). Tick and clock: SysTick, which counts to 24 bits. As a
 * clock it counts an eighth of the core's clocks, and wakes the core every 799 ms to count on.
 */
#include "../board.h"
#include "../cortex_m/cortex_m.h"
#include "../cortex_m/vectors.h"

#define CLOCK_HZ 168000000u
#define APB2_HZ 84000000u

#define FLASH_ACR RILL_REG32(0x40023C00u)
#define RCC_CR RILL_REG32(0x40023800u)
#define RCC_PLLCFGR RILL_REG32(0x40023804u)
#define RCC_CFGR RILL_REG32(0x40023808u)
#define RCC_AHB1ENR RILL_REG32(0x40023830u)
#define RCC_APB2ENR RILL_REG32(0x40023844u)
#define RCC_CR_HSEON (1u << 16)
#define RCC_CR_HSERDY (1u << 17)
#define RCC_CR_PLLON (1u << 24)
#define RCC_CR_PLLRDY (1u << 25)
/* 25 MHz crystal: / 25 * 336 / 2 = 168 MHz; / 7 = 48 MHz for USB. */
#define PLLCFGR_168_MHZ (25u | (336u << 6) | (1u << 22) | (7u << 24))
/* The emulated board has no clock controller, so its ready bits never come: the waits are bounded. */
#define CLOCK_WAIT_TURNS 50000u

#define GPIOA_MODER RILL_REG32(0x40020000u)
#define GPIOA_AFRH RILL_REG32(0x40020024u)

#define USART_SR RILL_REG32(0x40011000u)
#define USART_DR RILL_REG32(0x40011004u)
#define USART_BRR RILL_REG32(0x40011008u)
#define USART_CR1 RILL_REG32(0x4001100Cu)
#define USART_SR_RXNE (1u << 5)
#define USART_SR_TXE (1u << 7)
#define USART_CR1_RUN ((1u << 13) | (1u << 5) | (1u << 3) | (1u << 2))
#define USART_IRQ 37u

const char board_name[] = "netduinoplus2";

static void on_uart(void);

#ifdef RILL_SUBTASKS
static void on_systick(void);

RILL_VECTORS(40, [15] = {.code = on_systick}, [16 + USART_IRQ] = {.code = on_uart});
#else
RILL_VECTORS(40, [15] = {.code = board_on_tick}, [16 + USART_IRQ] = {.code = on_uart});
#endif

static void clock_wait(uint32_t bit)
{
    uint32_t turns = CLOCK_WAIT_TURNS;

    while ((RCC_CR & bit) == 0u && turns != 0u) {
        turns--;
    }
}

void board_init(void)
{
    RCC_CR |= RCC_CR_HSEON;
    clock_wait(RCC_CR_HSERDY);
    RCC_PLLCFGR = PLLCFGR_168_MHZ;
    RCC_CR |= RCC_CR_PLLON;
    clock_wait(RCC_CR_PLLRDY);
    FLASH_ACR = 0x705u;
    /* APB1 at a quarter, APB2 at half of the core's clock; the PLL drives. */
    RCC_CFGR = (5u << 10) | (4u << 13) | 2u;

    RCC_AHB1ENR |= 1u;
    RCC_APB2ENR |= 1u << 4;
    GPIOA_MODER = (GPIOA_MODER & ~(0xFu << 18)) | (0xAu << 18);
    GPIOA_AFRH = (GPIOA_AFRH & ~(0xFFu << 4)) | (0x77u << 4);

    USART_BRR = APB2_HZ / 115200u;
    USART_CR1 = USART_CR1_RUN;
    cortex_irq_enable(USART_IRQ);
#ifdef RILL_SUBTASKS
    SYST_CVR = 0u;
    board_tick_start(0u);
#endif
}

void board_uart_put(uint8_t byte)
{
    while ((USART_SR & USART_SR_TXE) == 0u) {
    }
    USART_DR = byte;
}

#ifdef RILL_SUBTASKS

/* SysTick's, as a clock. */
#define COUNT_HZ (CLOCK_HZ / 8u)
/* Fewer are over before a count has begun. */
#define LEAST_COUNTS 64u
#define COUNTS_PER_MICROSECOND (COUNT_HZ / 1000000u)

/* Counts until SysTick last began anew. */
static uint64_t counted;
static uint8_t is_ticking;

/* Counts since start-up. Interrupts are held off: SysTick may have begun anew and not have been served yet. */
static uint64_t counts(void)
{
    uint32_t left = SYST_CVR;
    uint64_t all = counted;

    if ((SCB_ICSR & SCB_ICSR_PENDSTSET) != 0u) {
        left = SYST_CVR;
        /* It raises its exception at 0, and begins anew with the next count. */
        all += left != 0u ? SYST_RVR + 1u : 0u;
    }
    return all + SYST_RVR - left;
}

/* SysTick begins anew, and raises its exception after `length` counts. Interrupts are held off. */
static void count_down(uint32_t length)
{
    counted = counts();
    SYST_RVR = length - 1u;
    SYST_CVR = 0u;
    SYST_CSR = SYST_CSR_RUN_REFERENCE;
    SCB_ICSR = SCB_ICSR_PENDSTCLR;
    /* It takes the new length with the next count. */
    while (SYST_CVR == 0u) {
    }
}

static void on_systick(void)
{
    counted += SYST_RVR + 1u;
    if (is_ticking != 0u) {
        board_on_tick();
    }
}

void board_tick_start(uint32_t hertz)
{
    const uint32_t held = cortex_hold();

    is_ticking = (uint8_t)(hertz != 0u);
    count_down(hertz != 0u ? COUNT_HZ / hertz : SYST_MOST + 1u);
    cortex_let(held);
}

uint32_t board_clock_step(void)
{
    return 1000u / COUNTS_PER_MICROSECOND + 1u;
}

uint64_t board_clock_now(void)
{
    uint64_t now;

    core_lock();
    now = counts();
    core_unlock();
    return now * 1000u / COUNTS_PER_MICROSECOND;
}

int board_clock_wake(uint64_t at)
{
    /* Rounded up: not before its time. A time that does not fit is never. */
    const uint64_t wanted =
        at > UINT64_MAX / COUNTS_PER_MICROSECOND - 1000u ? UINT64_MAX : (at * COUNTS_PER_MICROSECOND + 999u) / 1000u;
    const uint64_t now = counts();

    if (wanted < now + LEAST_COUNTS) {
        return 0;
    }
    count_down(wanted - now > SYST_MOST ? SYST_MOST + 1u : (uint32_t)(wanted - now));
    return 1;
}

#else

void board_tick_start(uint32_t hertz)
{
    cortex_systick_start(CLOCK_HZ, hertz);
}

#endif

static void on_uart(void)
{
    while ((USART_SR & USART_SR_RXNE) != 0u) {
        board_on_receive((uint8_t)USART_DR);
    }
}
