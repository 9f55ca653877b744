/** Where the items of a stream are: in a file, or behind an address. */
import { UserError } from "../errors/user-error.js";
import { holdsHandle, innerTypes } from "../wit/layout.js";
import type { ValueType } from "../wit/model.js";
import { addressOf, type Address, type Direction } from "./connections/address.js";
import { connectionFormat } from "./connections/connection-format.js";
import { formatOf, type ItemFormat } from "./formats/item-format.js";
import type { RunFlags } from "./run-flags.js";

/** Items in a file: a stream parameter's, or the result's. */
export interface ItemFile {
  readonly path: string;
  readonly format: ItemFormat;
  readonly elementType: ValueType | null;
  /** Where it is when it is no file: `path` is then what the user wrote. */
  readonly address: Address | null;
}

/** Where a stream comes from or goes to: a file, or a connection. */
export function itemFile(
  path: string,
  elementType: ValueType | null,
  flag: string,
  direction: Direction,
  flags: RunFlags,
): ItemFile {
  const address = addressOf(path, direction, flag);
  if (address === null)
    return { path, elementType, format: formatOf(path, elementType, flags.format), address };
  if (flags.connections !== true)
    throw new UserError(`${flag}${address.name}: only rill run has connections; give a file`);
  return { path, elementType, format: connectionFormat(address, elementType, flags.format), address };
}

/** @throws UserError when values of the type hold handles */
export function refuseHandles(type: ValueType | null, what: string): void {
  if (type === null || !holdsHandle(type)) return;
  const { kind } = findHandle(type);
  const hint =
    kind === "own" || kind === "borrow"
      ? `resources live in a run of several calls: rill run CORE.wasm "x = RESOURCE()" "x.METHOD()"`
      : "rill run takes streams and futures of plain values only";
  throw new UserError(`${what} holds ${kind === "own" ? "an" : "a"} ${kind}, which a file cannot; ${hint}`);
}

function findHandle(type: ValueType): ValueType {
  const inner = innerTypes(type).find(holdsHandle);
  return type.kind === "stream" || type.kind === "future" || inner === undefined ? type : findHandle(inner);
}
