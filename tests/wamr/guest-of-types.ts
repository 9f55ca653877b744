/**
 * A guest that answers with what it gets, for any list of types: parameters and
 * results, streams and futures of each.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateSkeleton } from "../../tools/bindgen/skeleton.js";
import { type BuildResult, buildGuest } from "../../tools/compile/build-guest.js";
import type { ValueType } from "../../tools/wit/model.js";
import { resolveWorld } from "../../tools/wit/resolve.js";

/** The interface that it exports. */
export const INTERFACE = "test:types/same";

/** What a function takes and gives. */
export type Kind = "now" | "later" | "items" | "promised";

/** The kinds of functions that a type has; engines accept no stream of chars. */
export function kindsOf(type: ValueType): readonly Kind[] {
  return type.kind === "char" ? ["now", "later", "promised"] : ["now", "later", "items", "promised"];
}

/** Builds it. @param arenaBytes room for one task's strings and lists */
export async function buildGuestOfTypes(
  types: readonly ValueType[],
  folder: string,
  arenaBytes: number,
): Promise<BuildResult> {
  const wit = join(folder, "types.wit");
  const entry = join(folder, "types.ts");
  writeFileSync(wit, witOf(types));
  writeFileSync(entry, filledIn(generateSkeleton(await resolveWorld(wit), "./bindings")));
  return buildGuest({ entry, wit, outDir: folder, arenaBytes });
}

function witOf(types: readonly ValueType[]): string {
  const declared: string[] = [];
  const functions = types.flatMap((type, index) => {
    const text = typeText(type, declared);
    return kindsOf(type).map((kind) => functionText(kind, `${kind}-n${index}`, text));
  });
  return `package test:types;
interface same {
${[...declared, ...functions].join("\n")}
}
world types { export same; }
`;
}

function functionText(kind: Kind, name: string, type: string): string {
  switch (kind) {
    case "now":
      return `${name}: func(x: ${type}) -> ${type};`;
    case "later":
      return `${name}: async func(x: ${type}) -> ${type};`;
    case "items":
      return `${name}: async func(x: stream<${type}>) -> stream<${type}>;`;
    case "promised":
      return `${name}: async func(x: future<${type}>) -> future<${type}>;`;
  }
}

/** How WIT writes a type; those that need a name get one in `declared`. */
function typeText(type: ValueType, declared: string[]): string {
  const inner = (of: ValueType | null): string => (of === null ? "_" : typeText(of, declared));
  const declare = (keyword: string, members: readonly string[]): string => {
    const name = `t${declared.length}`;
    declared.push(`${keyword} ${name} { ${members.join(", ")} }`);
    return name;
  };
  switch (type.kind) {
    case "list":
      return `list<${inner(type.element)}${type.length === undefined ? "" : `, ${type.length}`}>`;
    case "option":
      return `option<${inner(type.type)}>`;
    case "result":
      if (type.error === null) return type.ok === null ? "result" : `result<${inner(type.ok)}>`;
      return `result<${inner(type.ok)}, ${inner(type.error)}>`;
    case "tuple":
      return `tuple<${type.types.map(inner).join(", ")}>`;
    case "record":
      return declare(
        "record",
        type.fields.map((field) => `${field.name}: ${inner(field.type)}`),
      );
    case "variant":
      return declare(
        "variant",
        type.cases.map((item) => (item.type ? `${item.name}(${inner(item.type)})` : item.name)),
      );
    case "enum":
    case "flags":
      return declare(type.kind, type.labels);
    default:
      return type.kind;
  }
}

/** The skeleton with bodies that hand on what they get. */
function filledIn(skeleton: string): string {
  return skeleton.replaceAll(
    /^(export function (run)?(Now|Later|Items|Promised|now)[^{]*\{\n)[^}]*\}/gm,
    (_all, head: string, _run: string, kind: string) => `${head}${bodies[kind]!}}`,
  );
}

const bodies: Readonly<Record<string, string>> = {
  now: "  return x;\n",
  Later: "  task.resolve(task.x);\n",
  Items:
    "  const output = task.resolve();\n  while (task.x.next()) if (!output.writeOne(task.x.value)) return;\n",
  Promised: "  const output = task.resolve();\n  output.write(task.x.read());\n",
};
