/* Start-up, the same on every core: paints the stack, initialises RAM, calls main. */
#include "start.h"

#include "board.h"

#include <stdint.h>
#include <string.h>

extern uint32_t __data_load[];
extern uint32_t __data_start[];
extern uint32_t __data_stop[];
extern uint32_t __bss_start[];
extern uint32_t __bss_stop[];
extern uint32_t __stack_low[];

int main(void);

/* For a firmware that uses neither the tick nor what arrives on the serial line. */
__attribute__((weak)) void board_on_tick(void)
{
}

__attribute__((weak)) void board_on_receive(uint8_t byte)
{
    (void)byte;
}

/** Paints the free stack so that its deepest use can be measured, then sets up .data and .bss and runs the firmware. */
__attribute__((noreturn)) void rill_reset(void)
{
    uint32_t *word;
    uint32_t *here = (uint32_t *)__builtin_frame_address(0);

    for (word = __stack_low; word < here - 8; word++) {
        *word = RILL_STACK_PAINT;
    }
    (void)memcpy(__data_start, __data_load, (size_t)((uint8_t *)__data_stop - (uint8_t *)__data_start));
    (void)memset(__bss_start, 0, (size_t)((uint8_t *)__bss_stop - (uint8_t *)__bss_start));
    (void)main();
    for (;;) {
    }
}
