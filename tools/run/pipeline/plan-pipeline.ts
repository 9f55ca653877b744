/**
 * `--then`: guests in a row. What `--in` names is found by its name: it is the first guest's that has such a
 * parameter, or with `N.` in front that of the guest N, counted from 1. The parameter that gets the stream of
 * the guest before is the one that is left.
 */
import { statSync } from "node:fs";
import { UserError } from "../../errors/user-error.js";
import { chosenFunction, type NamedFunction } from "../../wit/exported-functions.js";
import { typesEqual } from "../../wit/layout.js";
import type { Field, ValueType, World } from "../../wit/model.js";
import { witType } from "../../wit/wit-type.js";
import type { Value } from "../../host/values/value.js";
import { zeroValue } from "../imports/zero-value.js";
import { refuseHandles } from "../item-file.js";
import { givenInputs, planInput } from "../plan-parameter.js";
import { planOutput } from "../plan-result.js";
import type { RunFlags } from "../run-flags.js";
import { checkFiles, readGuest, type RunInput } from "../run-plan.js";
import { fieldsOf } from "./piped-result.js";
import { ownInputs, type PipedInput, type StagePlan, refuseForOne } from "./stage-plan.js";

interface RowFlags extends RunFlags {
  /**
   * Guests that are not fed: `measured` ones have zeros for values that are not given, `written` ones get
   * their streams from a board.
   */
  readonly unfed?: "measured" | "written";
}

/** One guest, before its parameters are known. */
interface Stage extends NamedFunction {
  readonly corePath: string;
  readonly core: Uint8Array<ArrayBuffer>;
  readonly world: World;
}

/**
 * Works out what each guest is to do.
 * @throws UserError for whatever does not fit: a module, a call, a parameter, a file, two unequal types
 */
export function planPipeline(corePath: string, flags: RunFlags): readonly StagePlan[] {
  const stages = planStages(corePath, flags);
  const last = stages.at(-1)!;
  if (last.output.kind !== "piped")
    checkFiles(
      stages.map((stage) => stage.corePath),
      {
        call: last.call,
        func: last.func,
        calls: null,
        inputs: stages.flatMap(ownInputs),
        output: last.output,
      },
      flags,
    );
  return stages;
}

/**
 * The same of guests that are measured and not fed: streams without a file have no items, and values that are
 * not given are zeros.
 * @throws UserError as planPipeline
 */
export function planMeasured(corePath: string, flags: RunFlags): readonly StagePlan[] {
  return planStages(corePath, { ...flags, unfed: "measured" });
}

/**
 * The same of guests that are written to a board: `--in` gives values alone.
 * @throws UserError as planPipeline, and for a stream that is given a file
 */
export function planWritten(corePath: string, flags: Omit<RunFlags, "host">): readonly StagePlan[] {
  return planStages(corePath, { ...flags, host: "board", unfed: "written" });
}

function planStages(corePath: string, flags: RowFlags): readonly StagePlan[] {
  refuseForOne(flags);
  const first = readStage(corePath, flags.call ?? null);
  const stages = [first, ...(flags.then ?? []).map((text) => readStage(...fileAndCall(text)))];
  const given = inputsOfStages(stages, flags);
  return stages.map((stage, index): StagePlan => {
    const before = stages[index - 1];
    const next = stages[index + 1];
    const piped = before === undefined ? null : pipedParameter(stage, streamOf(before, stage), given[index]!);
    return {
      ...stage,
      call: stage.name,
      calls: null,
      inputs: stage.func.params.map((param) =>
        stageInput(param, piped, { given: given[index]!, index, flags }),
      ),
      output:
        next === undefined
          ? planOutput(stage.func, stage.name, flags)
          : { kind: "piped", elementType: streamOf(stage, next).element, type: stage.func.result! },
      limit: flags.limit,
    };
  });
}

function readStage(corePath: string, call: string | null): Stage {
  const { core, world } = readGuest(corePath);
  try {
    return { corePath, core, world, ...chosenFunction(world, call) };
  } catch (error) {
    if (error instanceof UserError && call === null)
      throw new UserError(`${corePath}: ${error.message}; of a guest behind --then: FILE#FUNCTION`);
    throw error instanceof UserError ? new UserError(`${corePath}: ${error.message}`) : error;
  }
}

/** `FILE`, or `FILE#FUNCTION`; a file's name may have the sign in it, too. */
function fileAndCall(text: string): [string, string | null] {
  const at = text.indexOf("#");
  if (at < 0 || statSync(text, { throwIfNoEntry: false }) !== undefined) return [text, null];
  return [text.slice(0, at), text.slice(at + 1)];
}

/**
 * The stream that goes into the next guest: the result, or the one among the fields of it.
 * @throws UserError when there is none, or more than one
 */
