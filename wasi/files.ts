/** Whole files, to and from a buffer of the guest's. */
// @ts-nocheck: AssemblyScript; asc checks it
import * as preopens from "./bindings/wasi-filesystem-preopens";
import * as types from "./bindings/wasi-filesystem-types";

/**
 * Reads a file from its start until `into` is full.
 * @param path below the first directory that the host has opened for the command (`wasmtime run --dir .`)
 * @returns bytes read: the file was longer, perhaps, when it is `into.length`; -1 when it cannot be read
 */
export function readFile(path: string, into: StaticArray<u8>): i32 {
  const file = opened(path, 0, types.descriptorFlags.read);
  if (!changetype<usize>(file)) return -1;
  const source = file.readViaStream(0);
  const bytes = source.item0.open();
  const outcome = source.item1.open();
  let length = 0;
  while (length < into.length) {
    // SAFETY: `length` bytes of the buffer are read, and there are more.
    const read = bytes.readInto(changetype<usize>(into) + <usize>length, into.length - length);
    if (!read) break;
    length += read;
  }
  bytes.drop();
  if (outcome.read().tag != types.ResultUnitErrorCode.ok) length = -1;
  outcome.drop();
  file.drop();
  return length;
}

/**
 * Makes a file of the first `length` bytes of `from`, in the place of one that was there.
 * @param path as in `readFile`
 * @returns whether all of it is written
 */
export function writeFile(path: string, from: StaticArray<u8>, length: i32): bool {
  const file = opened(path, types.openFlags.create | types.openFlags.truncate, types.descriptorFlags.write);
  if (!changetype<usize>(file)) return false;
  const bytes = types.StreamU8.create();
  const outcome = file.writeViaStream(types.StreamU8.readable(bytes), 0).open();
  bytes.writeAll(from, length);
  bytes.drop();
  const isWritten = outcome.read().tag == types.ResultUnitErrorCode.ok;
  outcome.drop();
  file.drop();
  return isWritten;
}

/** The file at `path`; a descriptor with the address 0 when it cannot be opened. */
function opened(path: string, open: types.OpenFlags, flags: types.DescriptorFlags): types.Descriptor {
  const directories = preopens.getDirectories();
  // SAFETY: a handle's address is its number, and 0 is none.
  let file = changetype<types.Descriptor>(<usize>0);
  for (let i = 0; i < directories.length; i++) {
    const directory = directories[i].item0;
    if (i == 0) {
      const found = types.descriptorOpenAt.call(directory, types.pathFlags.symlinkFollow, path, open, flags);
      if (found.tag == types.ResultDescriptorErrorCode.ok) file = found.ok;
    }
    directory.drop();
  }
  return file;
}
