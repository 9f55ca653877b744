/** The namespace of an imported async function: places and streams for its parameters, and the call. */
import { MAX_FLAT_ASYNC_PARAMS, alignTo, flatten, isPointerFree } from "../../wit/layout.js";
import type { FunctionType, ValueType } from "../../wit/model.js";
import { type CopyType, streamIndex } from "../../wit/core-names.js";
import { componentName } from "../../wit/function-name.js";
import {
  type EndOperations,
  builtinName,
  dropReadableBuiltin,
  external,
  handingOn,
  readableOperations,
  readerType,
  writableOperations,
  writerType,
} from "../ends/copy-operations.js";
import { commented, signature } from "../declarations.js";
import { functionEnd } from "./function-end.js";
import { Frame } from "./frame.js";
import { functionConstant, functionLabel, identifierPart, memberNames } from "../names/names.js";
import { type ParamInMemory, ParamsInMemory } from "./params-in-memory.js";
import { coreParamsOf, passedValue, placeFunction, staticPlace } from "../types/passed-value.js";
import { type KeptParams, keptParams } from "./kept-params.js";
import { callMember, subtaskMembers, subtaskPlace } from "./subtask-members.js";
import { type Place, inside } from "../refuse.js";
import { isEnd, isPair } from "../types/kinds.js";
import type { ValueClasses } from "../types/value-classes.js";

/** Names of a namespace's own members; a parameter of such a name gets a trailing underscore. */
const ownMembers = ["call", "start", "started", "poll", "wait", "cancel", "result", "drop"];

/** Bytes of a region of the arena in a table of places. */
const REGION_BYTES = "((<i32>ARENA_BYTES + 7) & ~7)";
/**
 * Where the parts of a call lie that is not the function's own: in a place of a
 * table, which its object is the address of.
 */
const PLACE = "changetype<usize>(this)";
/** Bytes of a place in front of the frame: the subtask, and whether the place is taken. */
const PLACE_HEADER_BYTES = 24;

/** What a call lies in, as expressions. */
interface CallMemory {
  readonly frame: string;
  readonly subtask: string;
  /** A region of the arena for the result, and one for what is passed. */
  readonly region: string;
  readonly kept: string;
  /** Whether it is an object in a table of calls, not the function's own. */
  readonly isObject: boolean;
}

/** Builds the namespace, part by part. */
export class CallBinding {
  /** Where the call's parts lie in static memory. */
  readonly frame = new Frame();
  /** Declarations in front of the namespace. */
  readonly statements: string[] = [];
  /** What the namespace exports. */
  readonly members: string[] = [];
  private readonly params: string[] = [];
  private readonly lowered: ParamInMemory[] = [];
  private readonly coreParams: string[] = [];
  /** Of each parameter that is an end, the argument that hands one on; statements that take it over. */
  private readonly handed: string[] = [];
  private readonly taking: string[] = [];
  /** Statements that drop the readable ends which a call that never started did not take. */
  private readonly untaken: string[] = [];
  /** The constant that names the frame. */
  readonly frameName: string;
  /** Whether a call that goes on brings a region for its result, and what it needs for what it is passed. */
  private hasRegion = false;
  private keeps: KeptParams["bytes"] = 0;

  constructor(
    readonly func: FunctionType,
    readonly module: string,
    readonly classes: ValueClasses,
    readonly place: Place,
    private readonly memory: CallMemory = {
      frame: `${functionConstant(func)}_CALL`,
      subtask: `${functionConstant(func)}_SUBTASK`,
      region: `${functionConstant(func)}_REGION`,
      kept: `${functionConstant(func)}_KEPT`,
      isObject: false,
    },
  ) {
    this.frameName = memory.frame;
  }

  private end(type: CopyType, param: number | "result", where: Place): EndOperations {
    return functionEnd(this.func, this.module, type, streamIndex(this.func, param), this.classes, where);
  }

  private readonly at = (offset: number): string =>
    offset === 0 ? this.frameName : `${this.frameName} + ${offset}`;

