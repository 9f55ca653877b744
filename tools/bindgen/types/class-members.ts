/**
 * Members of the classes that view a value in memory: fields and payloads at their
 * canonical offsets, items by their place.
 */
import { elemSize } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import { comment } from "../declarations.js";
import { isPair, isView } from "./kinds.js";

/** The unsigned integer of so many bytes. */
export function unsigned(byteLength: number): string {
  return `u${byteLength * 8}`;
}

/** Fields that take up room and are never named in a guest: the widest that fit where they stand. */
export function filler(name: string, offset: number, byteLength: number): string[] {
  const fields: string[] = [];
  for (let at = offset; at < offset + byteLength;) {
    const unit = [8, 4, 2, 1].find((bytes) => at % bytes === 0 && at + bytes <= offset + byteLength)!;
    fields.push(`private ${name}_${at}: ${unsigned(unit)};`);
    at += unit;
  }
  return fields;
}

/** An address inside of the value. */
function inThis(offset: number): string {
  return `changetype<usize>(this)${offset === 0 ? "" : ` + ${offset}`}`;
}

/** The last argument of a load or store. */
function immediate(offset: number): string {
  return offset === 0 ? "" : `, ${offset}`;
}

/** A nested value: room for it, and a view of that room. */
export function viewMember(
  note: string,
  name: string,
  typeName: string,
  offset: number,
  type: ValueType,
): string[] {
  return [...filler(`${name}_at`, offset, elemSize(type)), note, ...viewGetter(name, typeName, offset)];
}

function viewGetter(name: string, typeName: string, offset: number): string[] {
  return [
    "@inline",
    `get ${name}(): ${typeName} {`,
    "  // SAFETY: the value lies inside this one, at its canonical offset.",
    `  return changetype<${typeName}>(${inThis(offset)});`,
    "}",
  ];
}

/** A string or array: room for its address and length, and the way to it. */
export function pairMember(note: string, name: string, typeName: string, offset: number): string[] {
  return [...filler(`${name}_at`, offset, 8), ...accessors(note, name, typeName, offset)];
}

function accessors(note: string, name: string, typeName: string, offset: number): string[] {
  return [
    note,
    "@inline",
    `get ${name}(): ${typeName} {`,
    "  // SAFETY: the value lies inside this one, at its canonical offset.",
    `  return loadElement<${typeName}>(${inThis(offset)});`,
    "}",
    "@inline",
    `set ${name}(value: ${typeName}) {`,
    "  // SAFETY: as in the getter.",
    `  storeElement<${typeName}>(${inThis(offset)}, value);`,
    "}",
  ];
}

/** A case's payload: read and written in place; the tag is the guest's to ask and to set. */
export function payloadMember(
  name: string,
  wit: string,
  typeName: string,
  offset: number,
  type: ValueType,
): string[] {
  const note = comment(undefined, `The payload of case \`${wit}\`, at offset ${offset}.`);
  if (isView(type)) return [note, ...viewGetter(name, typeName, offset)];
  if (isPair(type)) return accessors(note, name, typeName, offset);
  return [
    note,
    "@inline",
    `get ${name}(): ${typeName} {`,
    "  // SAFETY: the payload lies inside this value, at its canonical offset.",
    `  return load<${typeName}>(changetype<usize>(this)${immediate(offset)});`,
    "}",
    "@inline",
    `set ${name}(payload: ${typeName}) {`,
    "  // SAFETY: as in the getter.",
    `  store<${typeName}>(changetype<usize>(this), payload${immediate(offset)});`,
    "}",
  ];
}

/**
 * A list that is not an array: its length, and its items by their place.
 * @param item AssemblyScript type of an item
 */
export function listBody(type: ValueType & { readonly kind: "list" }, item: string): string[] {
  const { element, length } = type;
  const stride = String(elemSize(element));
  const isFixed = length !== undefined;
  const items = isFixed ? "changetype<usize>(this)" : "this.items";
  const checked = [
    "  if (<u32>index >= <u32>this.length) unreachable();",
    "  // SAFETY: the index is below the length, and the items lie one after the other.",
  ];
  const at = `${items} + <usize>index * ${stride}`;
  const get = [
    `/** The item at \`index\`. Traps: there is none. */`,
    '@operator("[]")',
    `private at(index: i32): ${item} {`,
    ...checked,
    isView(element) ? `  return changetype<${item}>(${at});` : `  return loadElement<${item}>(${at});`,
    "}",
  ];
  const set = [
    `/** Writes the item at \`index\`${isView(element) ? ", a copy of `value`" : ""}. Traps: there is none. */`,
    '@operator("[]=")',
    `private put(index: i32, value: ${item}): void {`,
    ...checked,
    `  storeElement<${item}>(${at}, value);`,
    "}",
  ];
  return [...(isFixed ? fixedRoom(type, length) : arenaRoom(element)), ...get, ...set];
}

function fixedRoom(type: ValueType, length: number): string[] {
  const getter = ["/** Items. */", "@inline", "get length(): i32 {", `  return ${length};`, "}"];
  return [...filler("room", 0, elemSize(type)), ...getter];
}

function arenaRoom(element: ValueType): string[] {
  const most = Math.floor(0x7fff_ffff / Math.max(1, elemSize(element)));
  return [
    "/** Address of the items. */",
    "private items: usize;",
    "/** Items. */",
    "length: i32;",
    "/** Makes room for `length` items in the arena; what is in them is for the guest to write. Traps: the arena is full. */",
    "allocate(length: i32): void {",
    `  if (<u32>length > ${most}) unreachable();`,
    `  this.items = takeBlock(<usize>length * ${elemSize(element)});`,
    "  this.length = length;",
    "}",
  ];
}
