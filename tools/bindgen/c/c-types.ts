/** The WIT's types in C: enums, flags, and structs in canonical layout, on every machine alike. */
import {
  casesOf,
  discriminantByteLength,
  elemSize,
  fieldsOf,
  flagsByteLength,
  recordLayout,
  typeShape,
  variantLayout,
} from "../../wit/layout.js";
import type { Case, Field, ValueType } from "../../wit/model.js";
import { CScope, memberName, ownerName, snakeCase, worldName } from "./c-names.js";
import { isFlow, isGuests, isResource } from "./c-kinds.js";
import { commentLines, docComment } from "./c-text.js";

/** The C type of each type without members. */
const SCALARS: Readonly<Record<string, string>> = {
  bool: "bool",
  u8: "uint8_t",
  u16: "uint16_t",
  u32: "uint32_t",
  u64: "uint64_t",
  s8: "int8_t",
  s16: "int16_t",
  s32: "int32_t",
  s64: "int64_t",
  f32: "float",
  f64: "double",
  char: "uint32_t",
  own: "uint32_t",
  borrow: "uint32_t",
  string: "struct rill_view",
  stream: "uint32_t",
  future: "uint32_t",
};

/** Types that are declared in the header, each when it is first asked for. */
export class CTypes {
  /** Declarations, in an order that C takes. */
  readonly declarations: string[] = [];
  /** Structs with the bytes that each must have. */
  readonly sizes: (readonly [struct: string, bytes: number])[] = [];
  private readonly names = new Map<string, string>();

  /**
   * @param scope names at the top of the header
   * @param worldId the world's full name
   */
  constructor(
    private readonly scope: CScope,
    private readonly worldId: string,
  ) {}

  /** The type of a parameter or result; of a string or list as it is inside of a value. */
  value(type: ValueType): string {
    switch (type.kind) {
      case "enum":
        return `enum ${this.name(type)}`;
      case "flags":
        this.name(type);
        return `uint${8 * flagsByteLength(type.labels.length)}_t`;
      case "list":
        if (type.length !== undefined) return `struct ${this.name(type)}`;
        // What a view points to is declared as well: the firmware has to know it.
        this.item(type);
        return "struct rill_view";
      case "stream":
      case "future":
        // What its items are is declared as well.
        if (type.element !== null) this.member(type.element);
        return SCALARS[type.kind]!;
      default:
        return SCALARS[type.kind] ?? `struct ${this.name(type)}`;
    }
  }

  /** The type of what a view points to. */
  item(type: ValueType): string {
    return type.kind === "list" ? this.member(type.element) : "char";
  }

  /** The type of a member, or of a stream's item: as long as in canonical layout. */
  member(type: ValueType): string {
    if (type.kind !== "enum") return this.value(type);
    this.name(type);
    return `uint${8 * discriminantByteLength(type.labels.length)}_t`;
  }

  /** What the type is called behind `struct` or `enum`; declares it. */
  private name(type: ValueType): string {
    const key = type.name ? `${type.name.owner}#${type.name.name}#${typeShape(type)}` : typeShape(type);
    const known = this.names.get(key);
    if (known !== undefined) return known;
    const name = this.scope.claim(`type ${key}`, this.wanted(type));
    this.names.set(key, name);
    this.declare(type, name);
    return name;
  }

  private wanted(type: ValueType): string {
    if (type.name) return `${ownerName(type.name.owner, this.worldId)}_${snakeCase(type.name.name)}`;
    return `${worldName(this.worldId)}_${part(type)}`;
  }

  private declare(type: ValueType, name: string): void {
    const { docs } = type;
    switch (type.kind) {
      case "enum":
        this.add(type, name, [
          ...comment(docs),
          ...this.constants(name, `enum ${name}`, type.labels, type.labelDocs),
        ]);
        return;
      case "flags":
        this.add(type, name, [
          ...comment(docs ?? `The flags \`${type.name?.name ?? name}\`.`),
          ...type.labels.map((label, bit) => {
            const constant = this.constant(name, label);
            const hex = (2 ** bit).toString(16);
            return `#define ${constant} 0x${hex}u${trailing(type.labelDocs?.[bit])}`;
          }),
        ]);
        return;
      case "record":
      case "tuple":
        this.struct(type, name, this.fields(fieldsOf(type)));
        return;
      case "list":
        this.struct(type, name, [
          `    ${this.member(type.element)} items[${type.length!}];${this.says(type.element, undefined)}`,
        ]);
        return;
      default:
        this.variant(type as ValueType & { kind: "variant" | "option" | "result" }, name);
    }
  }

  /** A type of an interface may be that of another world's bindings, too: who includes both has it once. */
  private add(type: ValueType, name: string, lines: readonly string[]): void {
    const guard = `RILL_HAS_${name}`;
    this.declarations.push(
      ...(type.name?.owner.includes("/") === true && type.name.owner !== this.worldId
        ? [`#ifndef ${guard}`, `#define ${guard}`, ...lines, "#endif"]
        : lines),
      "",
    );
  }

  private constant(name: string, label: string): string {
    return this.scope.claim(`constant ${name} ${label}`, `${name}_${snakeCase(label)}`.toUpperCase());
  }

  private constants(
    name: string,
    head: string,
    labels: readonly string[],
    docs?: readonly (string | undefined)[],
  ): string[] {
    const lines = labels.map((label, index) => {
      const comma = index < labels.length - 1 ? "," : "";
      return `    ${this.constant(name, label)}${comma}${trailing(docs?.[index])}`;
    });
    return [`${head} {`, ...lines, "};"];
  }

