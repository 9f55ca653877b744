/**
 * The resolved model of a WIT world, shared by the bindings generator, the hosts, the build and the reports.
 *
 * Everything here is plain data: no file positions, no parser state. `resolve.ts` makes it from WIT text,
 * `component-type.ts` from the `component-type` custom section of a core module.
 */

/** Value types without parameters, spelled as in WIT. */
export type PrimitiveKind =
  "bool" | "u8" | "u16" | "u32" | "u64" | "s8" | "s16" | "s32" | "s64" | "f32" | "f64" | "char" | "string";

/** Where a named type was declared: `owner` is an interface's or a world's full name (`my:test/i@1.0.0`). */
export interface TypeName {
  readonly owner: string;
  readonly name: string;
}

/** A label with its type: a record's field or a function's parameter. */
export interface Field {
  readonly name: string;
  readonly type: ValueType;
  readonly docs?: string;
}

/** A variant's case; `type` is null for a case without payload. */
export interface Case {
  readonly name: string;
  readonly type: ValueType | null;
  readonly docs?: string;
}

/**
 * A resource type; identity is all three: an interface on both sides of a world
 * has two resources of each name.
 */
export interface Resource {
  readonly owner: string;
  readonly name: string;
  /** Present when the guest itself implements it. */
  readonly exported?: true;
  readonly docs?: string;
}

/**
 * A value type of the Component Model. `name` is present where WIT declared the type
 * with a name, `docs` where it said more.
 */
export type ValueType = { readonly name?: TypeName; readonly docs?: string } & (
  | { readonly kind: PrimitiveKind }
  | { readonly kind: "list"; readonly element: ValueType; readonly length?: number }
  | { readonly kind: "record"; readonly fields: readonly Field[] }
  | { readonly kind: "tuple"; readonly types: readonly ValueType[] }
  | { readonly kind: "variant"; readonly cases: readonly Case[] }
  | {
      readonly kind: "enum";
      readonly labels: readonly string[];
      readonly labelDocs?: readonly (string | undefined)[];
    }
  | {
      readonly kind: "flags";
      readonly labels: readonly string[];
      readonly labelDocs?: readonly (string | undefined)[];
    }
  | { readonly kind: "option"; readonly type: ValueType }
  | { readonly kind: "result"; readonly ok: ValueType | null; readonly error: ValueType | null }
  | { readonly kind: "own" | "borrow"; readonly resource: Resource }
  | { readonly kind: "stream" | "future"; readonly element: ValueType | null }
  | { readonly kind: "error-context" }
);

/**
 * A function as WIT declares it. A method's `params` include `self`; `resource`
 * names the owner of all but free functions.
 */
export interface FunctionType {
  readonly name: string;
  readonly kind: "freestanding" | "constructor" | "method" | "static";
  readonly resource?: Resource;
  readonly async: boolean;
  readonly params: readonly Field[];
  readonly result: ValueType | null;
  readonly docs?: string;
}

/**
 * An interface: `id` is what import and export names use (`my:test/i@1.0.0`, or
 * the plain name of an inline interface).
 */
export interface Interface {
  readonly id: string;
  readonly types: readonly ValueType[];
  readonly resources: readonly Resource[];
  readonly functions: readonly FunctionType[];
  readonly docs?: string;
}

/**
 * What a world imports or exports: interfaces, and functions, types and
 * resources that stand in the world itself.
 */
export interface WorldItems {
  readonly interfaces: readonly Interface[];
  readonly functions: readonly FunctionType[];
  readonly types: readonly ValueType[];
  readonly resources: readonly Resource[];
}

/** A resolved world. `id` is its full name (`my:test/w@1.0.0`). */
export interface World {
  readonly id: string;
  readonly imports: WorldItems;
  readonly exports: WorldItems;
  readonly docs?: string;
}
