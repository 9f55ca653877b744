/**
 * Names of functions in a component that tell why they trap. An engine shows no more of a trap than
 * `unreachable` and the names of the functions on the stack, and cannot be told by a module what it means:
 * so where only one thing makes a function trap, its name says what to do.
 */
import { ByteReader } from "../wasm/byte-reader.js";
import { ByteWriter } from "../wasm/byte-writer.js";
import { readSections } from "../wasm/read-module.js";

const TAKE_BLOCK = "~lib/as-rill/assembly/arena/takeBlock";
/** Where `takeBlock` is when it has one caller. */
const REALLOC = "rill-entry/realloc";
const FULL = ": the arena is full, build with a larger --arena, or give back what is done with: openScope()";

/** Number of the subsection of functions' names. */
const FUNCTIONS = 1;

/** A core module whose functions have such names. */
export function withTellingNames(core: Uint8Array): Uint8Array {
  const section = readSections(core).find(({ id, name }) => id === 0 && name === "name");
  if (!section) return core;
  const names = new ByteWriter().name("name");
  const reader = new ByteReader(core, section.payload.start, section.payload.end);
  while (!reader.done) {
    const id = reader.u8();
    const window = reader.window(reader.u32());
    const bytes = core.subarray(window.offset, window.end);
    names.section(id, id === FUNCTIONS ? tellingNames(window) : bytes);
  }
  return new ByteWriter()
    .append(core.subarray(0, section.start))
    .section(0, names.bytes)
    .append(core.subarray(section.end)).bytes;
}

function tellingNames(reader: ByteReader): Uint8Array {
  const names = reader.vector(() => ({ index: reader.u32(), name: reader.name() }));
  const wanted = [TAKE_BLOCK, REALLOC].find((known) => names.some(({ name }) => name === known));
  return new ByteWriter().vector(
    names.map(
      ({ index, name }) => new ByteWriter().u32(index).name(name === wanted ? `${name}${FULL}` : name).bytes,
    ),
  ).bytes;
}
