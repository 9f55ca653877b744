/** A core module as the report sees it: every entity with the bytes of the file that it occupies. */

/** Bytes `start` up to, not including, `end` of the file. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** A value type, spelled as in the text format (`i32`, `v128`, `funcref`, `(ref null 3)`). */
export type ValueType = string;

/** Parameters and results of a function. */
export interface FunctionSignature {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** A type: `signature` is null for struct and array types. */
export interface TypeEntry extends ByteRange {
  readonly signature: FunctionSignature | null;
}

/** What an import or export is. */
export type ExternKind = "func" | "table" | "memory" | "global" | "tag";

/** Smallest and largest size of a memory or table. */
export interface Limits {
  readonly minimum: number;
  readonly maximum: number | null;
  readonly shared: boolean;
  readonly memory64: boolean;
  /** log2 of the page's bytes: 16, or what the custom-page-sizes proposal gives. */
  readonly pageSizeLog2: number;
}

/** A global's type and whether it changes. */
export interface GlobalType {
  readonly type: ValueType;
  readonly mutable: boolean;
}

/**
 * An import. `typeIndex` is set for functions and tags, `limits` for memories
 * and tables, `global` for globals.
 */
export interface ImportEntry extends ByteRange {
  readonly module: string;
  readonly field: string;
  /** Bytes of both names with their lengths. */
  readonly nameBytes: number;
  readonly kind: ExternKind;
  readonly typeIndex?: number;
  readonly limits?: Limits;
  readonly global?: GlobalType;
}

/** One export. */
export interface ExportEntry extends ByteRange {
  readonly name: string;
  /** Bytes of the name with its length. */
  readonly nameBytes: number;
  readonly kind: ExternKind;
  readonly index: number;
}

/**
 * A constant expression: its bytes, the integer it gives (null when it is not
 * one), and the functions it names.
 */
export interface ConstantExpression extends ByteRange {
  readonly value: bigint | null;
  /** The integer is `delta` above a global's value. */
  readonly relative: { readonly global: number; readonly delta: bigint } | null;
  readonly functions: readonly number[];
}

/** One table. */
export interface TableEntry extends ByteRange {
  readonly limits: Limits;
  /** Functions that its initial value names. */
  readonly functions: readonly number[];
}

/** One memory. */
export interface MemoryEntry extends ByteRange {
  readonly limits: Limits;
}

/** One global. */
export interface GlobalEntry extends ByteRange, GlobalType {
  readonly initial: ConstantExpression;
}

/** One element segment; `offset` is null when it is not active. */
export interface ElementEntry extends ByteRange {
  /** The table of an active one. */
  readonly table: number;
  readonly offset: ConstantExpression | null;
  /** The function of each place, null for none. */
  readonly items: readonly (number | null)[];
  readonly functions: readonly number[];
}

/** A data segment; `offset` is null when it is passive, `content` is the bytes that land in memory. */
export interface DataEntry extends ByteRange {
  /** The memory of an active one. */
  readonly memory: number;
  readonly offset: ConstantExpression | null;
  readonly content: ByteRange;
}

/** A function's code. The range holds its length prefix; `body` starts at the local declarations. */
export interface CodeEntry extends ByteRange {
  readonly body: ByteRange;
  /** First instruction. */
  readonly code: number;
  readonly locals: readonly { readonly count: number; readonly type: ValueType }[];
}

/**
 * A section. The range holds its id and length; `payload` is what follows, for a
 * custom section after the name.
 */
export interface Section extends ByteRange {
  readonly id: number;
  readonly name: string;
  readonly payload: ByteRange;
}

/** Names that the module's `name` section gives, by index. */
export interface NameMaps {
  readonly functions: ReadonlyMap<number, string>;
  readonly globals: ReadonlyMap<number, string>;
  readonly dataSegments: ReadonlyMap<number, string>;
}

/** A module, section by section, with the byte range of each part. */
export interface CoreModule {
  readonly bytes: Uint8Array;
  readonly sections: readonly Section[];
  readonly types: readonly TypeEntry[];
  readonly imports: readonly ImportEntry[];
  /** Type index of each defined function. */
  readonly functionTypes: readonly number[];
  readonly tables: readonly TableEntry[];
  readonly memories: readonly MemoryEntry[];
  readonly globals: readonly GlobalEntry[];
  readonly exports: readonly ExportEntry[];
  readonly start: number | null;
  readonly elements: readonly ElementEntry[];
  readonly code: readonly CodeEntry[];
  readonly data: readonly DataEntry[];
  /** What the data count section says; null where there is none. */
  readonly dataCount: number | null;
  /** Type index of each defined tag. */
  readonly tags: readonly number[];
  readonly names: NameMaps;
  /** `sourceMappingURL`, when the module has one. */
  readonly sourceMapUrl: string | null;
}
