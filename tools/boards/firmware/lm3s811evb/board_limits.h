/* Sizes for 8 KiB of RAM: one stream parameter, four handles (parameter, both ends of the result, waitable set). */
#ifndef RILL_BOARD_LIMITS_H
#define RILL_BOARD_LIMITS_H

#define FEED_MAX 1u
#define HOST_HANDLES 4u
#define GUEST_TEXT 40u

#endif