  /** Members with what pads them, so that compilers that align less have the same layout. */
  private fields(fields: readonly Field[]): string[] {
    const names = fieldNames(fields);
    const { offsets, elemSize: whole } = recordLayout(fields);
    const lines: string[] = [];
    let end = 0;
    let pads = 0;
    const padTo = (offset: number): void => {
      if (offset > end) lines.push(`    uint8_t pad${pads++}[${offset - end}];`);
      end = offset;
    };
    fields.forEach(({ type, docs }, index) => {
      padTo(offsets[index]!);
      lines.push(`    ${this.member(type)} ${names[index]!};${this.says(type, docs)}`);
      end += elemSize(type);
    });
    padTo(whole);
    return lines;
  }

  /** What stands behind a member. */
  private says(type: ValueType, docs: string | undefined): string {
    const is =
      type.kind === "enum"
        ? this.value(type)
        : isGuests(type)
          ? `handle of a \`${(type as ValueType & { kind: "own" }).resource.name}\`${type.kind === "own" ? "" : " that is lent"}`
          : isResource(type)
            ? `index of ${type.kind === "own" ? "" : "one that is lent: "}\`${type.resource.name}\``
            : isFlow(type)
              ? `number of an end: ${type.kind}${type.element === null ? "" : ` of \`${this.member(type.element)}\``}`
              : type.kind === "string"
                ? "UTF-8 in the space"
                : type.kind === "list" && type.length === undefined
                  ? `items in the space, each ${isResource(type.element) ? this.says(type.element, undefined).slice(" /* ".length, -" */".length) : `a \`${this.item(type)}\``}`
                  : "";
    return trailing([is, docs ?? ""].filter((text) => text !== "").join(": "));
  }

  private variant(type: ValueType & { kind: "variant" | "option" | "result" }, name: string): void {
    const cases = casesOf(type);
    const { discriminantByteLength: tag, payloadOffset, elemSize: whole } = variantLayout(cases);
    const names = caseNames(cases);
    const payloads = cases.flatMap((item, index) =>
      item.type === null
        ? []
        : [`        ${this.member(item.type)} ${names[index]!};` + this.says(item.type, item.docs)],
    );
    const tagMember =
      type.kind === "option"
        ? "bool is_some;"
        : type.kind === "result"
          ? "bool is_error;"
          : `uint${8 * tag}_t tag; /* enum ${name}_tag */`;
    if (type.kind === "variant")
      this.add(type, `${name}_tag`, [
        ...comment(`The cases of \`${type.name?.name ?? name}\`.`),
        ...this.constants(
          name,
          `enum ${name}_tag`,
          cases.map((item) => item.name),
          cases.map((item) => item.docs),
        ),
      ]);
    const pad = payloadOffset - tag;
    const rest = whole - payloadOffset;
    this.struct(type, name, [
      `    ${tagMember}`,
      ...(payloads.length === 0
        ? []
        : [
            ...(pad > 0 ? [`    uint8_t pad0[${pad}];`] : []),
            "    union {",
            ...payloads,
            `        uint8_t bytes[${rest}];`,
            "    } value;",
          ]),
    ]);
  }

  private struct(type: ValueType, name: string, members: readonly string[]): void {
    const says = type.docs ?? `\`${type.name?.name ?? part(type)}\`, in canonical layout.`;
    this.add(type, name, [...comment(says), `struct ${name} {`, ...members, "};"]);
    this.sizes.push([name, elemSize(type)]);
  }
}

/** The members of a struct for these fields. */
export function fieldNames(fields: readonly Field[]): string[] {
  const scope = new CScope(["pad"]);
  return fields.map(({ name }) => scope.claim(name, /^\d/.test(name) ? `f${name}` : memberName(name)));
}

/** The members of a union for these cases; empty for one without payload. */
export function caseNames(cases: readonly Case[]): string[] {
  const scope = new CScope(["bytes"]);
  return cases.map(({ name, type }) => (type === null ? "" : scope.claim(name, memberName(name))));
}

/** The condition under which a variant of C has a case. */
export function isCase(
  type: ValueType & { readonly kind: "variant" | "option" | "result" },
  value: string,
  index: number,
): string {
  switch (type.kind) {
    case "variant":
      return `${value}.tag == ${index}u`;
    case "option":
      return index === 1 ? `${value}.is_some` : `!${value}.is_some`;
    case "result":
      return index === 1 ? `${value}.is_error` : `!${value}.is_error`;
  }
}

/** A type without a name, as part of one. */
function part(type: ValueType | null): string {
  if (type === null) return "none";
  if (type.name) return snakeCase(type.name.name);
  switch (type.kind) {
    case "tuple":
      return ["tuple", ...type.types.map(part)].join("_");
    case "option":
      return `option_${part(type.type)}`;
    case "result":
      return ["result", part(type.ok), part(type.error)].join("_");
    case "list":
      return ["list", part(type.element), ...(type.length === undefined ? [] : [type.length])].join("_");
    case "stream":
    case "future":
      return type.element === null ? type.kind : `${type.kind}_${part(type.element)}`;
    case "own":
    case "borrow":
      return snakeCase(type.resource.name);
    default:
      return type.kind;
  }
}

function comment(docs: string | undefined): string[] {
  return docs === undefined ? [] : docComment([docs]);
}

/** A comment behind a member, on its line. */
function trailing(docs: string | undefined): string {
  const text = commentLines(docs ?? "")
    .filter((line) => line !== "")
    .join(" ");
  return text === "" ? "" : ` /* ${text} */`;
}
