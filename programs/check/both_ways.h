/*
 * Takes a copy of one element both ways, the short one and the long one, and compares what comes of them.
 */
#ifndef BOTH_WAYS_H
#define BOTH_WAYS_H

#include "rill_host.h"

/** Most that a host under check may have. */
#define BOTH_WAYS_PLACES 64u
#define BOTH_WAYS_MEMORY (1u << 16)

/**
 * Whether rill_copy_one and rill_copy agree on a call that may go either way: stream.{read,write} with `async` of one
 * element, while nothing has trapped. All is as before when it returns.
 * @param host    with at most BOTH_WAYS_PLACES handles and streams, and BOTH_WAYS_MEMORY bytes
 * @param is_short gets whether the short way takes the call
 * @returns whether they agree; where the short way does not take the call, whether it has left handles and streams
 * alone
 */
bool both_ways_agree(struct rill_host *host, enum rill_kind kind, const struct rill_type *element, uint32_t handle,
                     uint32_t ptr, bool *is_short);

#endif
