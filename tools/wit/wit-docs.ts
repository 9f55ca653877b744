/**
 * Doc comments, which the binary form of WIT does not carry, found again in the
 * text and put where they belong.
 */
import { docsByPath } from "./doc-reader.js";
import { componentName } from "./function-name.js";
import type {
  Field,
  FunctionType,
  Interface,
  Resource,
  TypeName,
  ValueType,
  World,
  WorldItems,
} from "./model.js";

/** `world` with the comments of `text` on its interfaces, functions, types, fields and cases. */
export function withDocs(world: World, text: string): World {
  return new Documented(world, docsByPath(text)).world();
}

/** The interface's or world's own name in a full one: `i` of `my:test/i@1.0.0`. */
export function localName(id: string): string {
  return id.replace(/@.*$/, "").replace(/^.*\//, "");
}

class Documented {
  /** What became of each type: types share what they are made of. */
  private readonly types = new Map<ValueType, ValueType>();

  constructor(
    private readonly bare: World,
    private readonly docs: ReadonlyMap<string, string>,
  ) {}

  world(): World {
    const { id, imports, exports } = this.bare;
    return { ...this.bare, imports: this.items(imports), exports: this.items(exports), ...this.of(id) };
  }

  /** `docs` of a path, ready to be spread; nothing when it has none. */
  private of(path: string): { readonly docs?: string } {
    const docs = this.docs.get(path);
    return docs === undefined ? {} : { docs };
  }

  /** The path of an interface or world. One without a package stands in the world. */
  private path(id: string): string {
    return id.includes("/") ? id : `${this.bare.id} ${id}`;
  }

  private items(items: WorldItems): WorldItems {
    return {
      interfaces: items.interfaces.map((item) => this.interface(item)),
      functions: items.functions.map((func) => this.function(func, this.bare.id)),
      types: items.types.map((type) => this.type(type)),
      resources: items.resources.map((resource) => this.resource(resource)),
    };
  }

  private interface(found: Interface): Interface {
    const path = this.path(found.id);
    return {
      id: found.id,
      types: found.types.map((type) => this.type(type)),
      resources: found.resources.map((resource) => this.resource(resource)),
      functions: found.functions.map((func) => this.function(func, path)),
      ...this.of(path),
    };
  }

  private resource(resource: Resource): Resource {
    return { ...resource, ...this.of(`${this.path(resource.owner)} ${resource.name}`) };
  }

  private function(func: FunctionType, path: string): FunctionType {
    return {
      ...func,
      params: func.params.map((param): Field => ({ ...param, type: this.type(param.type) })),
      result: func.result && this.type(func.result),
      ...this.of(`${path} ${componentName(func)}`),
    };
  }

  private type<T extends ValueType | null>(type: T): T;
  private type(type: ValueType | null): ValueType | null {
    if (type === null) return null;
    const known = this.types.get(type);
    if (known) return known;
    const own = type.name ? this.of(this.typePath(type.name)) : {};
    const found = { ...this.inside(type), ...own };
    this.types.set(type, found);
    return found;
  }

  private typePath({ owner, name }: TypeName): string {
    return `${this.path(owner)} ${name}`;
  }

  private labelDocs(docs: readonly (string | undefined)[]): { readonly labelDocs?: typeof docs } {
    return docs.every((text) => text === undefined) ? {} : { labelDocs: docs };
  }

  /** The type with docs on what it is made of. */
  private inside(type: ValueType): ValueType {
    const ofMember = (name: string): { readonly docs?: string } =>
      type.name ? this.of(`${this.typePath(type.name)}.${name}`) : {};
    switch (type.kind) {
      case "record": {
        const fields = type.fields.map((field) => ({ ...field, type: this.type(field.type) }));
        return { ...type, fields: fields.map((field) => ({ ...field, ...ofMember(field.name) })) };
      }
      case "variant": {
        const cases = type.cases.map((item) => ({ ...item, type: this.type(item.type) }));
        return { ...type, cases: cases.map((item) => ({ ...item, ...ofMember(item.name) })) };
      }
      case "enum":
      case "flags":
        return { ...type, ...this.labelDocs(type.labels.map((label) => ofMember(label).docs)) };
      case "tuple":
        return { ...type, types: type.types.map((inner) => this.type(inner)) };
      case "list":
        return { ...type, element: this.type(type.element) };
      case "stream":
      case "future":
        return { ...type, element: this.type(type.element) };
      case "option":
        return { ...type, type: this.type(type.type) };
      case "result":
        return { ...type, ok: this.type(type.ok), error: this.type(type.error) };
      default:
        return type;
    }
  }
}
