/**
 * What the thread of the network and the thread of the guest tell each other. A guest that waits is on the
 * stack of its thread, which therefore hears no events: it takes messages from a port when it is ready, and
 * sleeps on a word that whoever sends something changes.
 */
import type { MessagePort } from "node:worker_threads";

/** Bytes as they came or are to go: a message, or a piece of a stream. */
export type Parcel = Uint8Array<ArrayBuffer>;

/** What is sent to the guest's thread. */
export type ToGuest =
  | { readonly kind: "parcel"; readonly input: number; readonly parcel: Parcel }
  /** The input brings no more. */
  | { readonly kind: "end"; readonly input: number }
  /** The run is to come to an end: every input ends. */
  | { readonly kind: "stop" }
  /** A connection is gone for good. */
  | { readonly kind: "lost"; readonly message: string };

/** Of an input, how many parcels are done in all. */
export interface Done {
  readonly input: number;
  readonly count: number;
}

/**
 * What is sent to the network's thread. `done` holds only when all parcels have been flushed that were sent
 * until then, those of the same message among them.
 */
export interface ToNetwork {
  readonly parcels: readonly Parcel[];
  readonly done: readonly Done[];
}

/** The guest's side of a wire, as it is handed to its thread. */
export interface WireEnd {
  readonly port: MessagePort;
  readonly words: SharedArrayBuffer;
}

/** Words of a wire. BELL changes whenever something was sent to the guest's thread or flushed. */
export const BELL = 0;
/** Parcels that have been flushed in all, modulo 2^32. */
export const FLUSHED = 1;
/** How many words there are. */
export const WIRE_WORDS = 2;
