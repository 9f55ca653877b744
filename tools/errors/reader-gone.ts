/**
 * Whoever reads our output has gone, as `head` does when it has seen enough: the command
 * ends at once, without a word, and with 0.
 */
export class ReaderGone extends Error {
  override readonly name = "ReaderGone" as const;
}
