/* Sizes for 128 KiB of RAM: the defaults. */
#ifndef RILL_BOARD_LIMITS_H
#define RILL_BOARD_LIMITS_H

#endif
