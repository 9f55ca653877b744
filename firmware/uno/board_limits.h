/* Sizes for 2 KiB of RAM: one stream parameter. */
#ifndef RILL_BOARD_LIMITS_H
#define RILL_BOARD_LIMITS_H

#ifndef FEED_MAX
#define FEED_MAX 1u
#endif

#endif
