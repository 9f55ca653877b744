/** One text form for worlds, from the decoder's model and from the JSON of `wasm-tools component wit`. */
import { componentName } from "../../tools/wit/function-name.js";
import type { FunctionType, ValueType, World, WorldItems } from "../../tools/wit/model.js";

type JsonType = string | number;

interface JsonFunction {
  readonly name: string;
  readonly kind: string | Readonly<Record<string, number>>;
  readonly params: readonly { readonly name: string; readonly type: JsonType }[];
  readonly result?: JsonType | null;
}

type JsonItem =
  | { readonly interface: { readonly id: number } }
  | { readonly function: JsonFunction }
  | { readonly type: JsonType };

/** A world of the JSON. */
export interface JsonWorld {
  readonly name: string;
  readonly package: number;
  readonly imports: Readonly<Record<string, JsonItem>>;
  readonly exports: Readonly<Record<string, JsonItem>>;
}

/** What `wasm-tools component wit --json` prints, as far as it is read here. */
export interface WitJson {
  readonly worlds: readonly JsonWorld[];
  readonly interfaces: readonly {
    readonly name: string | null;
    readonly functions: Readonly<Record<string, JsonFunction>>;
    readonly package: number;
  }[];
  readonly types: readonly { readonly name: string | null; readonly kind: unknown }[];
  readonly packages: readonly { readonly name: string }[];
}

/** Functions by `import i#f` or `export f`, each as a text. */
export type Described = Readonly<Record<string, string>>;

/** The worlds, by their full names. */
export function worldsOf(json: WitJson): { readonly name: string; readonly world: JsonWorld }[] {
  return json.worlds.map((world) => ({
    name: inPackage(json.packages[world.package]!.name, world.name),
    world,
  }));
}

function inPackage(packageName: string, name: string): string {
  const [, id, version] = /^([^@]*)(@.*)?$/.exec(packageName)!;
  return `${id!}/${name}${version ?? ""}`;
}

/** Describes what the decoder gave. */
export function describeDecoded(world: World): Described {
  const found: Record<string, string> = {};
  const add = (side: string, items: WorldItems): void => {
    const put = (prefix: string, func: FunctionType): void => {
      const params = func.params.map(({ name, type }) => `${name}: ${decodedType(type)}`).join(", ");
      const result = func.result ? decodedType(func.result) : "none";
      found[`${side} ${prefix}${componentName(func)}`] =
        `${func.async ? "async " : ""}(${params}) -> ${result}`;
    };
    for (const item of items.interfaces) for (const func of item.functions) put(`${item.id}#`, func);
    for (const func of items.functions) put("", func);
  };
  add("import", world.imports);
  add("export", world.exports);
  return found;
}

/** Types without declared names, but those of resources. */
function decodedType(type: ValueType | null): string {
  if (type === null) return "_";
  switch (type.kind) {
    case "list":
      return `list<${decodedType(type.element)}${type.length === undefined ? "" : `; ${type.length}`}>`;
    case "record":
      return `record{${type.fields.map((field) => `${field.name}: ${decodedType(field.type)}`).join(", ")}}`;
    case "tuple":
      return `tuple<${type.types.map(decodedType).join(", ")}>`;
    case "variant":
      return `variant{${type.cases.map((item) => `${item.name}: ${decodedType(item.type)}`).join(", ")}}`;
    case "enum":
    case "flags":
      return `${type.kind}{${type.labels.join(", ")}}`;
    case "option":
      return `option<${decodedType(type.type)}>`;
    case "result":
      return `result<${decodedType(type.ok)}, ${decodedType(type.error)}>`;
    case "own":
    case "borrow":
      return `${type.kind}<${type.resource.name}>`;
    case "stream":
    case "future":
      return `${type.kind}<${decodedType(type.element)}>`;
    default:
      return type.kind;
  }
}

