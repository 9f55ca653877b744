/** Gets a guest ready to run on WAMR as `--device` asks: its module and its items in files. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { RECORD_SECTION } from "../provenance/build-record.js";
import { withoutCustomSections } from "../wasm/read-module.js";
import { UserError } from "../errors/user-error.js";
import { isPlain } from "../host/values/plain-copy.js";
import { wamrParameter } from "../run/raw-files.js";
import type { WamrRun } from "../wamr/wamr-run.js";
import { moduleWorld } from "../wit/module-world.js";
import { elemSize } from "../wit/layout.js";
import type { FunctionType } from "../wit/model.js";
import type { Analysis } from "./analysis.js";
import { chosenFunction } from "../wit/exported-functions.js";
import { type CallRequest, planCall } from "./run/plan-call.js";

const ZERO_ITEMS = 16;

/**
 * The run that `request` describes, with files in `folder`. Without inputs every
 * stream gets a few items of zeros.
 * @param atOnce items with strings or lists that the host lends at once
 * Errors: UserError when the guest has no WIT, or needs inputs that were not given
 */
export async function wamrJob(
  folder: string,
  analysis: Analysis,
  request: CallRequest,
  atOnce?: number,
): Promise<WamrRun> {
  const { path, bytes } = analysis.input;
  const world = moduleWorld(path, bytes);
  if (!world) throw new UserError("--device needs a module with its WIT inside (as `rill build` leaves it)");
  const { name, func } = chosenFunction(world, request.call);
  const core = join(folder, "core.wasm");
  // No device is given the record of the build, and WAMR takes some of its pool for each section.
  await writeFile(core, withoutCustomSections(bytes, RECORD_SECTION));
  const inputs = request.inputs.length > 0 ? request.inputs : await zeros(folder, func);
  const plan = planCall(path, bytes, { ...request, inputs });
  const params = plan.inputs.map((input, index) =>
    wamrParameter(input, join(folder, `in-${index}`), plan.limit, atOnce),
  );
  return { core, world, call: name, params, output: join(folder, "out") };
}

/**
 * A file of zeros for each stream whose items are plain bytes; what else the function takes has to be given.
 */
function zeros(folder: string, { params }: FunctionType): Promise<string[]> {
  const streams = params.flatMap(({ name, type }) =>
    type.kind === "stream" && type.element !== null && isPlain(type.element)
      ? [{ name, itemBytes: elemSize(type.element) }]
      : [],
  );
  return Promise.all(
    streams.map(async ({ name, itemBytes }) => {
      const path = join(folder, `${name}.bin`);
      await writeFile(path, new Uint8Array(ZERO_ITEMS * itemBytes));
      return `${name}=${path}`;
    }),
  );
}
