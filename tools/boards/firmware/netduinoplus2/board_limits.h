/* Sizes for 128 KiB of RAM. */
#ifndef RILL_BOARD_LIMITS_H
#define RILL_BOARD_LIMITS_H

#define HOST_HANDLES 4u

#endif