/** Describes a world of the JSON. */
export function describeJson(json: WitJson, world: JsonWorld): Described {
  const found: Record<string, string> = {};
  for (const side of ["import", "export"] as const) {
    for (const [key, item] of Object.entries(world[`${side}s`])) {
      if ("function" in item) found[`${side} ${key}`] = jsonFunction(json, item.function);
      if (!("interface" in item)) continue;
      const { name, functions, package: packageIndex } = json.interfaces[item.interface.id]!;
      const id = name === null ? key : inPackage(json.packages[packageIndex]!.name, name);
      for (const func of Object.values(functions))
        found[`${side} ${id}#${func.name}`] = jsonFunction(json, func);
    }
  }
  return found;
}

function jsonFunction(json: WitJson, func: JsonFunction): string {
  const kind = typeof func.kind === "string" ? func.kind : Object.keys(func.kind)[0]!;
  const params = func.params.map(({ name, type }) => `${name}: ${jsonType(json, type)}`).join(", ");
  const result = func.result === undefined || func.result === null ? "none" : jsonType(json, func.result);
  return `${kind.startsWith("async") ? "async " : ""}(${params}) -> ${result}`;
}

interface Named {
  readonly name: string;
  readonly type?: JsonType | null;
}

/** One kind of `types[i].kind`, whose only key says which it is. */
interface JsonKind {
  readonly type?: JsonType;
  readonly list?: JsonType;
  readonly map?: readonly [JsonType, JsonType];
  readonly "fixed-length-list"?: readonly [JsonType, number];
  readonly record?: { readonly fields: readonly Named[] };
  readonly tuple?: { readonly types: readonly JsonType[] };
  readonly variant?: { readonly cases: readonly Named[] };
  readonly enum?: { readonly cases: readonly Named[] };
  readonly flags?: { readonly flags: readonly Named[] };
  readonly option?: JsonType;
  readonly result?: { readonly ok: JsonType | null; readonly err: JsonType | null };
  readonly handle?: Readonly<Record<"own" | "borrow", number>>;
  readonly stream?: JsonType | null;
  readonly future?: JsonType | null;
}

function jsonType(json: WitJson, type: JsonType | null | undefined): string {
  if (type === null || type === undefined) return "_";
  if (typeof type === "string") return type;
  const { name, kind } = json.types[type]!;
  if (kind === "resource") return `own<${name!}>`;
  const of = (inner: JsonType | null | undefined): string => jsonType(json, inner);
  const form = kind as JsonKind;
  if (form.type !== undefined) return of(form.type);
  if (form.list !== undefined) return `list<${of(form.list)}>`;
  if (form.map) return `list<tuple<${form.map.map(of).join(", ")}>>`;
  const fixed = form["fixed-length-list"];
  if (fixed) return `list<${of(fixed[0])}; ${fixed[1]}>`;
  const named = (items: readonly Named[]): string =>
    items.map((item) => `${item.name}: ${of(item.type)}`).join(", ");
  const labels = (items: readonly Named[]): string => items.map((item) => item.name).join(", ");
  if (form.record) return `record{${named(form.record.fields)}}`;
  if (form.tuple) return `tuple<${form.tuple.types.map(of).join(", ")}>`;
  if (form.variant) return `variant{${named(form.variant.cases)}}`;
  if (form.enum) return `enum{${labels(form.enum.cases)}}`;
  if (form.flags) return `flags{${labels(form.flags.flags)}}`;
  if (form.option !== undefined) return `option<${of(form.option)}>`;
  if (form.result) return `result<${of(form.result.ok)}, ${of(form.result.err)}>`;
  if (form.handle) {
    const [[way, resource]] = Object.entries(form.handle) as [[string, number]];
    return `${way}<${resourceName(json, resource)}>`;
  }
  if (form.stream !== undefined) return `stream<${of(form.stream)}>`;
  return `future<${of(form.future)}>`;
}

/** The name that a resource was declared with, behind any number of `use`. */
function resourceName(json: WitJson, type: JsonType): string {
  const { name, kind } = json.types[type as number]!;
  const used = (kind as JsonKind).type;
  return used === undefined ? name! : resourceName(json, used);
}
