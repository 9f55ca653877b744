/*
 * Items with strings or lists, of the entry's own streams: conversations of remote.h. The computer lifts and lowers
 * them, while the guest waits.
 */
#ifndef RILL_REMOTE_ITEMS_H
#define RILL_REMOTE_ITEMS_H

#include "remote.h"

#ifdef RILL_IMAGE_FUNCTIONS

/**
 * An item is lifted out of the guest's memory, when the guest waits with it.
 * @param output the host's end of the result
 * @param room for one item as it lies in memory, 8-aligned: the caller's, until this returns
 * @param packed what the copy of an item has come to, or left as it was
 * @returns 1 when something moved; a trap is in the guest's host
 */
int remote_items_lift(remote_guest *guest, struct rill_end *output, uint64_t *room, uint32_t *packed);

/**
 * An item is lowered, by the guest's allocator, when the guest waits for it; at the stream's end `end` is dropped.
 * @param end the host's end of parameter `index`, whose feed has nothing
 * @param stream its number on the serial line
 * @returns 1 when something moved; a trap is in the guest's host
 */
int remote_items_lower(remote_guest *guest, struct rill_end *end, unsigned index, unsigned stream);

#endif
#endif
