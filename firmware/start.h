/* Start-up code's view for the rest of the firmware: the painted stack. */
#ifndef RILL_START_H
#define RILL_START_H

#include <stdint.h>

/** The word that fills the unused native stack from reset on. */
#define RILL_STACK_PAINT 0xA5C35A3Cu

/** Reset handler. */
__attribute__((noreturn)) void rill_reset(void);

#endif
