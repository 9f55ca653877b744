/** The bindings of a world: one AssemblyScript file for each interface, and one for what stands in the world itself. */
import type { FunctionType, World } from "../wit/model.js";
import { localName } from "../wit/wit-docs.js";
import { bindExported } from "./exported-function.js";
import { bindImported } from "./imported-function.js";
import { fileStem } from "./names.js";
import { ValueClasses } from "./value-classes.js";

/** Generates every file. @returns file name to text; the same world gives the same text. @throws UserError for an unsupported type */
export function generateBindings(world: World): Map<string, string> {
  const files = new Map<string, string>();
  for (const part of bindingParts(world)) {
    const classes = new ValueClasses();
    const statements = part.functions.flatMap((func) =>
      part.exported
        ? bindExported(func, part.owner, classes).statements
        : bindImported(func, part.owner, classes),
    );
    if (statements.length === 0 && classes.declarations.length === 0) continue;
    files.set(`${part.file}.ts`, fileText(part, [...classes.declarations, ...statements]));
  }
  return files;
}

/** An interface, or the world itself, as one bindings file. */
export interface BindingPart {
  /** File name without extension. */
  readonly file: string;
  /** Import module of its functions, without the `[export]` of exported ones. */
  readonly owner: string;
  readonly docs: string | undefined;
  readonly exported: boolean;
  readonly functions: readonly FunctionType[];
}

/** The bindings files of a world, exports first. An interface on both sides gets `-import` in its imported file's name. */
export function bindingParts(world: World): BindingPart[] {
  const parts: BindingPart[] = [];
  const add = (
    exported: boolean,
    owner: string,
    stem: string,
    functions: readonly FunctionType[],
    docs: string | undefined,
  ): void => {
    if (functions.length === 0) return;
    const file = parts.some((part) => part.file === stem) ? `${stem}-import` : stem;
    parts.push({ file, owner, docs, exported, functions });
  };
  for (const [exported, items] of [[true, world.exports] as const, [false, world.imports] as const]) {
    for (const item of items.interfaces) add(exported, item.id, fileStem(item.id), item.functions, item.docs);
    add(exported, "$root", fileStem(localName(world.id)), items.functions, world.docs);
  }
  return parts;
}

const libraryNames = [
  "ARENA_BYTES",
  "ArenaReader",
  "liftPair",
  "loadElement",
  "storeElement",
  "takeBlock",
  "StreamReader",
  "StreamWriter",
  "awaitSubtask",
  "copyElement",
  "ensureWaitableSet",
];

function fileText(part: BindingPart, statements: readonly string[]): string {
  const body = statements.join("\n\n");
  const used = libraryNames.filter((name) => new RegExp(`\\b${name}\\b`).test(body));
  const title = part.owner === "$root" ? "the world's own functions" : `\`${part.owner}\``;
  const docs = part.docs ? `: ${part.docs.split("\n")[0]!}` : ".";
  const head = `/**\n * Bindings of ${title}${docs}\n *\n * Written by \`rill bindgen\`: change the WIT and regenerate, not this file.\n */\n`;
  const imports = used.length > 0 ? `import { ${used.join(", ")} } from "as-rill/assembly";\n\n` : "\n";
  return `${head}${imports}${body}\n`;
}
