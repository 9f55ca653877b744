/**
 * The world of a core module, from the `component-type` custom section that wit-component and every WIT
 * bindings generator leave there: a component binary whose types spell the world out. Spec:
 * component-model, design/mvp/Binary.md.
 */
import { ByteReader } from "../wasm/byte-reader.js";
import { decodeValueType, primitive } from "./component-value-type.js";
import { functionType } from "./function-name.js";
import type { FunctionType, Interface, Resource, ValueType, World, WorldItems } from "./model.js";

/** An entry of a scope's type index space. */
export type TypeEntry =
  | { readonly kind: "value"; readonly type: ValueType }
  | { readonly kind: "resource"; readonly resource: Resource }
  | {
      readonly kind: "func";
      readonly async: boolean;
      readonly params: FunctionType["params"];
      readonly result: ValueType | null;
    }
  | { readonly kind: "instance"; readonly decode: (owner: string, exported: boolean) => InstanceItems }
  | { readonly kind: "component"; readonly decode: (owner: string) => DecodedComponent };

/** What an instance exports. */
interface InstanceItems {
  readonly types: ReadonlyMap<string, TypeEntry>;
  readonly interface: Interface;
}

/**
 * A component type: its own imports and exports, and the world that it exports
 * when it is the wrapper around one.
 */
interface DecodedComponent {
  readonly world: World;
  readonly exported: World | null;
}

/** The index spaces of one component or instance type, and the scope around it. */
class Scope {
  readonly types: TypeEntry[] = [];
  readonly instances: InstanceItems[] = [];

  constructor(
    readonly outer: Scope | null,
    /** Full name of the interface or world that this scope declares. */
    readonly owner: string,
    /** Whether what it declares stands among the exports of a world. */
    readonly exported = false,
  ) {}

  /** A value type by index, as `ValueType`s refer to it. */
  value(index: number): ValueType {
    const entry = this.types[index];
    if (entry?.kind === "value") return entry.type;
    throw new RangeError(`type ${index} of ${this.owner} is not a value type`);
  }

  resource(index: number): Resource {
    const entry = this.types[index];
    if (entry?.kind === "resource") return entry.resource;
    throw new RangeError(`type ${index} of ${this.owner} is not a resource`);
  }
}

const componentTypeSection = /^component-type(:|$)/;

/**
 * The world that `core`'s `component-type` section describes, or null when it has none.
 * @throws WasmFormatError or RangeError when it is malformed
 */
export function decodeComponentType(core: Uint8Array): World | null {
  const reader = new ByteReader(core, 8);
  while (!reader.done) {
    const id = reader.u8();
    const byteLength = reader.u32();
    const from = reader.skip(byteLength);
    if (id !== 0) continue;
    const section = new ByteReader(core, from, from + byteLength);
    if (!componentTypeSection.test(section.name())) continue;
    return decodeWorld(core.subarray(section.offset, from + byteLength));
  }
  return null;
}

const TYPE_SECTION = 7;

/** Decodes the component in such a section: its first type holds the world. */
function decodeWorld(component: Uint8Array): World {
  const reader = new ByteReader(component, 8);
  while (!reader.done) {
    const id = reader.u8();
    const byteLength = reader.u32();
    const from = reader.skip(byteLength);
    if (id !== TYPE_SECTION) continue;
    const section = new ByteReader(component, from, from + byteLength);
    section.u32();
    const entry = decodeType(section, new Scope(null, ""), component);
    const world = entry.kind === "component" ? entry.decode("").exported : null;
    if (world) return world;
  }
  throw new RangeError("the component-type section holds no world");
}

function decodeType(reader: ByteReader, scope: Scope, bytes: Uint8Array): TypeEntry {
  const from = reader.offset;
  const opcode = reader.u8();
  switch (opcode) {
    case 0x40:
    case 0x43:
      return decodeFunctionType(reader, scope, opcode === 0x43);
    case 0x41: {
      const decode = (owner: string, at = new ByteReader(bytes, from + 1)): DecodedComponent =>
        decodeComponent(at, new Scope(scope, owner), bytes);
      decode("", reader);
      return { kind: "component", decode: (owner) => decode(owner) };
    }
    case 0x42: {
      const decode = (
        owner: string,
        exported: boolean,
        at = new ByteReader(bytes, from + 1),
      ): InstanceItems => decodeInstance(at, new Scope(scope, owner, exported), bytes);
      decode("", false, reader);
      return { kind: "instance", decode: (owner, exported) => decode(owner, exported) };
    }
    case 0x3f:
      throw new RangeError("a resource type stands where only its import or export can");
    default:
      return {
        kind: "value",
        type: decodeValueType(
          opcode,
          reader,
          (type) => valueType(type, scope),
          (index) => scope.resource(index),
        ),
      };
  }
}

/** A reference to a value type: a primitive's negative code or an index. */
function valueType(reader: ByteReader, scope: Scope): ValueType {
  const code = reader.s33();
  return code < 0 ? primitive(code & 0x7f) : scope.value(code);
}

function decodeFunctionType(reader: ByteReader, scope: Scope, async: boolean): TypeEntry {
  const params = reader.vector(() => ({ name: reader.name(), type: valueType(reader, scope) }));
  const result = reader.u8() === 0 ? valueType(reader, scope) : (reader.u8(), null);
  return { kind: "func", async, params, result };
}

