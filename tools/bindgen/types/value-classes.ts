/**
 * AssemblyScript types whose layout in memory is the canonical one, so that a value in a slot is read and
 * written in place. A number is itself; a record, tuple, variant, option or result is a view: an
 * `@unmanaged` class at the value's address.
 */
import {
  alignment,
  casesOf,
  elemSize,
  fieldsOf,
  flagsByteLength,
  holdsBorrow,
  holdsHandle,
  recordLayout,
  variantLayout,
} from "../../wit/layout.js";
import type { CopyType } from "../../wit/core-names.js";
import { componentName } from "../../wit/function-name.js";
import type { FunctionType, Resource, TypeName, ValueType } from "../../wit/model.js";
import type { CopyTypes } from "../ends/copy-types.js";
import { endClass } from "../ends/end-class.js";
import { comment } from "../declarations.js";
import { filler, listBody, pairMember, payloadMember, unsigned, viewMember } from "./class-members.js";
import { dropLentMethod } from "./lent-handles.js";
import { type NameScope, camelCase, functionLabel, memberNames, plainPascalCase } from "../names/names.js";
import { witType } from "../../wit/wit-type.js";
import { type Place, inside, refused } from "../refuse.js";
import { isEnd, isHandle, isPair, isState, isView, scalarNames } from "./kinds.js";
import { typeIdentity } from "./type-identity.js";
import { walkValue } from "./walk-value.js";

/** Bytes of a list of a fixed length, at most. */
const MAX_FIXED_BYTES = 4096;

/** A type of another file, under the name that it has here. */
export interface ImportedType {
  readonly from: ValueClasses;
  readonly name: string;
  readonly local: string;
}

/** Which file declares a type, when it is another than the one that asks. */
export type TypeHome = (type: ValueType, asking: ValueClasses) => ValueClasses;

/** Collects the declarations that the types of one bindings file need, in the order of first use. */
export class ValueClasses {
  private readonly declared = new Map<string, string>();
  /** For an enum's or flags' name, the namespace of its values. */
  private readonly values = new Map<string, string>();
  private readonly importedTypes = new Map<string, ImportedType>();
  /** The types without a name in WIT that functions of this file use and that need a declaration. */
  readonly composed = new Set<string>();

  /**
   * @param file  the file's name, without extension
   * @param names the names of the file
   * @param home  where each type is declared
   * @param copyTypes where the built-ins of streams and futures inside of values come from
   */
  constructor(
    readonly file: string,
    readonly names: NameScope,
    readonly home: TypeHome,
    readonly copyTypes: CopyTypes,
  ) {}

  /**
   * The types that the file has from others, with the namespaces of their values, in the order of first use.
   */
  get imports(): readonly ImportedType[] {
    return [...this.importedTypes.values()];
  }

  /** The name of an exported function in this file. */
  functionName(func: FunctionType): string {
    return this.names.claim(`func ${componentName(func)}`, camelCase(functionLabel(func)));
  }

  /** The declarations so far, each a complete statement. */
  get declarations(): readonly string[] {
    return [...this.declared.values()];
  }

  /** The name of a resource's class in this file, which is where its functions are. */
  resourceName({ owner, name }: Resource): string {
    return this.names.claim(`resource ${name}`, plainPascalCase(name), qualifiedName({ owner, name }));
  }

  /**
   * The AssemblyScript type of a value type; another file's is imported.
   * @throws UserError for a type that has none
   */
  typeName(type: ValueType, place: Place): string {
    if (needsDeclaration(type) && !type.name) this.composed.add(typeIdentity(type));
    const home = this.home(type, this);
    return home === this ? this.ownTypeName(type, place) : this.imported(type, home, place);
  }

  /**
   * The AssemblyScript type of an item or value of a stream or future.
   * @throws UserError for one that is not bound
   */
  itemType({ kind, element }: CopyType, place: Place): string {
    if (element === null) return "Unit";
    if (kind === "stream" && element.kind === "char")
      throw refused({ kind, element }, place, "engines do not accept it; use stream<u32>");
    if (holdsBorrow(element)) {
      const why = `no ${kind} carries what is borrowed, which ends with the call; let it own its items`;
      throw refused({ kind, element }, place, why);
    }
    return this.typeName(element, place);
  }

