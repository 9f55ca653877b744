/** What a byte of the guest's memory is at the moment. */
export const ByteState = {
  /** The guest's to read and write. */
  DATA: 1,
  /** A read is in flight: the host will write here. */
  LENT_FOR_WRITING: 2,
  /** A write is in flight: the host will read here. */
  LENT_FOR_READING: 3,
  /** A reader's slot without an item. */
  EMPTY: 4,
  /** A reader's slot with an item that no call has answered for. */
  FILLED: 5,
  /** A reader's slot with an item that was answered for, before the guest asked for its value. */
  TAKEN: 6,
  /** The frame of a task that has returned. */
  RELEASED: 7,
  /** Arena memory that nobody holds. */
  ARENA_FREE: 8,
  /** Arena memory in use. */
  ARENA_LIVE: 9,
  /** A place of a table that nobody has. */
  PLACE_FREE: 10,
} as const;

/** Where a byte has its contents from. */
export const Content = {
  /** Somebody stored it: the guest, the host, or whoever wrote a literal. */
  WRITTEN: 0,
  /**
   * `memory.data` made it 0, and nobody has stored to it: the guest may read it,
   * but it is no part of an item.
   */
  ZEROED: 1,
  /** Nobody: a slot before its first item, a block that was just taken, room that a read did not fill. */
  NOBODY: 2,
  /** An item that the reader has taken: the slot still holds it. */
  SENT: 3,
} as const;

/**
 * What a byte is part of: the low two bits of its owner; above them stands the number
 * of the operation, 0 for an arena block.
 */
export const Part = { NONE: 0, HEADER: 1, SLOT: 2, BLOCK_HEADER: 3 } as const;

/** Bits of an owner below the number of the operation. */
export const PART_BITS = 2;
/** Mask of those bits. */
export const PART_MASK = 3;
