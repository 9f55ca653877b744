/** Conformance scripts, schema `cm-async-conformance/1`: their shape, and reading them from a file. */
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { UserError } from "../errors/user-error.js";
import { systemReason } from "../errors/system-error.js";

/** Element and parameter types as scripts spell them. */
export type ScriptType =
  | string
  | { readonly record: readonly (readonly [string, ScriptType])[] }
  | { readonly tuple: readonly ScriptType[] }
  | { readonly list: ScriptType }
  | { readonly option: ScriptType }
  | { readonly result: { readonly ok: ScriptType | null; readonly error: ScriptType | null } }
  | { readonly enum: readonly string[] }
  | { readonly stream: ScriptType | null };

/** A value as scripts spell it: bits of floats as hex, 64-bit integers as decimal text, records as arrays. */
export type ScriptValue =
  boolean | number | string | null | readonly ScriptValue[] | { readonly [label: string]: ScriptValue };

/** A core value: its type, and i32 as a number, i64 in decimal, floats as hex bits. */
export type ScriptCoreValue = readonly ["i32" | "i64" | "f32" | "f64", number | string];

/** One turn of a callback task's core code. */
export interface Turn {
  readonly event?: readonly number[];
  readonly body: readonly Step[];
  readonly code: number;
}

/** A step: `op`, its arguments, its expected results. Which of them there are depends on `op`. */
export interface Step {
  readonly op: string;
  readonly ty?: number;
  readonly async?: boolean;
  readonly i?: number;
  readonly ptr?: number;
  readonly n?: number;
  readonly set?: number;
  readonly cancellable?: boolean;
  readonly slot?: number;
  readonly value?: ScriptValue;
  readonly type?: ScriptType | null;
  readonly hex?: string;
  readonly end?: number;
  readonly from?: number;
  readonly cancel?: "deferred";
  readonly eager?: boolean;
  readonly data?: string | readonly ScriptValue[];
  readonly func?: number;
  readonly call?: number;
  readonly args?: readonly ScriptCoreValue[] | readonly ScriptValue[];
  readonly arg?: number;
  readonly task?: number;
  readonly during?: readonly Step[];
  readonly blocked?: readonly Step[];
  readonly turns?: readonly Turn[];
  readonly ret?: number | readonly ScriptCoreValue[];
  readonly ret64?: string;
  readonly mem?: readonly (readonly [number, string])[];
  readonly realloc?: readonly (readonly number[])[];
  readonly event?: readonly number[];
  readonly events?: readonly (readonly number[])[];
  readonly got?: string | readonly ScriptValue[];
  readonly resolved?: { readonly task: number; readonly value: number | null };
  readonly started?: boolean;
  readonly status?: "waiting" | "exited";
  readonly ready?: readonly number[];
  readonly delivered?: boolean;
  readonly trap?: boolean;
  readonly trap_inside?: boolean;
  readonly why?: string;
}

/** One script. */
export interface Case {
  readonly id: string;
  readonly types: readonly (ScriptType | null)[];
  readonly task?: "async" | "sync";
  readonly funcs?: readonly { readonly params: readonly ScriptType[]; readonly result: ScriptType | null }[];
  readonly needs?: readonly string[];
  readonly steps: readonly Step[];
}

/** A file of scripts of one kind. */
export interface ScriptFile {
  readonly schema: string;
  readonly kind: string;
  /** Linear memory of each case: its length in bytes, and the byte that it is filled with. */
  readonly memory: { readonly bytes: number; readonly fill: number };
  /** The first address that the guest's allocator gives. */
  readonly heap: number;
  readonly cases: readonly Case[];
}

const SCHEMA = "cm-async-conformance/1";

/**
 * Reads a file of scripts, JSON as it is or compressed with gzip.
 * @throws UserError when the file cannot be read, is no JSON, or has another schema
 */
export async function readScripts(path: string): Promise<ScriptFile> {
  const parsed = parse(path, await read(path)) as Partial<ScriptFile>;
  if (parsed.schema !== SCHEMA) {
    throw new UserError(
      `${path}: not a conformance script: "schema" is ${JSON.stringify(parsed.schema)}, not "${SCHEMA}"`,
    );
  }
  if (
    !Array.isArray(parsed.cases) ||
    !parsed.memory ||
    parsed.heap === undefined ||
    parsed.kind === undefined
  ) {
    throw new UserError(
      `${path}: not a whole conformance script: "kind", "memory", "heap" or "cases" is missing`,
    );
  }
  return parsed as ScriptFile;
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new UserError(`${path}: cannot be read: ${systemReason(error)}`);
  }
}

function parse(path: string, bytes: Buffer): object {
  try {
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const value: unknown = JSON.parse((isGzip ? gunzipSync(bytes) : bytes).toString("utf8"));
    if (typeof value === "object" && value !== null) return value;
  } catch (error) {
    throw new UserError(`${path}: not JSON: ${(error as Error).message}`);
  }
  throw new UserError(`${path}: not a conformance script: no JSON object`);
}
