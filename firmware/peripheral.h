/* Access to peripherals, the same on every core. */
#ifndef RILL_PERIPHERAL_H
#define RILL_PERIPHERAL_H

#include <stdint.h>

/** A 32-bit peripheral register at a fixed address. */
#define RILL_REG32(address) (*(volatile uint32_t *)(uintptr_t)(address))

#endif
