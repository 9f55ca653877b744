/* Sizes for 16 KiB of RAM. */
#ifndef RILL_BOARD_LIMITS_H
#define RILL_BOARD_LIMITS_H

#ifndef FEED_MAX
#define FEED_MAX 2u
#endif

#endif