  /** Adds a parameter. @param param its place */
  param(param: number, name: string, type: ValueType): void {
    const where = inside(this.place, `param ${name}`);
    const names = this.func.params.map((other) => other.name);
    const member = memberNames(names, ownMembers)[param]!;
    if (isEnd(type)) {
      this.endParam(param, member, name, type, where);
      return;
    }
    const value = passedValue(type, this.classes, where);
    this.params.push(`${member}: ${value.typeName}`);
    this.coreParams.push(...coreParamsOf(member, value).map((core) => `${core.name}: ${core.type}`));
    this.lowered.push({ name: member, ...value });
    if (!value.view) return;
    const constant = `${functionConstant(this.func)}_PARAM_${param}`;
    this.statements.push(
      staticPlace(constant, type, `Parameter \`${name}\` of \`${functionLabel(this.func)}\``),
    );
    const note = `A place to build parameter \`${name}\`: fill it, pass it.`;
    if (!this.memory.isObject) this.members.push(placeFunction(member, value.typeName, constant, note));
  }

  private endParam(param: number, member: string, name: string, type: CopyType, where: Place): void {
    const end = this.end(type, param, where);
    const offset = this.frame.operation(type.element, `\`${member}\``);
    const given = this.frame.value({ kind: "u32" }, `readable end that the call gives away as \`${member}\``);
    const writer = writerType(end);
    const { isObject } = this.memory;
    this.statements.push(...writableOperations(end));
    this.coreParams.push(`${member}: u32`);
    const handle = `load<u32>(${this.at(given)})`;
    const store = (address: string): string[] => [`store<u32>(${address}, ${handle});`];
    this.lowered.push({ name: member, type, typeName: "u32", view: false, lower: () => [handle], store });
    const typeParam = `E_${this.handed.length}`;
    this.handed.push(`${member}: ${typeParam} = made_end`);
    this.taking.push(
      ...handingOn(member, type, `param ${name}`, (taken) => [`store<u32>(${this.at(given)}, ${taken});`]),
    );
    const drop = `dropGiven_${end.label}`;
    this.statements.push(dropReadableBuiltin(end, drop));
    this.untaken.push(`${drop}(${handle});`);
    this.members.push(
      `/** Makes the ${type.kind} for parameter \`${name}\`; the next \`call\` that is handed no other gives its readable end away. @returns the writable end; close it when done */\n` +
        `${isObject ? "" : "export function "}${member}(): ${writer} {\n  const both_ends = ${builtinName(end, "new")}();\n` +
        `  // SAFETY: both places lie in the static frame, as its layout above says.\n  store<u32>(${this.at(given)}, u32(both_ends));\n` +
        `  const writer_end = changetype<${writer}>(${this.at(offset)});\n  writer_end.open(u32(both_ends >> 32));\n  return writer_end;\n}`,
    );
  }

  /** Adds `call`, and what it needs. */
  call(result: ValueType | null): void {
    const where = inside(this.place, "result");
    const lines = ["// SAFETY: the frame is static, and its layout above says what lies where."];
    lines.push(...this.taking);
    const inMemory = this.func.params.flatMap((param) => flatten(param.type)).length > MAX_FLAT_ASYNC_PARAMS;
    const args = inMemory
      ? [new ParamsInMemory(this.lowered).lower(this.frame, this.at, lines)]
      : this.lowered.flatMap((param) => param.lower(param.name));
    const coreParams = inMemory ? ["params_ptr: usize"] : [...this.coreParams];
    let answer: string | null = null;
    let resultPlace = "";
    let returns = "void";
    if (result) {
      const place = this.frame.value(
        isEnd(result) ? { kind: "u32" } : result,
        "where the host writes the result",
      );
      resultPlace = this.at(place);
      args.push(resultPlace);
      coreParams.push("result_ptr: usize");
      [returns, answer] = this.answer(result, place, where);
    }
    const isOwnView = inMemory && this.lowered.length === 1;
    const label = functionLabel(this.func);
    const kept = keptParams(this.lowered, this.memory.kept, label, isOwnView, this.place);
    this.statements.push(...kept.places);
    const region = result && !isPointerFree(result) ? this.memory.region : null;
    const memory = { name: this.memory.subtask, region };
    this.hasRegion = region !== null;
    this.keeps = kept.bytes;
    const lowered = `lowered_${identifierPart(componentName(this.func))}`;
    const core = `${lowered}(${args.join(", ")})`;
    this.statements.push(
      external(
        this.module,
        { builtin: null, async: true, subject: componentName(this.func) },
        `${lowered}(${coreParams.join(", ")}): u32`,
      ),
      subtaskPlace(memory, label),
    );
    const params = [...this.params, ...this.handed].join(", ");
    const typeParams = this.handed.map((_, index) => `E_${index} = Made_End`).join(", ");
    const generic = typeParams === "" ? "" : `<${typeParams}>`;
    const taking = answer === null ? [] : [`${answer};`];
    if (!this.memory.isObject)
      this.members.push(
        ...callMember(
          commented(this.func.docs, signature(this.func)),
          { generic, params },
          returns,
          this.memory.subtask,
          [
            ...lines,
            `${result === null && this.untaken.length === 0 ? "await_or_cancel" : "awaitSubtask"}(${core});`,
            ...taking,
          ],
        ),
      );
    this.members.push(
      ...subtaskMembers({
        ...memory,
        generic,
        params,
        pending: this.free("pending"),
        start: [...kept.statements, ...lines.slice(1)],
        keeps: kept.inRegion,
        core,
        returns,
        answer: taking,
        untaken: this.untaken,
        release: this.release(result, resultPlace, where),
        isObject: this.memory.isObject,
        left: this.memory.isObject ? [`leave_call(${PLACE});`] : [],
      }),
    );
  }

