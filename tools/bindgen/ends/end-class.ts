/**
 * The class of a stream or future inside of a value: a handle of its readable end,
 * with the way to read it and to make one.
 */
import { alignTo, elemSize } from "../../wit/layout.js";
import type { CopyType } from "../../wit/core-names.js";
import {
  type EndOperations,
  builtinName,
  handingOn,
  holdsPointers,
  readableOperations,
  readerType,
  writableOperations,
  writerType,
} from "./copy-operations.js";
import { witType } from "../../wit/wit-type.js";
import { END_OFFSET, OPERATION_BYTES } from "../../source/library-layout.js";

/** Bytes from the start of a place to its operation's slot. */
const SLOT_OFFSET = END_OFFSET + OPERATION_BYTES;

/**
 * The class with its built-ins and the places of the ends that it opens.
 * @param name the class's name
 * @param ends names of the types of its open ends, and whether those of the world's types share their regions
 * @param end  what its built-ins are made of; both operations types get names of the class's own
 */
export function endClass(
  type: CopyType,
  name: string,
  ends: { readonly reader: string; readonly writer: string; readonly sharesRegions: boolean },
  end: Omit<EndOperations, "operations" | "label">,
): string {
  const readable: EndOperations = { ...end, operations: `${name}_readable`, label: name };
  const writable: EndOperations = { ...end, operations: `${name}_writable`, label: name };
  const slotEnd = SLOT_OFFSET + (type.element ? elemSize(type.element) : 0);
  const shares = ends.sharesRegions && holdsPointers(readable);
  // What lies behind the slot: the region, or its address.
  const regionAt = alignTo(slotEnd, shares ? 4 : 8);
  const { reader, writer } = ends;
  const bytes = `${name}_READER_BYTES`;
  const hasRegions = holdsPointers(readable) && !shares;
  const readerStride = hasRegions ? bytes : String(alignTo(shares ? regionAt + 4 : slotEnd, 8));
  const writerStride = String(alignTo(slotEnd, 8));
  const places = (what: string, constant: string, each: string): string =>
    `/** Places of the ${what} ends of \`${witType(type)}\` that are open. */\n@lazy\nconst ${constant}: usize = memory.data(END_PLACES * ${each}, 8);`;
  const [readers, writers] = [`${name}_READERS`, `${name}_WRITERS`];
  const behind = regionAt - END_OFFSET;
  const region = shares
    ? ["// SAFETY: `open` left the region's address behind the slot.", `return load<usize>(end + ${behind});`]
    : [`return end + ${behind};`];
  const readerBytes = `/** Bytes of a place with the region of its items. */\nconst ${bytes}: i32 = ${regionAt} + ((<i32>ARENA_BYTES + 7) & ~7);`;
  return [
    ...(hasRegions ? [readerBytes] : []),
    places("readable", readers, readerStride),
    places("writable", writers, writerStride),
    ...readableOperations(readable, region),
    ...writableOperations(writable),
    `/** The reader of a \`${name}\` that is open. */\nexport type ${reader} = ${readerType(readable)};`,
    `/** The writable end that is made with a \`${name}\`. */\nexport type ${writer} = ${writerType(writable)};`,
    classText(type, name, [
      open(reader, readers, readerStride, shares ? behind : null),
      create(type, writer, writers, writerStride, builtinName(writable, "new")),
      given(type, name, writer),
      of(type, name),
      passed(readable.operations),
      drop(builtinName(readable, "drop-readable")),
    ]),
  ].join("\n\n");
}

/**
 * @param regionAt bytes from the operation to where its region's address is kept; null when it has a region
 * of its own, or none
 */
function open(reader: string, places: string, stride: string, regionAt: number | null): string {
  const [traps, region] =
    regionAt === null
      ? ["no place is free", ""]
      : [
          "no place is free, or as many ends of types with strings or lists are open",
          `  // SAFETY: behind its slot there is room for the address of its region.\n` +
            `  store<usize>(changetype<usize>(reader_end) + ${regionAt}, take_region(changetype<usize>(reader_end)));\n`,
        ];
  return (
    `/** Opens the end in a free place. @returns its reader, open until its \`drop\`. Traps: ${traps} */\n` +
    `open(): ${reader} {\n  // SAFETY: a place has room for an operation of this type and its slot.\n` +
    `  const reader_end = changetype<${reader}>(freeEnd(${places}, ${stride}));\n` +
    `  reader_end.open(changetype<u32>(this));\n${region}  return reader_end;\n}`
  );
}

function create({ kind }: CopyType, writer: string, places: string, stride: string, make: string): string {
  return (
    `/** Makes a ${kind}. @returns its writable end, open until its \`drop\`; \`readable\` gives the other. Traps: no place is free */\n` +
    `static create(): ${writer} {\n  const writer_place = freeEnd(${places}, ${stride});\n  const both_ends = ${make}();\n` +
    `  // SAFETY: in front of a place's operation there is room for the readable end.\n` +
    `  store<u32>(writer_place - ${END_OFFSET}, u32(both_ends));\n` +
    `  const writer_end = changetype<${writer}>(writer_place);\n` +
    `  writer_end.open(u32(both_ends >> 32));\n  return writer_end;\n}`
  );
}

function given({ kind }: CopyType, name: string, writer: string): string {
  return (
    `/** The readable end of a ${kind} that \`create\` made: to be put into a value, or passed, once. */\n` +
    `@inline\nstatic readable(writer: ${writer}): ${name} {\n  // SAFETY: \`create\` left it there.\n` +
    `  return changetype<${name}>(<usize>load<u32>(changetype<usize>(writer) - ${END_OFFSET}));\n}`
  );
}

function of(type: CopyType, name: string): string {
  const lines = [
    ...handingOn("end", type, "the end", (taken) => [
      "// SAFETY: the object's address is the handle.",
      `return changetype<${name}>(<usize>${taken});`,
    ]),
    "return unreachable();",
  ];
  return (
    `/** A readable end that came, to be handed on inside of a value: it is done for the guest. Traps: as its \`handOn\` */\n` +
    `static of<E_0>(end: E_0): ${name} {\n${lines.map((line) => `  ${line}\n`).join("")}}`
  );
}

function passed(operations: string): string {
  return (
    `/** Gives the end up for a call or an answer that takes it over: bindings call it. @returns its handle */\n` +
    `@inline\nhandOn(): u32 {\n  // SAFETY: the object's address is the handle.\n  return changetype<u32>(this);\n}\n` +
    `/** The built-ins of the end. */\nget operations(): ${operations} {\n  // SAFETY: the class has no state.\n  return changetype<${operations}>(0);\n}`
  );
}

function drop(dropReadable: string): string {
  return (
    `/** Drops the end, unread. Traps: it was opened, passed on or dropped before. Spec: canon {stream,future}.drop-readable */\n` +
    `@inline\ndrop(): void {\n  // SAFETY: the object's address is the handle.\n  ${dropReadable}(changetype<u32>(this));\n}`
  );
}

function classText(type: CopyType, name: string, members: readonly string[]): string {
  const body = members.join("\n").replaceAll(/^(?=.)/gm, "  ");
  const { kind, element } = type;
  const wit = type.name ? `type ${type.name.name} = ${witType({ kind, element })}` : witType(type);
  const note = `WIT: \`${wit}\`, in a value: the handle of its readable end, the guest's to open, to pass on or to drop, once`;
  return `/** ${note}. */\n@unmanaged\nexport class ${name} extends Handle {\n${body}\n}`;
}
