import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { UserError } from "../../errors/user-error.js";
import { systemReason } from "../../errors/system-error.js";

/** Bytes that are kept back until they are written. */
const BUFFER_BYTE_LENGTH = 1 << 16;

/** A file, or standard output for `-`, written through a buffer. */
export class OutputFile {
  private readonly descriptor: number;
  private buffered: Uint8Array[] = [];
  private bufferedByteLength = 0;

  /** @throws UserError when it cannot be created */
  constructor(readonly path: string) {
    this.descriptor = path === "-" ? 1 : create(path);
  }

  /** Writes bytes. */
  write(bytes: Uint8Array): void {
    this.buffered.push(bytes);
    this.bufferedByteLength += bytes.length;
    if (this.bufferedByteLength >= BUFFER_BYTE_LENGTH) this.flush();
  }

  /** Hands what was written to the system. */
  flush(): void {
    const bytes = Buffer.concat(this.buffered);
    this.buffered = [];
    this.bufferedByteLength = 0;
    for (let done = 0; done < bytes.length;) done += this.writeSome(bytes.subarray(done));
  }

  /** Closes the file. */
  close(): void {
    this.flush();
    if (this.path !== "-") closeSync(this.descriptor);
  }

  /** Takes the file back: what is in it is no result. */
  discard(): void {
    if (this.path === "-") return;
    closeSync(this.descriptor);
    rmSync(this.path, { force: true });
  }

  private writeSome(bytes: Uint8Array): number {
    try {
      return writeSync(this.descriptor, bytes);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === "EAGAIN") return 0;
      throw new UserError(
        `${this.path === "-" ? "standard output" : this.path}: cannot be written: ${message}`,
      );
    }
  }
}

function create(path: string): number {
  try {
    return openSync(path, "w");
  } catch (error) {
    throw new UserError(`${path}: cannot be created: ${systemReason(error)}`);
  }
}