  /** A name for a member that came after guests were written: a parameter that has it keeps it. */
  private free(name: string): string {
    const names = this.func.params.map((param) => param.name);
    return memberNames(names, ownMembers).includes(name) ? `${name}_` : name;
  }

  /**
   * The class of calls side by side, made of the same parts at other addresses.
   * @returns the declaration of their table, and the members of the namespace
   */
  sideBySide(): { readonly table: string; readonly members: readonly string[] } {
    const { func } = this;
    const at = (offset: number | string): string => `${PLACE} + ${offset}`;
    const regionAt = alignTo(PLACE_HEADER_BYTES + this.frame.byteLength, 8);
    const keptAt = this.hasRegion ? `${regionAt} + ${REGION_BYTES}` : String(regionAt);
    const binding = new CallBinding(func, this.module, this.classes, this.place, {
      frame: at(PLACE_HEADER_BYTES),
      subtask: PLACE,
      region: at(regionAt),
      kept: at(keptAt),
      isObject: true,
    });
    func.params.forEach((param, index) => {
      binding.param(index, param.name, param.type);
    });
    binding.call(func.result);
    const keptBytes = this.keeps === "region" ? REGION_BYTES : String(alignTo(this.keeps, 8));
    const stride = `${keptAt} + ${keptBytes}`;
    const table = `${functionConstant(func)}_CALLS`;
    const label = functionLabel(func);
    const body = binding.members.join("\n").replaceAll(/^(?=.)/gm, "  ");
    const name = "Own_Call";
    return {
      table: `/** Places of calls of \`${label}\` that go on side by side. */\n@lazy\nconst ${table}: usize = memory.data(call_places * (${stride}), 8);`,
      members: [
        `/**\n * A call of its own, beside others: in one of \`CALL_PLACES\` static places, from \`${this.free("open")}\` to \`drop\`. Ends of streams and futures that\n * it made or answered with lie there too: drop them first.\n */\n@unmanaged\nexport class ${name} {\n${body}\n}`,
        `/** Takes a place for a call of its own; its \`drop\` gives the place back. Traps: all are taken */\nexport function ${this.free("open")}(): ${name} {\n  // SAFETY: the table is static and of this function's calls alone, laid out as the class says.\n  return changetype<${name}>(take_call(${table}, ${stride}));\n}`,
      ],
    };
  }

  /** Statements that drop the handles in a result that nobody took. */
  private release(result: ValueType | null, resultPlace: string, where: Place): string[] {
    if (result === null) return [];
    if (!isEnd(result)) return this.classes.release(result, resultPlace, 0, where);
    return [`${builtinName(this.end(result, "result", where), "drop-readable")}(load<u32>(${resultPlace}));`];
  }

  /** The call's result type and the statement that returns it. */
  private answer(result: ValueType, place: number, where: Place): [string, string] {
    if (!isEnd(result)) {
      const value = passedValue(result, this.classes, where);
      if (isPair(result)) return [value.typeName, `return loadElement<${value.typeName}>(${this.at(place)})`];
      if (value.view) return [value.typeName, `return changetype<${value.typeName}>(${this.at(place)})`];
      const isPlainResult = result.kind === "result";
      return [
        value.typeName,
        `return ${isPlainResult ? `load<u8>(${this.at(place)}) == 0` : `load<${value.typeName}>(${this.at(place)})`}`,
      ];
    }
    const end = this.end(result, "result", where);
    const offset = this.frame.operation(result.element, "the result");
    const reader = readerType(end);
    this.statements.push(...readableOperations(end));
    return [
      reader,
      `const reader_end = changetype<${reader}>(${this.at(offset)});\n  reader_end.open(load<u32>(${this.at(place)}));\n  return reader_end`,
    ];
  }
}