function streamOf({ corePath, name, func }: Stage, next: Stage): { readonly element: ValueType | null } {
  const { result } = func;
  const parts = result === null ? [] : (fieldsOf(result)?.map(({ type }) => type) ?? [result]);
  const streams = parts.flatMap((type) => (type.kind === "stream" ? type : []));
  const [stream] = streams;
  if (stream === undefined || streams.length > 1)
    throw new UserError(
      `--then ${next.corePath}: ${name} of ${corePath} answers with ${result === null ? "nothing" : witType(result)}, and only a stream goes into another guest`,
    );
  for (const type of parts)
    refuseHandles(
      type.kind === "stream" || type.kind === "future" ? type.element : type,
      type.kind === "stream" ? `the stream of ${corePath}` : `the result of ${corePath}`,
    );
  return stream;
}

/** What `--in` gives each guest, by its parameters' names. */
function inputsOfStages(stages: readonly Stage[], flags: RunFlags): Map<string, string>[] {
  const given = stages.map(() => new Map<string, string>());
  for (const [text, value] of givenInputs(flags)) {
    const [, number, name] = /^(?:(\d+)\.)?(.*)$/s.exec(text)!;
    const has = ({ func }: Stage): boolean => func.params.some((param) => param.name === name);
    const at = number === undefined ? stages.findIndex(has) : Number(number) - 1;
    const stage = stages[at];
    if (stage === undefined && number !== undefined)
      throw new UserError(`--in ${text}: there are ${stages.length} guests, counted from 1`);
    if (stage === undefined || !has(stage))
      throw new UserError(`--in ${text}: no such parameter; ${parametersOf(stage ? [stage] : stages)}`);
    if (given[at]!.has(name!)) throw new UserError(`--in ${name}: given twice`);
    given[at]!.set(name!, value);
  }
  return given;
}

function parametersOf(stages: readonly Stage[]): string {
  return stages
    .map(({ corePath, func }) => {
      const names = func.params.map(({ name }) => name).join(", ");
      return `${corePath} has ${names || "none"}`;
    })
    .join(", ");
}

/** The name of the parameter that gets the stream. @throws UserError when there is none, or more than one */
function pipedParameter(
  { corePath, name, func }: Stage,
  stream: { readonly element: ValueType | null },
  given: ReadonlyMap<string, string>,
): string {
  const says = `--then ${corePath}`;
  const type = `stream<${witType(stream.element)}>`;
  const streams = func.params.filter((param) => param.type.kind === "stream");
  const open = streams.filter((param) => !given.has(param.name));
  const fitting = open.filter(
    (param) => param.type.kind === "stream" && typesEqual(param.type.element, stream.element),
  );
  if (streams.length === 0)
    throw new UserError(`${says}: ${name} has no parameter that is a stream; it needs one`);
  if (open.length === 0)
    throw new UserError(
      `${says}: --in gives ${streams.map((param) => param.name).join(" and ")} a file, and no parameter is left for the stream of the guest before; ` +
        "a parameter has one source (of another guest with a parameter of that name: --in N.PARAM)",
    );
  if (fitting.length > 1)
    throw new UserError(
      `${says}: ${fitting.map((param) => param.name).join(" and ")} could get the stream of the guest before; give --in for all but one`,
    );
  if (fitting.length === 0)
    throw new UserError(
      `${says}: the guest before answers with a ${type}, and ${open.map((param) => `${param.name} is a ${witType(param.type)}`).join(", ")}; ` +
        "the two have to be equal, down to the names of fields and cases",
    );
  return fitting[0]!.name;
}

/** Of a guest that is not fed. */
function noInput(type: ValueType): RunInput {
  if (type.kind === "stream")
    return { kind: "stream", path: "-", elementType: type.element, format: "raw", address: null };
  const zero = (of: ValueType | null): Value => (of === null ? null : zeroValue(of, () => null));
  return type.kind === "future"
    ? { kind: "future", elementType: type.element, value: zero(type.element) }
    : { kind: "value", type, value: zero(type) };
}

function stageInput(
  param: Field,
  piped: string | null,
  { given, index, flags }: { given: ReadonlyMap<string, string>; index: number; flags: RowFlags },
): RunInput | PipedInput {
  const { name, type } = param;
  if (name === piped && type.kind === "stream") return { kind: "piped", elementType: type.element };
  const { unfed } = flags;
  if (unfed === "written" && type.kind === "stream" && given.has(name))
    throw new UserError(
      `--in ${name}: the board feeds its streams; values alone are written with the guests`,
    );
  const isZero = unfed === "measured" || (unfed === "written" && type.kind === "stream");
  if (isZero && !given.has(name)) return noInput(type);
  try {
    return planInput(param, given.get(name), flags);
  } catch (error) {
    if (!(error instanceof UserError) || index === 0) throw error;
    throw new UserError(
      `guest ${index + 1}: ${error.message.replaceAll(`--in ${name}=`, `--in ${index + 1}.${name}=`)}`,
    );
  }
}
