/*
 * Pipes: the stream that one guest answers with is a parameter of another one, and nobody is in between. A copy of the
 * one meets the other's, as both ends of a stream do that a component hands to another one: items go from memory to
 * memory, a write that nobody reads waits, and a dropped end or the end of the stream is told to the other side.
 * Compile rill_pipe.c, and define RILL_WITH_PIPES for all files alike.
 *
 *   bool returned(struct rill_native *first, const uint64_t *values)         the first guest's task.return
 *   {
 *       return rill_connect(&first->host, (uint32_t)values[0], &first_types[1], &second->host, &second_types[0],
 *                           &argument);
 *   }
 *
 * The second guest is called with `argument` when the first one waits. Both are to go back to the embedder when they
 * wait (`rill build --wait callback`, rill_task.h), or all but one: a guest that waits inside its call lies on the
 * stack, and the embedder runs the others in the port's `wait`.
 *
 * Spec: component-model, design/mvp/CanonicalABI.md, "Stream State", "canon stream.{read,write}".
 */
#ifndef RILL_PIPE_H
#define RILL_PIPE_H

#include "rill_host.h"
#ifdef RILL_WITH_LISTS
#include "rill_list.h"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Hands a stream of one guest's on to another guest. May be called while the first one's core code runs, as in its
 * task.return, or when it waits. What the second one does with its end is told to whoever writes: the first guest, or
 * the embedder whose stream it has handed on. A guest that has trapped is as one that has dropped its ends; so is one
 * that is closed.
 * @param from      whose readable end it is
 * @param handle    of the readable end; free from then on
 * @param element   the stream's type in the first guest's table, NULL without
 * @param to        another guest; its core code does not run
 * @param as        the same type in the second guest's table
 * @param to_handle gets the readable end's handle in the second guest: an argument of its function
 * @returns false for a trap, with the reason in `from->trap`; in `to->trap` when no place is left there
 * Lends: `as`, until the second guest has dropped its end; both hosts and their tables, each until its rill_host_close
 * Traps: the types are not equal, by length, alignment and plan; one guest twice; no such readable end, so when it was
 *        handed on before; a copy of it is in flight; it is in a waitable set; no place is left in the tables
 */
bool rill_connect(struct rill_host *from, uint32_t handle, const struct rill_type *element, struct rill_host *to,
                  const struct rill_type *as, uint32_t *to_handle);

#ifdef RILL_WITH_LISTS
/**
 * Says through which memory strings and lists of a pipe go: the longest item's, and the item itself, aligned to 8.
 * Without one such items trap the second guest.
 * @param to        the second guest
 * @param to_handle what rill_connect gave
 * @param space     its `bytes` aligned to 8
 * Lends: `space`, until the second guest has dropped its end, or either guest is closed
 */
void rill_pipe_space(struct rill_host *to, uint32_t to_handle, struct rill_space *space);
#endif

/// For the host's own files ///

/**
 * Takes the readable end's place out of a pipe, if it is one.
 * @param stream of the readable end
 * @returns what both ends share
 */
struct rill_stream *rill_leave_pipe(struct rill_stream *stream);

/**
 * A guest ends: its ends of pipes are dropped.
 * @param host the guest's, whose tables are there still
 */
void rill_cut_pipes(struct rill_host *host);

/**
 * After a copy that trapped one of the two guests: when it was the other one, the copy ends with DROPPED.
 * @param host     the guest's that copies, or whose stream an end of the embedder's is of
 * @param newcomer the end that copies
 * @returns whether it was the other one
 */
bool rill_outlives_other(struct rill_host *host, struct rill_end *newcomer);

#ifdef RILL_WITH_LISTS
/**
 * Moves elements that hold strings or lists from one guest into another.
 * @param reader the readable end: where its copy has come to, there is room
 * @param writer the writable end: where its copy has come to, there are elements
 * @param length elements: both copies have as many left
 * @returns false for a trap of either guest
 * Traps: as rill_lift and rill_lower; no space was given
 */
bool rill_pipe_values(const struct rill_end *reader, const struct rill_end *writer, uint32_t length);
#endif

#ifdef __cplusplus
}
#endif

#endif