  /**
   * Statements that drop what the value at `address`, which nobody took, owns: resources, ends of streams and
   * futures, at any depth. None for a type that holds none.
   * @param address an expression without side effect
   */
  release(type: ValueType, address: string, offset: number, place: Place): string[] {
    const walk = {
      enters: holdsHandle,
      visit: (part: ValueType, from: string, more: number, at: Place): string[] | null => {
        if (!isEnd(part) && !isHandle(part)) return null;
        const handle = `<usize>load<u32>(${more === 0 ? from : `${from}, ${more}`})`;
        return [`changetype<${this.typeName(part, at)}>(${handle}).drop();`];
      },
      items: (pair: string): string => `load<usize>(${pair})`,
    };
    return walkValue(walk, type, address, offset, place);
  }

  /** The same for an item at `ptr`. */
  releaseItem({ element }: CopyType, place: Place): string[] {
    return element === null ? [] : this.release(element, "ptr", 0, place);
  }

  /**
   * Another file's type, under the name that it would have if it were declared here: where it
   * is declared may change with the world.
   */
  private imported(type: ValueType, from: ValueClasses, place: Place): string {
    const name = from.typeName(type, place);
    if (name === STATE) return name;
    if (isHandle(type)) return this.importResource(from, name, type.resource);
    const local = this.import(from, name, this.className(type, place));
    if (isEnd(type))
      for (const end of ["Reader", "Writer"] as const)
        this.import(from, from.openEnd(name, end), this.openEnd(local, end));
    const values = from.values.get(name);
    if (values !== undefined) this.values.set(local, this.import(from, values, this.valuesName(type)));
    return local;
  }

  private importResource(from: ValueClasses, name: string, resource: Resource): string {
    return this.import(from, name, this.names.claim(`${from.file} ${name}`, name, qualifiedName(resource)));
  }

  private import(from: ValueClasses, name: string, local: string): string {
    this.importedTypes.set(`${from.file} ${name}`, { from, name, local });
    return local;
  }

  private ownTypeName(type: ValueType, place: Place): string {
    if (isHandle(type)) return isState(type) ? STATE : this.resourceName(type.resource);
    if (isEnd(type)) return this.endName(type, place);
    const list = this.listName(type, place);
    if (list !== null) return list;
    const scalar = scalarNames[type.kind];
    if (scalar !== undefined) return type.name ? this.alias(type, scalar) : scalar;
    switch (type.kind) {
      case "enum":
        return this.labels(type, unsigned(elemSize(type)), (index) => String(index));
      case "flags":
        requireContent(type, place);
        return this.labels(type, unsigned(flagsByteLength(type.labels.length)), (index) => `1 << ${index}`);
      case "record":
      case "tuple":
        return this.class(type, place, () => this.recordBody(type, place));
      case "variant":
      case "option":
      case "result":
        return this.class(type, place, () => this.variantBody(type, place));
      default:
        throw refused(type, place, "engines do not have it yet; use a string or a record");
    }
  }

  /**
   * A string, or a list: of numbers an array of AssemblyScript's, of anything
   * else a view of its address and length.
   */
  private listName(type: ValueType, place: Place): string | null {
    if (type.kind === "string") return type.name ? this.alias(type, "string") : "string";
    if (type.kind !== "list") return null;
    if (isPair(type)) {
      const array = `StaticArray<${this.typeName(type.element, inside(place, "element"))}>`;
      return type.name ? this.alias(type, array) : array;
    }
    return this.class(type, place, () =>
      listBody(type, this.typeName(type.element, inside(place, "element"))),
    );
  }

  /** A stream or future inside of a value: the class of its handle. */
  private endName(type: CopyType, place: Place): string {
    const name = this.className(type, place);
    if (!this.declared.has(name)) {
      const item = this.itemType(type, place);
      const source = this.copyTypes.source(type);
      const release = this.releaseItem(type, place);
      const what = `\`${witType(type)}\` in a value`;
      const ends = { reader: this.openEnd(name, "Reader"), writer: this.openEnd(name, "Writer") };
      const sharesRegions = this.copyTypes.holdingPointers > 1;
      const operations = { ...source, type, item, what, release };
      this.declared.set(name, endClass(type, name, { ...ends, sharesRegions }, operations));
    }
    return name;
  }

