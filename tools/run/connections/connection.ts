/** What the thread of the network knows of a connection. */
import type { Parcel } from "./wire.js";

/** Told what an input brings. */
export interface InletEvents {
  parcel(parcel: Parcel): void;
  /** It brings no more. */
  ended(): void;
  /** It is gone for good. */
  lost(message: string): void;
}

/** Brings parcels. */
export interface Inlet {
  /** One more parcel is done, in the order in which they came. */
  done(): void;
  /** Takes no more in. */
  stop(): void;
}

/** Takes parcels. */
export interface Outlet {
  /** Sends a parcel on. `flushed` is called when whoever takes it has answered for it. */
  send(parcel: Parcel, flushed: () => void): void;
}

/** Something to be closed when the run is over. */
export interface Closable {
  close(): Promise<void>;
}
