/* Vectors of the exceptions that the firmware itself handles on Cortex-M. */
#ifndef RILL_EXCEPTIONS_H
#define RILL_EXCEPTIONS_H

/** All faults: rill_fault_restart, with the stack pointer at the top. */
void cortex_on_fault(void);

/** PendSV, which core_divert raises: the interrupted thread goes on in watchdog_cut_off. */
void cortex_on_pendsv(void);

#endif
