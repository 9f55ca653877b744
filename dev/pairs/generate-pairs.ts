/** The text of `as-rill/pairs`: for each type, what bindings have of a stream or future within a guest. */
import { CopyTypes } from "../../tools/bindgen/ends/copy-types.js";
import { fileText, namesFrom } from "../../tools/bindgen/generate.js";
import { NameScope } from "../../tools/bindgen/names/names.js";
import { ValueClasses } from "../../tools/bindgen/types/value-classes.js";
import { pairTypeName, pairTypes, pairTypesWorld } from "../../tools/wit/pair-types.js";
import { witType } from "../../tools/wit/wit-type.js";

const ASSEMBLY_SCRIPT = "// @ts-nocheck: AssemblyScript; asc checks it\n";
const WRITTEN_BY = "Written by `npm run pairs`: change the generator of bindings, not this file.";

const INDEX = `/**
 * Streams and futures within a guest: \`import { StreamF32 } from "as-rill/pairs"\`.
 *
 * Both ends are the guest's. Here is every type of which it may copy items from itself to itself: numbers,
 * and no element type. The world need not name it; what is not used is not in the module.
 *
 * ${WRITTEN_BY}
 */
${ASSEMBLY_SCRIPT}`;

/** @returns the name of each file in `pairs/` to its text */
export function pairFiles(): Map<string, string> {
  const copyTypes = new CopyTypes(pairTypesWorld);
  const files = new Map<string, string>();
  let index = INDEX;
  for (const type of pairTypes) {
    const file = pairTypeName(type);
    const classes: ValueClasses = new ValueClasses(file, new NameScope(), () => classes, copyTypes);
    classes.typeName(type, { owner: file, path: "" });
    const head = `/**\n * \`${witType(type)}\` with both ends in the guest.\n *\n * ${WRITTEN_BY}\n */\n${ASSEMBLY_SCRIPT}`;
    const text = fileText(head, classes, classes.declarations);
    files.set(`${file}.ts`, text);
    const names = [...text.matchAll(/^export (?:class|type) (\w+)/gm)].map(([, name]) => name!);
    index += `${namesFrom("export", names.sort(), `./${file}`)}\n`;
  }
  return files.set("index.ts", index);
}
