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
import type { Field, ValueType } from "../../wit/model.js";
import { CScope, memberName, ownerName, snakeCase, worldName } from "./c-names.js";
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
};

/** Whether a value is one core value of its own kind: a number, bool, char, enum or flags. */
export function isOneCell(type: ValueType): boolean {
  return type.kind in SCALARS || type.kind === "enum" || type.kind === "flags";
}

/** A string, or a list of items without addresses in them: a pointer and a length in C. */
export function isView(type: ValueType): boolean {
  return type.kind === "string" || (type.kind === "list" && type.length === undefined);
}

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

  /** The type of a parameter or result. */
  value(type: ValueType): string {
    switch (type.kind) {
      case "enum":
        return `enum ${this.name(type)}`;
      case "flags":
        this.name(type);
        return `uint${8 * flagsByteLength(type.labels.length)}_t`;
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
        this.declarations.push(
          ...comment(docs),
          ...this.constants(name, `enum ${name}`, type.labels, type.labelDocs),
          "",
        );
        return;
      case "flags":
        this.declarations.push(...comment(docs ?? `The flags \`${type.name?.name ?? name}\`.`));
        type.labels.forEach((label, bit) => {
          const constant = this.constant(name, label);
          const hex = (2 ** bit).toString(16);
          this.declarations.push(`#define ${constant} 0x${hex}u${trailing(type.labelDocs?.[bit])}`);
        });
        this.declarations.push("");
        return;
      case "record":
      case "tuple":
        this.struct(type, name, this.fields(fieldsOf(type)));
        return;
      default:
        this.variant(type as ValueType & { kind: "variant" | "option" | "result" }, name);
    }
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
    const scope = new CScope(["pad"]);
    const { offsets, elemSize: whole } = recordLayout(fields);
    const lines: string[] = [];
    let end = 0;
    let pads = 0;
    const padTo = (offset: number): void => {
      if (offset > end) lines.push(`    uint8_t pad${pads++}[${offset - end}];`);
      end = offset;
    };
    fields.forEach(({ name, type, docs }, index) => {
      padTo(offsets[index]!);
      const member = scope.claim(name, /^\d/.test(name) ? `f${name}` : memberName(name));
      lines.push(`    ${this.member(type)} ${member};${this.says(type, docs)}`);
      end += elemSize(type);
    });
    padTo(whole);
    return lines;
  }

  /** What stands behind a member. */
  private says(type: ValueType, docs: string | undefined): string {
    const is = type.kind === "enum" ? this.value(type) : "";
    return trailing([is, docs ?? ""].filter((text) => text !== "").join(": "));
  }

  private variant(type: ValueType & { kind: "variant" | "option" | "result" }, name: string): void {
    const cases = casesOf(type);
    const { discriminantByteLength: tag, payloadOffset, elemSize: whole } = variantLayout(cases);
    const scope = new CScope(["bytes"]);
    const payloads = cases.flatMap((item) =>
      item.type === null
        ? []
        : [
            `        ${this.member(item.type)} ${scope.claim(item.name, memberName(item.name))};` +
              this.says(item.type, item.docs),
          ],
    );
    const tagMember =
      type.kind === "option"
        ? "bool is_some;"
        : type.kind === "result"
          ? "bool is_error;"
          : `uint${8 * tag}_t tag; /* enum ${name}_tag */`;
    if (type.kind === "variant")
      this.declarations.push(
        ...comment(`The cases of \`${type.name?.name ?? name}\`.`),
        ...this.constants(
          name,
          `enum ${name}_tag`,
          cases.map((item) => item.name),
          cases.map((item) => item.docs),
        ),
        "",
      );
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
    this.declarations.push(...comment(says), `struct ${name} {`, ...members, "};", "");
    this.sizes.push([name, elemSize(type)]);
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