  /** The type of the open ends of the stream or future `name`. */
  private openEnd(name: string, end: "Reader" | "Writer"): string {
    return this.names.claim(`${end} of ${name}`, `${name}${end}`);
  }

  /** The namespace of an enum's or flags' values. */
  private valuesName(type: ValueType): string {
    return this.names.claim(`values ${typeIdentity(type)}`, camelCase(type.name?.name ?? type.kind));
  }

  /**
   * A declared type's name, in Pascal case; the second type of that name gets its interface's name in front.
   */
  declaredName(type: ValueType, { name, owner }: TypeName): string {
    return this.names.claim(typeIdentity(type), plainPascalCase(name), qualifiedName({ owner, name }));
  }

  private alias(type: ValueType, of: string): string {
    const name = this.declaredName(type, type.name!);
    this.declared.set(
      name,
      `${comment(type.docs, `WIT: \`type ${type.name!.name} = ${witType(unnamed(type))}\`.`)}\nexport type ${name} = ${of};`,
    );
    return name;
  }

  private labels(
    type: ValueType & { readonly kind: "enum" | "flags" },
    integer: string,
    value: (index: number) => string,
  ): string {
    const { labels } = type;
    const wit = type.name?.name ?? type.kind;
    const name = this.declaredName(type, type.name ?? { owner: "", name: wit });
    const values = this.valuesName(type);
    this.values.set(name, values);
    const constants = memberNames(labels).flatMap((label, index) => {
      const docs = type.labelDocs?.[index];
      const constant = `export const ${label}: ${name} = ${value(index)};`;
      return (docs === undefined ? [constant] : [comment(docs), constant]).map(indent);
    });
    this.declared.set(
      name,
      `${comment(type.docs, `WIT: \`${type.kind} ${wit}\`.`)}\nexport type ${name} = ${integer};\n/** The values of \`${name}\`. */\n` +
        `export namespace ${values} {\n${constants.join("\n")}\n}`,
    );
    return name;
  }

  private class(type: ValueType, place: Place, body: () => readonly string[]): string {
    const name = this.className(type, place);
    if (!this.declared.has(name)) {
      requireContent(type, place);
      const members = [...body(), ...dropLentMethod(type, name)];
      const size = `${elemSize(type)} bytes, aligned to ${alignment(type)}`;
      const head = comment(type.docs, `${describe(type)}: ${size}. A view of memory that holds one.`);
      this.declared.set(
        name,
        `${head}\n@unmanaged\nexport class ${name} {\n${members.map(indent).join("\n")}\n}`,
      );
    }
    return name;
  }

  /** A declared type's own name, else one made of what the type is. */
  private className(type: ValueType, place: Place): string {
    if (type.name) return this.declaredName(type, type.name);
    const part = (inner: ValueType | null): string =>
      inner === null
        ? "Unit"
        : this.typeName(inner, place)
            .replaceAll(/[\W_]+/g, " ")
            .trim()
            .split(" ")
            .map(capital)
            .join("");
    if (isEnd(type))
      return this.compose(type, `${capital(type.kind)}${type.element ? part(type.element) : ""}`);
    if (type.kind === "tuple") return this.compose(type, `Tuple${type.types.map(part).join("")}`);
    if (type.kind === "option") return this.compose(type, `Option${part(type.type)}`);
    if (type.kind === "list") return this.compose(type, `List${type.length ?? ""}${part(type.element)}`);
    if (type.kind === "result") return this.compose(type, `Result${part(type.ok)}${part(type.error)}`);
    throw new Error(`a ${type.kind} without a name`);
  }

  /** A name made of other names. */
  private compose(type: ValueType, name: string): string {
    return this.names.claim(typeIdentity(type), name);
  }

  private recordBody(type: ValueType & { readonly kind: "record" | "tuple" }, place: Place): string[] {
    const fields = fieldsOf(type);
    const layout = recordLayout(fields);
    const names = type.kind === "tuple" ? [] : memberNames(fields.map((field) => field.name));
    const members: string[] = [];
    let end = 0;
    fields.forEach((field, index) => {
      const offset = layout.offsets[index]!;
      const name = names[index] ?? `item${index}`;
      const typeName = this.typeName(field.type, inside(place, `field ${field.name}`));
      const note = comment(field.docs, `At offset ${offset}.`);
      if (isPair(field.type)) members.push(...pairMember(note, name, typeName, offset));
      else if (isView(field.type)) members.push(...viewMember(note, name, typeName, offset, field.type));
      else members.push(note, `${name}: ${typeName};`);
      end = offset + elemSize(field.type);
    });
    return [...members, ...filler("tail", end, layout.elemSize - end)];
  }

  private variantBody(
    type: ValueType & { readonly kind: "variant" | "option" | "result" },
    place: Place,
  ): string[] {
    const cases = casesOf(type);
    const layout = variantLayout(cases);
    const tag = unsigned(layout.discriminantByteLength);
    const names = memberNames(
      cases.map((item) => item.name),
      ["tag"],
    );
    const members = names.flatMap((name, index) => [
      comment(cases[index]!.docs, `The tag of case \`${cases[index]!.name}\`.`),
      `static readonly ${name}: ${tag} = ${index};`,
    ]);
    members.push("/** Which case it is. */", `tag: ${tag};`);
    const start = layout.discriminantByteLength;
    const payload = Math.min(layout.payloadOffset, layout.elemSize);
    members.push(...filler("gap", start, payload - start));
    members.push(...filler("payload", payload, layout.elemSize - payload));
    names.forEach((name, index) => {
      const item = cases[index]!;
      if (item.type === null) return;
      const typeName = this.typeName(item.type, inside(place, `case ${item.name}`));
      members.push(...payloadMember(name, item.name, typeName, layout.payloadOffset, item.type));
    });
    return members;
  }
}

