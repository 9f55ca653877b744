/** Ties a translated guest to the firmware without an interpreter: firmware/native/native_guest.h. */
import { UserError } from "../errors/user-error.js";
import { GuestDescriptor } from "../c-host/descriptor.js";
import { refuseCallback } from "../pack/callback.js";
import { exportedFunction, streamTypes } from "../pack/signature.js";
import { readModule } from "../wasm/read-module.js";
import { liftName } from "../wit/canonical-names.js";
import type { World } from "../wit/model.js";
import { exportNames } from "./export-names.js";
import { translateCore } from "./guest-of-core.js";

const NAME = "guest";

/** A guest for a board. */
export interface BoardGuest {
  /** Files of C, by name. */
  readonly texts: Readonly<Record<string, string>>;
  /** Streams that are parameters. */
  readonly paramCount: number;
}

/**
 * The guest whose function `call` (`IFACE#FUNC`) a board runs.
 * @throws UserError for what a board does not serve, or what is not translated
 */
export function boardGuest(source: string, core: Uint8Array, world: World, call: string): BoardGuest {
  const module = readModule(core);
  refuseCallback(module, call, source);
  const { elements, paramCount } = streamTypes(exportedFunction(world, call));
  const descriptor = new GuestDescriptor(core, world);
  const streams = elements.map((element) => descriptor.typeIndex(element));
  const files = translateCore({ source, core, world, name: NAME, descriptor }, []);
  const functions = module.exports.filter(({ kind }) => kind === "func").map(({ name }) => name);
  const at = functions.indexOf(liftName(call, true));
  if (at < 0)
    throw new UserError(`${source} exports no async function ${call}, so a board has nothing to start`);
  const handles = 2 * paramCount + 3 * (elements.length - paramCount);
  return {
    texts: {
      "guest.h": files.header,
      "guest.c": files.source,
      "board_guest.c": glue(exportNames(functions)[at]!, streams, paramCount, handles, source),
    },
    paramCount,
  };
}

function glue(
  func: string,
  streams: readonly number[],
  paramCount: number,
  handles: number,
  source: string,
): string {
  const args = Array.from({ length: paramCount }, (_, index) => `arguments[${index}]`);
  const name = source
    .replace(/^.*[\\/]/, "")
    .replace(/(?:\.core)?\.wasm$/, "")
    .replace(/[^\w.-]/g, "_");
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

const struct native_guest native_guest = {
    "${name}", ${NAME}_types, streams, &instance.base, ends, ${handles}, ${paramCount}, ${streams.length}, init, run,
};
`;
}
