import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { UserError } from "../../errors/user-error.js";
import { systemReason } from "../../errors/system-error.js";
import type { ByteSource } from "./byte-source.js";
import { sleep } from "./descriptor.js";

/** Bytes that are asked for at a time. */
const CHUNK_BYTE_LENGTH = 1 << 16;

/**
 * A file, or standard input for `-`, read piece by piece and synchronously: the
 * guest that waits for it is on the stack.
 */
export class InputFile implements ByteSource {
  private readonly descriptor: number;
  private readonly chunk = Buffer.allocUnsafe(CHUNK_BYTE_LENGTH);

  /** @throws UserError when it cannot be opened */
  constructor(readonly path: string) {
    this.descriptor = path === "-" ? 0 : open(path);
  }

  /** What messages call it. */
  get name(): string {
    return this.path === "-" ? "standard input" : this.path;
  }

  /** Its length in bytes; null for what is no regular file. */
  get byteLength(): number | null {
    const stat = fstatSync(this.descriptor);
    return stat.isFile() ? stat.size : null;
  }

  /** The next bytes, at most `most`; valid until the next call; null at the end. */
  read(most = CHUNK_BYTE_LENGTH): Buffer | null {
    for (;;) {
      try {
        const count = readSync(this.descriptor, this.chunk, 0, Math.min(most, CHUNK_BYTE_LENGTH), null);
        return count === 0 ? null : this.chunk.subarray(0, count);
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code === "EOF") return null;
        if (code !== "EAGAIN") throw new UserError(`${this.name}: cannot be read: ${message}`);
        sleep(2);
      }
    }
  }

  /** Closes the file. */
  close(): void {
    if (this.path !== "-") closeSync(this.descriptor);
  }
}

function open(path: string): number {
  try {
    return openSync(path, "r");
  } catch (error) {
    throw new UserError(`${path}: cannot be opened: ${systemReason(error)}`);
  }
}