/** A declared type's name with its interface's in front. */
function qualifiedName({ owner, name }: TypeName): string {
  const interfaceName = owner.replace(/^.*\//, "").replace(/@.*$/, "");
  return plainPascalCase(`${interfaceName}-${name}`);
}

/** The type of what a resource of the guest's own was made for, when the host lends it to the guest. */
const STATE = "usize";

/** Whether values of the type have a declaration of their own in bindings, which WIT need not have named. */
function needsDeclaration(type: ValueType): boolean {
  return isView(type) || isEnd(type);
}

function describe(type: ValueType): string {
  if (!type.name) return `WIT: \`${witType(type)}\``;
  const { name } = type.name;
  const isAlias =
    type.kind === "list" || type.kind === "option" || type.kind === "result" || type.kind === "tuple";
  return `WIT: \`${isAlias ? `type ${name} = ${witType(unnamed(type))}` : `${type.kind} ${name}`}\``;
}

/** @throws UserError for a type that no component can have, and for a list of a fixed length that is long */
function requireContent(type: ValueType, place: Place): void {
  const count = contentCount(type);
  if (count === 0)
    throw refused(type, place, "a component has no empty records, tuples, flags and lists; leave it out");
  // Such a list lies in every record and frame that holds one.
  if (type.kind === "list" && count !== null && elemSize(type) > MAX_FIXED_BYTES)
    throw refused(
      type,
      place,
      "a list of a fixed length takes at most 4,096 bytes; use a list without length",
    );
}

/** What a type is made of: fields, labels, items; null for types that cannot be empty. */
function contentCount(type: ValueType): number | null {
  if (type.kind === "record" || type.kind === "tuple") return fieldsOf(type).length;
  if (type.kind === "flags") return type.labels.length;
  return type.kind === "list" ? (type.length ?? null) : null;
}

/** Every line of a text, two columns to the right. */
function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "  ");
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function unnamed(type: ValueType): ValueType {
  return Object.fromEntries(Object.entries(type).filter(([key]) => key !== "name")) as unknown as ValueType;
}
