/** Gets a guest ready to run on WAMR as `--device` asks: its module and its items in files. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../errors/user-error.js";
import { isPlain } from "../host/plain-copy.js";
import { writeRaw } from "../run/run-on-wamr.js";
import type { WamrParameter, WamrRun } from "../wamr/run.js";
import { decodeComponentType } from "../wit/component-type.js";
import { elemSize } from "../wit/layout.js";
import type { Field, FunctionType, ValueType } from "../wit/model.js";
import type { Analysis } from "./build-report.js";
import { findFunction } from "./run/find-function.js";
import { type CallRequest, planCall } from "./run/plan-call.js";

const ZERO_ITEMS = 16;

/**
 * The run that `request` describes, with files in `folder`. Without inputs every stream gets a few items of zeros.
 * Errors: UserError when the guest has no WIT, or its items are not measured on WAMR
 */
export async function wamrJob(folder: string, analysis: Analysis, request: CallRequest): Promise<WamrRun> {
  const { input } = analysis;
  const world = decodeComponentType(input.bytes);
  if (!world) throw new UserError("--device needs a module with its WIT inside (as `rill build` leaves it)");
  const { name, func } = findFunction(world, request.call);
  const core = join(folder, "core.wasm");
  await writeFile(core, input.bytes);
  const params = await parameters(folder, func, analysis, request);
  const output = func.result?.kind === "stream" ? join(folder, "out") : undefined;
  return { core, world, call: name, params, output };
}

/** As planned where inputs were given, else zeros. */
async function parameters(
  folder: string,
  func: FunctionType,
  analysis: Analysis,
  request: CallRequest,
): Promise<WamrParameter[]> {
  if (request.inputs.length === 0) return Promise.all(func.params.map((param) => zeros(folder, param)));
  const plan = planCall(analysis.input.path, analysis.input.bytes, request);
  return plan.inputs.map((input, index) => {
    if (input.kind !== "stream") return { bits: Number(input.value) };
    requireServed(input.elementType);
    const path = join(folder, `in-${index}`);
    writeRaw(input, path, plan.limit ?? Number.POSITIVE_INFINITY);
    return { path };
  });
}

async function zeros(folder: string, { name, type }: Field): Promise<WamrParameter> {
  if (type.kind !== "stream") return { bits: 0 };
  requireServed(type.element);
  const path = join(folder, `${name}.bin`);
  await writeFile(path, new Uint8Array(ZERO_ITEMS * elemSize(type.element)));
  return { path };
}

function requireServed(element: ValueType | null): asserts element is ValueType {
  if (element === null || !isPlain(element))
    throw new UserError(
      "RAM on the device is measured with items that hold no pointer; this stream's are others",
    );
}
