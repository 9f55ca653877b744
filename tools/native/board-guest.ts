/** Ties a translated guest to the firmware without an interpreter: firmware/native/native_guest.h. */
import { UserError } from "../errors/user-error.js";
import { GuestDescriptor } from "../c-host/descriptor.js";
import { refuseCallback } from "../pack/callback.js";
import { handleCount } from "../pack/entry-shape.js";
import { exportedFunction, streamTypes } from "../pack/signature.js";
import { readModule } from "../wasm/read-module.js";
import { liftName } from "../wit/canonical-names.js";
import { elemSize } from "../wit/layout.js";
import type { EmulatedBoard } from "../pack/board-table.js";
import type { World } from "../wit/model.js";
import { exportNames } from "./export-names.js";
import { translateCore } from "./guest-of-core.js";

const NAME = "guest";

/** A guest for a board. */
export interface BoardGuest {
  /** Files of C, by name. */
  readonly texts: Readonly<Record<string, string>>;
  /** Preprocessor definitions, for all files. */
  readonly defines: readonly string[];
}

/** Bytes of an item at most: FEED_ITEM_MAX of firmware/feed.h, HOST_OUTPUT of firmware/host.h. */
const ITEM_MAX = 32;

/**
 * The guest whose function `call` (`IFACE#FUNC`) a board runs.
 * @throws UserError for what a board does not serve, or what is not translated
 */
export function boardGuest(
  source: string,
  core: Uint8Array,
  world: World,
  call: string,
  board: EmulatedBoard,
): BoardGuest {
  const module = readModule(core);
  refuseCallback(module, call, source);
  const { elements, paramCount } = streamTypes(exportedFunction(world, call));
  for (const type of elements)
    if (elemSize(type) > ITEM_MAX)
      throw new UserError(
        `${call} has items of ${elemSize(type)} bytes; the serial line carries ${ITEM_MAX} at most`,
      );
  const descriptor = new GuestDescriptor(core, world);
  const streams = elements.map((element) => descriptor.typeIndex(element));
  const files = translateCore({ source, core, world, name: NAME, descriptor }, []);
  if (files.usesDoubles) refuseDoubles(source, board);
  const functions = module.exports.filter(({ kind }) => kind === "func").map(({ name }) => name);
  const at = functions.indexOf(liftName(call, true));
  if (at < 0)
    throw new UserError(`${source} exports no async function ${call}, so a board has nothing to start`);
  const handles = handleCount(paramCount, elements.length - paramCount);
  return {
    texts: {
      "guest.h": files.header,
      "guest.c": files.source,
      "board_guest.c": glue(exportNames(functions)[at]!, streams, paramCount, handles, source),
    },
    defines: [`FEED_MAX=${Math.max(1, paramCount)}u`, ...(files.isPlain ? ["RILL_PLAIN_VALUES"] : [])],
  };
}

/** Of a guest that computes with f64. @throws UserError where the board's compiler has no such type */
export function refuseDoubles(source: string, { cpu, name }: EmulatedBoard): void {
  if (cpu === "atmega328p")
    throw new UserError(
      `${source} computes with f64, which the compiler for ${name} does not have: take f32, or another board`,
    );
}

/** What a firmware calls the guest of this path. */
export function boardName(source: string): string {
  return source
    .replace(/^.*[\\/]/, "")
    .replace(/(?:\.core)?\.wasm$/, "")
    .replace(/[^\w.-]/g, "_");
}

function glue(
  func: string,
  streams: readonly number[],
  paramCount: number,
  handles: number,
  source: string,
): string {
  const args = Array.from({ length: paramCount }, (_, index) => `arguments[${index}]`);
  return `#include "guest.h"
#include "native/native_guest.h"

static struct ${NAME}_guest instance;
static struct rill_end ends[${handles}];
static const uint8_t streams[] = {${streams.join(", ")}};

static bool init(void)
{
    return ${NAME}_init(&instance);
}

static bool run(const uint32_t *arguments)
{
    uint32_t code = 0;

    return ${NAME}_${func}(${["&instance", ...args, "&code"].join(", ")});
}

static const char name[] RILL_IN_FLASH = "${boardName(source)}";
const struct native_guest native_guest = {
    name, ${NAME}_types, streams, &instance.base, ends, ${handles}, ${paramCount}, ${streams.length}, init, run,
};
`;
}
