/** What a copy answers: `BLOCKED`, or the items it moved and how it ended, packed in one u32. */
// @ts-nocheck: AssemblyScript; asc checks it

/**
 * The copy goes on: the host owns the buffer until the event arrives or a cancel returns.
 * Spec: CanonicalABI.md, canon stream.{read,write}.
 */
export const BLOCKED: u32 = 0xffff_ffff;

/** The low four bits of a packed result. Spec: CanonicalABI.md, CopyResult. */
export namespace CopyResult {
  /** The copy ended by itself; the end is idle again. */
  export const COMPLETED: u32 = 0;
  /** The other end is gone; nothing but drop is allowed on this end. */
  export const DROPPED: u32 = 1;
  /** The copy was cancelled; the end is idle again. */
  export const CANCELLED: u32 = 2;
}

/** The low bits of a packed result, below the count of items: a greater result moved at least one item. */
export const PROGRESS_MASK: u32 = 15;

/** The count of items in a packed result of a stream stands above this many bits. */
export const PROGRESS_SHIFT: u32 = 4;

/** The packed result of nearly every copy of one item: it moved, and the other end goes on. */
export const ONE_MOVED: u32 = 1 << PROGRESS_SHIFT;
