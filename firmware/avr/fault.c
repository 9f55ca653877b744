/*
 * Faults on AVR: the core has none. What would be one elsewhere is kept out when the firmware is built: a guest's
 * memory accesses are compared, its calls are counted where they may come back to themselves, and the stack that they
 * take fits.
 */
#include "../fault.h"

void rill_fault_watch(uint32_t image)
{
    (void)image;
}

uint32_t rill_fault_take(void)
{
    return 0u;
}
