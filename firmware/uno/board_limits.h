/* Sizes for 2 KiB of RAM: those that hold where no board says otherwise; FEED_MAX comes with the guest. */
#ifndef RILL_BOARD_LIMITS_H
#define RILL_BOARD_LIMITS_H

#endif
