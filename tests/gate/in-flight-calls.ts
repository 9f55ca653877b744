/**
 * Every public call of an end while a copy of it is in flight, and what is right: it waits, answers or ends
 * the copy, or it is documented to trap. None of them may look at what the host has been lent.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { packageRoot } from "../../tools/package-root.js";

/** A call on an end whose copy goes on. */
export interface InFlightCall {
  readonly member: string;
  /** Statements, with the end as `end`, the item or value as `ITEM`. */
  readonly text: string;
  /** Whether it is documented to trap then. */
  readonly traps?: true;
  /** Whether it exists only for items that hold no string and no list. */
  readonly pointerFree?: true;
  /** Whether it exists for items that stand in a `StaticArray` alone. */
  readonly numbers?: true;
}

/**
 * The calls of each class of `assembly/`, by its file. `open`, `openDone`, `close` and `operations` are the
 * bindings'.
 */
export const inFlightCalls: Readonly<Record<string, readonly InFlightCall[]>> = {
  "stream/reader.ts": [
    { member: "next", text: "if (end.next()) use(end.value);" },
    { member: "value", text: "use(end.value);", traps: true },
    { member: "array", text: "end.array;", traps: true, numbers: true },
    { member: "read", text: "end.read(items, 2);", numbers: true },
    { member: "readInto", text: "end.readInto(buffer, 2);" },
    { member: "readInto", text: "end.readInto(buffer, 0);" },
    { member: "collect", text: "end.collect(items, 2);", numbers: true },
    { member: "done", text: "end.done;" },
    { member: "start", text: "end.start();", traps: true },
    { member: "startRead", text: "end.startRead(items, 2);", traps: true, numbers: true },
    { member: "startReadInto", text: "end.startReadInto(buffer, 2);", traps: true, pointerFree: true },
    { member: "progress", text: "if (end.progress != 0) unreachable();" },
    { member: "poll", text: "if (end.poll() && end.next()) use(end.value);" },
    { member: "cancel", text: "if (end.cancel() && end.next()) use(end.value);" },
    { member: "drop", text: "end.drop(); end.next();" },
    { member: "handOn", text: "end.handOn();", traps: true },
  ],
  "stream/writer.ts": [
    { member: "value", text: "end.value;", traps: true },
    { member: "array", text: "end.array;", traps: true, numbers: true },
    { member: "writeOne", text: "end.writeOne();" },
    { member: "writeOne", text: "end.writeOne(ITEM);" },
    { member: "write", text: "end.write(items, 2);", numbers: true },
    { member: "writeFrom", text: "end.writeFrom(buffer, 2);" },
    { member: "writeFrom", text: "end.writeFrom(buffer, 0);" },
    { member: "writeAll", text: "end.writeAll(items, 2);", numbers: true },
    { member: "done", text: "end.done;" },
    { member: "start", text: "end.start();", traps: true },
    { member: "start", text: "end.start(ITEM);", traps: true },
    { member: "startWrite", text: "end.startWrite(items, 2);", traps: true, numbers: true },
    { member: "startWriteFrom", text: "end.startWriteFrom(buffer, 2);", traps: true },
    { member: "progress", text: "if (end.progress != 0) unreachable();" },
    { member: "poll", text: "if (end.poll()) end.value;" },
    { member: "taken", text: "end.taken;" },
    { member: "cancel", text: "end.cancel(); end.value;" },
    { member: "drop", text: "end.drop(); end.writeOne(ITEM);" },
  ],
  "future/reader.ts": [
    { member: "array", text: "end.array;", traps: true, numbers: true },
    { member: "read", text: "use(end.read());" },
    { member: "value", text: "use(end.value);", traps: true },
    { member: "done", text: "end.done;" },
    { member: "start", text: "end.start();", traps: true },
    { member: "poll", text: "if (end.poll()) use(end.read());" },
    { member: "cancel", text: "if (end.cancel()) use(end.read());" },
    { member: "drop", text: "end.drop();" },
    { member: "handOn", text: "end.handOn();", traps: true },
  ],
  "future/writer.ts": [
    { member: "array", text: "end.array;", traps: true, numbers: true },
    { member: "value", text: "end.value;", traps: true },
    { member: "preset", text: "end.preset(ITEM);", traps: true },
    { member: "write", text: "end.write();" },
    { member: "write", text: "end.write(ITEM);", traps: true },
    { member: "done", text: "end.done;" },
    { member: "start", text: "end.start();", traps: true },
    { member: "start", text: "end.start(ITEM);", traps: true },
    { member: "poll", text: "if (end.poll()) end.value;" },
    { member: "taken", text: "end.taken;" },
    { member: "cancel", text: "if (!end.cancel() && !end.done) end.write();" },
    { member: "drop", text: "end.drop();" },
  ],
};

/**
 * Names of the public members of an end, by the file of `assembly/` with its
 * class, without what generated bindings call.
 */
export function publicMembers(file: string): string[] {
  return [file, "element-operation.ts"].flatMap(membersOf);
}

function membersOf(file: string): string[] {
  const text = readFileSync(join(packageRoot, "assembly", file), "utf8");
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  return tree.statements
    .filter(ts.isClassDeclaration)
    .flatMap(({ members }) => [...members])
    .filter((member) => (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Private) === 0)
    .map((member) => member.name!.getText())
    .filter((name) => !["open", "openDone", "close", "operations"].includes(name));
}
