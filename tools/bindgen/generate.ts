/**
 * The bindings of a world: one AssemblyScript file for each interface, and one
 * for what stands in the world itself.
 */
import type { World } from "../wit/model.js";
import { bindWorld } from "./bound-world.js";
import { libraryAliases, libraryNames } from "./names/reserved-words.js";
import type { ValueClasses } from "./types/value-classes.js";
import { LINE_WIDTH, wrapLines } from "./wrap-lines.js";

/** What each file of bindings says in its first lines, and no file of a guest's own does. */
export const WRITTEN_BY = "Written by `rill bindgen`";

/**
 * Generates every file.
 * @returns file name to text; the same world gives the same text.
 * @throws UserError for an unsupported type
 */
export function generateBindings(world: World): Map<string, string> {
  const { parts, shared, pairs, aliases } = bindWorld(world);
  const files = new Map<string, string>();
  const add = (classes: ValueClasses, title: string, statements: readonly string[]): void => {
    const body = [...classes.declarations, ...statements];
    if (body.length + classes.imports.length > 0)
      files.set(`${classes.file}.ts`, fileText(header(title), classes, body));
  };
  for (const { owner, docs, classes, statements } of parts) {
    const of = owner === "$root" ? "the world's own functions" : `\`${owner}\``;
    add(classes, `Bindings of ${of}${docs ? `: ${docs.split("\n")[0]!}` : "."}`, statements);
  }
  add(shared, "Types without a name of their own in the WIT that several of these files use.", []);
  add(pairs, "Streams and futures with both ends in the guest: of numbers, or without element type.", []);
  for (const [alias, file] of aliases)
    if (files.has(`${file}.ts`))
      files.set(`${alias}.ts`, `${header(`What \`${file}.ts\` has.`)}\nexport * from "./${file}";\n`);
  return files;
}

/**
 * The comments at the top of a file. The second is for editors: TypeScript has no decorators of
 * functions, and knows none of asc's built-ins.
 */
function header(title: string): string {
  const says = `/**\n * ${title.replaceAll("*/", "* /")}\n *\n * ${WRITTEN_BY}: change the WIT and regenerate, not this file.\n */\n`;
  return `${says}// @ts-nocheck: AssemblyScript; asc checks it\n`;
}

/**
 * A file's text: its comment, what it imports, its statements.
 * @param head the comments at its top
 */
export function fileText(head: string, classes: ValueClasses, statements: readonly string[]): string {
  const body = wrapLines(statements.join("\n\n"));
  // What a comment or a name of the host's mentions is not used.
  const code = body.replaceAll(/"(?:[^"\\\n]|\\.)*"|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, "");
  const uses = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(code);
  const used = [
    ...libraryNames.filter(uses),
    ...Object.entries(libraryAliases).flatMap(([alias, name]) =>
      uses(alias) ? [`${name} as ${alias}`] : [],
    ),
  ];
  const library = used.length > 0 ? [namesFrom("import", used, "as-rill/assembly/bindings")] : [];
  const lines = [...library, ...typeImports(classes)];
  return `${head}${lines.length > 0 ? `${lines.join("\n")}\n\n` : "\n"}${body}\n`;
}

/** The types of other files, which a guest may import from this one too, as the WIT's \`use\` has it. */
function typeImports(classes: ValueClasses): string[] {
  const files = new Set(classes.imports.map(({ from }) => from.file));
  return [...files].sort().flatMap((file) => {
    const found = classes.imports.filter(({ from }) => from.file === file);
    const names = found.map(({ name, local }) => (name === local ? name : `${name} as ${local}`)).sort();
    return [namesFrom("import", names, `./${file}`), namesFrom("export", names, `./${file}`)];
  });
}

/** An `import` or `export` of names from a file, on one line or on a line for each. */
export function namesFrom(verb: string, names: readonly string[], path: string): string {
  const line = `${verb} { ${names.join(", ")} } from "${path}";`;
  return line.length <= LINE_WIDTH
    ? line
    : `${verb} {\n${names.map((name) => `  ${name},\n`).join("")}} from "${path}";`;
}
