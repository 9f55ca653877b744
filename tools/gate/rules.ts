/**
 * The gate's rules: what each means and what to do about it. Each has a page of
 * the same name in `docs/gate/`.
 */

/** One rule. */
export interface Rule {
  /** What is broken, in a sentence. */
  readonly title: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** Every rule by name. */
export const rules = {
  "lent-read": {
    title: "the guest reads memory that a copy in flight has lent to the host",
    remedy: "wait for the copy, or cancel it, before you look at its slot or buffer",
  },
  "lent-write": {
    title: "the guest writes memory that a copy in flight has lent to the host",
    remedy: "wait for the copy, or cancel it, before you change its slot or buffer",
  },
  "lent-twice": {
    title: "memory is lent to two copies at once",
    remedy: "give each copy in flight a buffer of its own",
  },
  "stale-completion": {
    title: "the host completes a copy into memory that is no longer the copy's",
    remedy: "cancel the copy before its memory is released, moved or lent again",
  },
  "operation-moved": {
    title: "an operation was copied or moved while the host had its slot's address",
    remedy: "leave operations in their static frame: the host keeps the address that it was given",
  },
  "operation-reused": {
    title:
      "an operation's frame was given to another end while its copy is in flight or its end is not dropped",
    remedy: "cancel and drop the end before its frame is used again",
  },
  "empty-slot": {
    title: "a slot is read while it holds no item that next() has answered for",
    remedy: "use value only after next() answered true, and before the next call on that end",
  },
  "taken-twice": {
    title: "an item is given to the guest a second time",
    remedy: "take an item in once: after it was answered for, the slot is empty",
  },
  "item-lost": {
    title: "an item arrived and the guest never gets it",
    remedy: "keep an item that arrives with a cancel or an early event until next() has answered for it",
  },
  "wrong-answer": {
    title: "the library tells the guest something else than the host told the library",
    remedy: "take every packed result in: the items moved, and whether the other end is gone",
  },
  "wrong-contents": {
    title: "an item or result leaves the guest with other contents than what it was made from calls for",
    remedy: "look at what was lifted, kept and lowered on the way: the place, the length, the order",
  },
  "released-twice": {
    title: "an element that owns a resource is released a second time",
    remedy: "drop each handle that an item brought exactly once",
  },
  "released-never": {
    title: "an element that owns a resource is never released",
    remedy: "drop, or pass on, each handle that an item brought before the task returns",
  },
  "stale-view": {
    title: "a value from `value` is used after its slot was lent again",
    remedy: "ask for value again after each next(), or keep a copy of the fields you need",
  },
  "outside-element": {
    title:
      "an access reaches over the edge of an element: into an operation's header, its padding or a neighbour",
    remedy: "touch only the element's own bytes, with its own type",
  },
  "unwritten-item": {
    title: "the host is given an item of which a byte was not written for it",
    remedy: "store every field of the item into the slot or buffer before the write begins",
  },
  "unwritten-read": {
    title: "the guest reads memory that nobody has written",
    remedy: "read only what was stored there, or what a read said that it has filled",
  },
  "arena-after-reset": {
    title: "arena memory is used after it was taken back",
    remedy: "use what an item lowered or lifted before the copy has settled and the arena is reset",
  },
  "place-after-release": {
    title: "a place of a static table is used after it was given back",
    remedy: "forget a state when its resource's destructor has run, and an end when you have dropped it",
  },
  "handle-leaked": {
    title: "a task returns and leaves a handle behind",
    remedy: "drop every end; the generated epilogue does it for ends that the task opened",
  },
  "handle-after-drop": {
    title: "a handle is used that was dropped, passed on or never given",
    remedy: "an end that was dropped or passed on is gone: forget its handle",
  },
  "dropped-while-copying": {
    title: "an end is dropped while its copy is in flight",
    remedy: "cancel the copy and take its result in, then drop",
  },
  "returned-in-flight": {
    title: "a task returns while a copy is in flight",
    remedy: "wait for the copy or cancel it before the task ends",
  },
  "static-overlap": {
    title: "memory outside the guest's static data, or two things in one place",
    remedy: "keep to memory that memory.data(...) gave, and give each frame and buffer its own",
  },
  misaligned: {
    title: "the host is given a pointer that is not aligned to the element type",
    remedy: "align the slot or buffer to its element type",
  },
  "memory-grow": {
    title: "the guest has memory.grow",
    remedy: "allocate nothing: keep state in globals, in memory.data(...) or in the operations' slots",
  },
  "illegal-call": {
    title: "a canonical call that the specification answers with a trap",
    remedy: "follow the end's states: idle, copying, done",
  },
  "wrong-pass": {
    title: "the build's passes have changed what the guest does",
    remedy: "this is a defect of the build: report it with the guest",
  },
  "guest-trap": {
    title: "the guest traps",
    remedy: "no order of the host's events may trap a guest: handle this one",
  },
} as const satisfies Readonly<Record<string, Rule>>;

/** A rule's name. */
export type RuleName = keyof typeof rules;
