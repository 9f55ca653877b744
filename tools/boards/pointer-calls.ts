/**
 * Which calls through pointers there are in a firmware without an interpreter. Each pointer goes to one
 * place: a port to the host, a guest's functions to what enters it, one of the firmware's to its table. So a
 * chain of calls leads through it only from there, and the deepest one has a bound that is near what a run
 * takes.
 */
import { readFile } from "node:fs/promises";
import type { CodeFunction } from "../native/stack/disassembly.js";
import type { Firmware } from "./firmware.js";

/** Functions that are called through pointers, and the files whose code does that. */
interface PointerRule {
  readonly file: RegExp;
  readonly name: RegExp;
  readonly callers: RegExp;
}

/** What a guest's files are called here: the compiler makes a name up for them. */
const GUEST = "guest";

/** By file, as `compiledObjects` names them, and name; what is in none may be called from everywhere. */
const RULES: readonly PointerRule[] = [
  // struct native_guest, native_more and row_guest.
  rule(/^guest$/, /^(?:init|run)\d*$/, /^(?:native-main|firmware-row)$/),
  rule(/^guest$/, /^(?:enter|call_?back|give_back)\d*$/, /^firmware-(?:row|entry|event_loop)$/),
  rule(/^firmware-row$/, /^row_(?:init|run)$/, /^native-main$/),
  // A guest's table of functions.
  rule(/^guest$/, /^f\d+$/, /^guest$/),
  // struct rill_task_port, and rill_port.
  rule(/^firmware-(?:row|event_loop)$/, /^(?:enter|run_callback|call_back|cancelled)$/, /^host-rill_task$/),
  rule(/^firmware-host$/, /^wait_for_news$/, /^(?:host-(?!rill_list$)\w+|firmware-(?:row|event_loop))$/),
  // What the watchdog watches.
  rule(/^(?:native-main|firmware-entry)$/, /^(?:call_guest|entry_run)$/, /-watchdog$/),
  // `returned` of a guest as C.
  rule(/^firmware-(?:host|row)$/, /^(?:returned|hand_on|answer_nothing)$/, /^native-rill_native$/),
  // The table of functions.c, and `on_cancel` of a call.
  rule(/^firmware-functions$/, /./, /^firmware-functions$/),
  rule(/^firmware-calls$/, /^on_cancel$/, /^host-rill_call$/),
];

/** Moves a guest's memory into view: in a guest as C it stays, and the pointer is null. */
const NEVER = "rill_locate";

/** Whether one function may call the other through a pointer, as stackOfElf asks. */
export async function pointerCalls({
  map,
}: Firmware): Promise<(from: CodeFunction, to: CodeFunction) => boolean> {
  const parts = codeParts(await readFile(map, "utf8"));
  const fileOf = ({ address }: CodeFunction): string =>
    parts.find((part) => address >= part.address && address < part.address + part.bytes)?.file ?? "";
  return (from, to) => {
    if (from.name === NEVER) return false;
    const [file, name] = [fileOf(to), to.name.replace(/\..*$/, "")];
    const found = RULES.find((one) => one.file.test(file) && one.name.test(name));
    return found === undefined || found.callers.test(fileOf(from));
  };
}

function rule(file: RegExp, name: RegExp, callers: RegExp): PointerRule {
  return { file, name, callers };
}

/** Code that the linker has kept, with the object that it is of. */
function codeParts(
  map: string,
): { readonly address: number; readonly bytes: number; readonly file: string }[] {
  const kept = map.slice(map.indexOf("Linker script and memory map"));
  const parts = kept.matchAll(/^ \.text\S*\s+0x([\da-f]+)\s+0x([\da-f]+) \S*?([^/\s]+?)\.o\)?$/gm);
  return [...parts].map(([, address, bytes, file]) => ({
    address: Number.parseInt(address!, 16),
    bytes: Number.parseInt(bytes!, 16),
    file: /^cc\w+$/.test(file!) ? GUEST : file!,
  }));
}
