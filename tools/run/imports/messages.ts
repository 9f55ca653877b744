/**
 * What the thread of a file of imports and whoever runs the guest tell each other. Handles in values are
 * numbers: of a resource its representation, of a stream or future its number, which its writer's side gave.
 * A future is a stream of one item.
 */
import type { MessagePort } from "node:worker_threads";
import type { Value } from "../../host/values/value.js";
import type { ImportedFunction } from "./imported-function.js";

/** Of a stream or future, either way: the one that is told of it writes or reads at the other end. */
export type StreamMessage =
  /** An item: the reader's side had asked for one. */
  | { readonly kind: "item"; readonly stream: number; readonly item: Value }
  /** There are no more. */
  | { readonly kind: "end"; readonly stream: number }
  /** The reader wants an item. */
  | { readonly kind: "want"; readonly stream: number }
  /** The reader reads no longer. */
  | { readonly kind: "leave"; readonly stream: number };

/** To the thread of the file. */
export type ToImports =
  | StreamMessage
  /** An instance of the guest begins: what was between the file and the one before is over. */
  | { readonly kind: "begin" }
  | { readonly kind: "call"; readonly call: number; readonly id: string; readonly args: readonly Value[] }
  /** The last handle of a resource is gone. */
  | { readonly kind: "drop"; readonly representation: number }
  /** The guest's side sleeps, and can be woken by this thread alone. */
  | { readonly kind: "asleep" };

/** From the thread of the file. */
export type FromImports =
  | StreamMessage
  | { readonly kind: "returned"; readonly call: number; readonly value: Value }
  /** The run cannot go on: the file's fault, in words. */
  | { readonly kind: "failed"; readonly message: string }
  /** Nothing goes on in this thread that could wake a guest that sleeps. */
  | { readonly kind: "quiet" };

/** Milliseconds after which the guest's side, asleep, has the file's say whether anything will come. */
export const PATIENCE = 500;

/** From the thread of the file to whoever started it, once. */
export type Loaded =
  /** Functions that the file does not have. */
  | { readonly kind: "loaded"; readonly missing: readonly string[] }
  | { readonly kind: "failed"; readonly message: string };

/** The guest's side of the line to a file of imports. */
export interface ImportsEnd {
  readonly port: MessagePort;
  /** The word at BELL changes whenever something was sent to the guest's side. */
  readonly words: SharedArrayBuffer;
}

/** What the thread of a file is started with. */
export interface ImportsJob {
  /** As the command line names it. */
  readonly file: string;
  readonly functions: readonly ImportedFunction[];
  /** Functions that the file lacks are looked for among our own: own-functions.ts. */
  readonly withOwn: boolean;
  /** The other end of the guest's side's port. */
  readonly port: MessagePort;
  readonly words: SharedArrayBuffer;
}
