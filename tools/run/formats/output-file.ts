import { writeSync } from "node:fs";
import { ReaderGone } from "../../errors/reader-gone.js";
import { systemReason } from "../../errors/system-error.js";
import { UserError } from "../../errors/user-error.js";
import {
  discardReplacement,
  finishReplacement,
  openReplacement,
  through,
  type Replacement,
} from "../../files/replacement.js";
import { isRegular, sleep } from "./descriptor.js";

/** Bytes that are kept back until they are written, where nobody waits for them. */
const BUFFER_BYTE_LENGTH = 1 << 16;

/** Words in front of the buffer. */
const LOCK = 0;
const LENGTH = 1;
const HAS_ITEMS = 2;
const IS_AWAITED = 3;
const HEADER_WORDS = 4;
/** Values of LOCK. */
const FREE = 0;
const HELD = 1;
const OVER = 2;

/** What another thread needs to finish an output when a signal ends this process. */
export interface OpenOutput {
  readonly replacement: Replacement;
  readonly shared: SharedArrayBuffer;
}

/**
 * Output of a run: a file that is replaced when the run is over, or what is written through: standard output
 * (`-`), a pipe, a device. Somebody may wait at a pipe, or follow the file that standard output is, so what
 * is written through leaves at once; what nobody sees before the run is over goes through a buffer.
 */
export class OutputFile {
  /** What `keepWhatArrived` takes. */
  readonly open: OpenOutput;
  private readonly words: Int32Array;
  private readonly buffer: Buffer;

  /** @throws UserError when it cannot be created */
  constructor(readonly path: string) {
    const shared = new SharedArrayBuffer(4 * HEADER_WORDS + BUFFER_BYTE_LENGTH);
    this.open = { replacement: path === "-" ? through(1) : create(path), shared };
    this.words = new Int32Array(shared, 0, HEADER_WORDS);
    this.buffer = Buffer.from(shared, 4 * HEADER_WORDS);
    this.words[IS_AWAITED] = path !== "-" && isRegular(this.open.replacement.descriptor) ? 0 : 1;
  }

  /** Writes bytes: items, or what stands in front of them. */
  write(bytes: Uint8Array, isItem = true): void {
    this.locked(() => {
      if (this.words[LENGTH]! + bytes.length > BUFFER_BYTE_LENGTH) this.flush();
      if (bytes.length > BUFFER_BYTE_LENGTH) this.writeAll(bytes);
      else {
        this.buffer.set(bytes, this.words[LENGTH]);
        this.words[LENGTH]! += bytes.length;
      }
      if (isItem) this.words[HAS_ITEMS] = 1;
      if (this.words[IS_AWAITED] !== 0) this.flush();
    });
  }

  /** Writes what is left, and puts the file in its place. */
  close(): void {
    this.locked(() => {
      this.flush();
      try {
        finishReplacement(this.open.replacement);
      } catch (error) {
        throw this.refusal(error);
      }
    }, OVER);
  }

  /** Leaves the file as it was: what has come is no result. */
  discard(): void {
    this.locked(() => {
      discardReplacement(this.open.replacement);
    }, OVER);
  }

  private locked(act: () => void, then: typeof FREE | typeof OVER = FREE): void {
    if (!lock(this.words)) return;
    try {
      act();
    } finally {
      unlock(this.words, then);
    }
  }

  private flush(): void {
    const { [LENGTH]: length = 0 } = this.words;
    this.words[LENGTH] = 0;
    this.writeAll(this.buffer.subarray(0, length));
  }

  private writeAll(bytes: Uint8Array): void {
    try {
      writeWhole(this.open.replacement.descriptor, bytes);
    } catch (error) {
      throw this.refusal(error);
    }
  }

  private refusal(error: unknown): Error {
    if ((error as NodeJS.ErrnoException).code === "EPIPE") return new ReaderGone();
    const name = this.path === "-" ? "standard output" : this.path;
    return new UserError(`${name}: cannot be written: ${systemReason(error)}`);
  }
}

/**
 * Finishes an output with the items that have come; without any, what was there
 * stays. Does nothing when it is closed.
 */
export function keepWhatArrived({ replacement, shared }: OpenOutput): void {
  const words = new Int32Array(shared, 0, HEADER_WORDS);
  // Whoever waits for a slow reader holds the lock; what is written at once has nothing to be kept.
  if (words[IS_AWAITED] !== 0 || !lock(words)) return;
  if (words[HAS_ITEMS] === 0) {
    discardReplacement(replacement);
  } else {
    writeWhole(replacement.descriptor, Buffer.from(shared, 4 * HEADER_WORDS, words[LENGTH]));
    finishReplacement(replacement);
  }
  unlock(words, OVER);
}

/** @returns false when the output is closed */
function lock(words: Int32Array): boolean {
  for (;;) {
    const found = Atomics.compareExchange(words, LOCK, FREE, HELD);
    if (found !== HELD) return found === FREE;
    Atomics.wait(words, LOCK, HELD);
  }
}

function unlock(words: Int32Array, then: typeof FREE | typeof OVER): void {
  Atomics.store(words, LOCK, then);
  Atomics.notify(words, LOCK);
}

/** Waits for a reader that is slower than we are. */
function writeWhole(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) {
    try {
      done += writeSync(descriptor, bytes, done);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      sleep(1);
    }
  }
}

function create(path: string): Replacement {
  try {
    return openReplacement(path);
  } catch (error) {
    throw new UserError(`${path}: cannot be created: ${systemReason(error)}`);
  }
}