function decodeInstance(reader: ByteReader, scope: Scope, bytes: Uint8Array): InstanceItems {
  const found = new Items();
  const exportedTypes = new Map<string, TypeEntry>();
  const count = reader.u32();
  for (let i = 0; i < count; i++) {
    const declaration = reader.u8();
    if (declaration === 0x04) exportDeclaration(reader, scope, found, exportedTypes, scope.exported);
    else decodeCommon(declaration, reader, scope, bytes);
  }
  const { types, resources, functions } = found;
  return { types: exportedTypes, interface: { id: scope.owner, types, resources, functions } };
}

function decodeComponent(reader: ByteReader, scope: Scope, bytes: Uint8Array): DecodedComponent {
  const imports = new Items();
  const exports = new Items();
  const count = reader.u32();
  for (let i = 0; i < count; i++) {
    const declaration = reader.u8();
    if (declaration === 0x03) exportDeclaration(reader, scope, imports, new Map(), false);
    else if (declaration === 0x04) exportDeclaration(reader, scope, exports, new Map(), true);
    else decodeCommon(declaration, reader, scope, bytes);
  }
  return {
    world: { id: scope.owner, imports: imports.freeze(), exports: exports.freeze() },
    exported: exports.world,
  };
}

/** Types and aliases: the declarations that instance and component types share. */
function decodeCommon(declaration: number, reader: ByteReader, scope: Scope, bytes: Uint8Array): void {
  if (declaration === 0x01) scope.types.push(decodeType(reader, scope, bytes));
  else if (declaration === 0x02) decodeAlias(reader, scope);
  else throw new RangeError(`declaration 0x${declaration.toString(16)} in ${scope.owner} is not known`);
}

function decodeAlias(reader: ByteReader, scope: Scope): void {
  const sort = reader.u8();
  const target = reader.u8();
  if (sort !== 0x03) throw new RangeError(`an alias of sort ${sort} in ${scope.owner} is not known`);
  if (target === 0x00) {
    const instance = scope.instances[reader.u32()];
    const name = reader.name();
    const entry = instance?.types.get(name);
    if (!entry) throw new RangeError(`${scope.owner} aliases ${name}, which does not exist`);
    scope.types.push(entry);
    return;
  }
  let from: Scope | null = scope;
  for (let depth = reader.u32(); depth > 0; depth--) from = from?.outer ?? null;
  const entry = from?.types[reader.u32()];
  if (!entry) throw new RangeError(`${scope.owner} aliases an outer type that is not there`);
  scope.types.push(entry);
}

/** What imports or exports add up to. */
class Items {
  readonly interfaces: Interface[] = [];
  readonly functions: FunctionType[] = [];
  readonly types: ValueType[] = [];
  readonly resources: Resource[] = [];
  world: World | null = null;

  freeze(): WorldItems {
    const { interfaces, functions, types, resources } = this;
    return { interfaces, functions, types, resources };
  }
}

/**
 * An import or export declaration: a name, and what it names. Types and instances get an index of their own.
 */
function exportDeclaration(
  reader: ByteReader,
  scope: Scope,
  items: Items,
  exportedTypes: Map<string, TypeEntry>,
  exported: boolean,
): void {
  const name = externName(reader);
  const sort = reader.u8();
  switch (sort) {
    case 0x01: {
      const type = scope.types[reader.u32()];
      if (type?.kind !== "func") throw new RangeError(`${name} is not a function`);
      items.functions.push(functionType(name, type, scope.types));
      return;
    }
    case 0x03: {
      const entry = typeBound(reader, scope, name, items);
      scope.types.push(entry);
      exportedTypes.set(name, entry);
      return;
    }
    case 0x04: {
      const type = scope.types[reader.u32()];
      if (type?.kind === "component") items.world = type.decode(name).world;
      return;
    }
    case 0x05: {
      const type = scope.types[reader.u32()];
      if (type?.kind !== "instance") throw new RangeError(`${name} is not an instance`);
      const instance = type.decode(name, exported);
      scope.instances.push(instance);
      items.interfaces.push(instance.interface);
      return;
    }
    default:
      throw new RangeError(`${name} is of sort ${sort}, which is unknown`);
  }
}

/** `(type (eq i))` gives a type its name, `(type (sub resource))` makes a resource. */
function typeBound(reader: ByteReader, scope: Scope, name: string, items: Items): TypeEntry {
  if (reader.u8() === 0x01) {
    const resource: Resource = { owner: scope.owner, name, ...(scope.exported && { exported: true }) };
    items.resources.push(resource);
    return { kind: "resource", resource };
  }
  const index = reader.u32();
  const entry = scope.types[index];
  if (!entry) throw new RangeError(`${name} names type ${index}, which does not exist`);
  if (entry.kind !== "value" || entry.type.name) return entry;
  const type: ValueType = { ...entry.type, name: { owner: scope.owner, name } };
  items.types.push(type);
  return { kind: "value", type };
}

/** A name, with the version suffix that newer encodings keep apart put back. */
function externName(reader: ByteReader): string {
  const form = reader.u8();
  const name = reader.name();
  if (form === 0x00) return name;
  if (form === 0x01) return name + reader.name();
  if (form === 0x02) return name + annotations(reader);
  throw new RangeError(`the name ${name} has the form ${form}, which is unknown`);
}

const VERSION_SUFFIX = 1;

/**
 * Reads a name's annotations: what it implements, a version suffix, an external id.
 * @returns the suffix, for the name
 */
function annotations(reader: ByteReader): string {
  const read = reader.vector(() => ({ kind: reader.u8(), text: reader.name() }));
  return read.find(({ kind }) => kind === VERSION_SUFFIX)?.text ?? "";
}
