/**
 * Streams from one guest into another, in random schedules of reads, writes, cancels, drops and polls: the C
 * host under sanitizers (schedules.c) comes to what V8's host comes to, which the reference definition's
 * scripts judge.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { cFeatures, cIncludeFlags, cSources, featureFlags } from "../../tools/c-sources/c-sources.js";
import {
  copyCancel,
  copyDrop,
  copyNew,
  copyStart,
  type CopyTarget,
} from "../../tools/host/built-ins/copy-built-ins.js";
import {
  waitableJoin,
  waitableSetNew,
  waitableSetPoll,
} from "../../tools/host/built-ins/waitable-built-ins.js";
import { InstanceHandles } from "../../tools/host/calls/instance-handles.js";
import { CopyEnd } from "../../tools/host/copies/copy-end.js";
import { ComponentInstance } from "../../tools/host/tasks/component-instance.js";
import { Task } from "../../tools/host/tasks/task.js";
import { LinearMemory } from "../../tools/host/values/linear-memory.js";
import { Trap } from "../../tools/host/values/trap.js";
import { packageRoot } from "../../tools/package-root.js";
import { gcc } from "../../tools/setup/programs.js";
import { run } from "../../tools/setup/run.js";
import { isMissing } from "../../tools/setup/tool.js";
import { elemSize } from "../../tools/wit/layout.js";
import type { ValueType } from "../../tools/wit/model.js";
import { atTier, seed } from "../tier.js";

const MEMORY_BYTES = 64;
const PAGE = 65536;

const TYPES: readonly (ValueType | null)[] = [
  { kind: "u32" },
  { kind: "char" },
  { kind: "f32" },
  {
    kind: "record",
    fields: [
      { name: "a", type: { kind: "bool" } },
      { name: "b", type: { kind: "u32" } },
    ],
  } as ValueType,
  null,
];

/** The switches that the program is built with. */
const SWITCHES = {
  alone: ["-DRILL_WITH_PIPES"],
  "with all": ["-DRILL_WITH_PIPES", ...featureFlags],
} as const;

let folder: string;
const programs = new Map<string, string>();

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-pipes-"));
  const compiler = await gcc();
  assert.ok(!isMissing(compiler), isMissing(compiler) ? compiler.how : "");
  for (const [name, flags] of Object.entries(SWITCHES)) {
    const program = join(folder, name.replace(" ", "-"));
    const parts = cSources("HOST", "PIPES", ...(flags.length > 1 ? cFeatures : []));
    const { code, output } = await run(compiler.path, [
      ...["-std=c99", "-Wall", "-Wextra", "-Wconversion", "-Wvla", "-Werror"],
      ...["-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
      ...flags,
      ...cIncludeFlags(),
      join(packageRoot, "tests", "pipes", "schedules.c"),
      ...parts,
      "-o",
      program,
    ]);
    assert.equal(code, 0, output);
    programs.set(name, program);
  }
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** One line of a schedule. */
interface Step {
  readonly guest: number;
  readonly what: string;
  readonly a: number;
  readonly b: number;
}

/** A guest on V8's host. */
class ModelGuest {
  readonly instance = new ComponentInstance();
  readonly memory = new WebAssembly.Memory({ initial: 1 });
  readonly options = {
    encoding: "utf16" as const,
    memory: new LinearMemory(this.memory),
    realloc: null,
    async: true,
  };
  readonly set: number;
  readable = 0;
  writable = 0;

  constructor(readonly type: ValueType | null) {
    this.instance.current = new Task(
      this.instance,
      { async: true, exclusive: false, returnsByBuiltIn: true },
      () => undefined,
    );
    this.set = waitableSetNew(this.instance);
  }

  target(direction: "read" | "write"): CopyTarget {
    return { kind: "stream", direction, elementType: this.type };
  }

  /** A copy beyond the guest's own bytes traps: V8's memory has whole pages. */
  copy(direction: "read" | "write", ptr: number, length: number): number {
    const handle = direction === "read" ? this.readable : this.writable;
    return copyStart(this.instance, this.target(direction), this.options, handle, {
      ptr: ptr + PAGE - MEMORY_BYTES,
      length,
    });
  }

  get bytes(): Uint8Array {
    return new Uint8Array(this.memory.buffer, PAGE - MEMORY_BYTES);
  }
}

/** Three guests in a row on V8's host. */
class Model {
  readonly guests: readonly ModelGuest[];

  constructor(readonly type: ValueType | null) {
    this.guests = [0, 1, 2].map(() => new ModelGuest(type));
    const first = this.guests[0]!;
    const both = copyNew(first.instance, "stream", type);
    first.readable = Number(both & 0xffff_ffffn);
    first.writable = Number(both >> 32n);
    waitableJoin(first.instance, first.writable, first.set);
    this.handOn(0);
  }

  /** What an end of a guest is at: `idle`, `copying`, …; `gone` when it is dropped or handed on. */
  stateOf(at: number, side: "w" | "r"): string {
    const { instance, readable, writable } = this.guests[at]!;
    try {
      return instance.handles.get(side === "w" ? writable : readable, CopyEnd, "an end").state;
    } catch {
      return "gone";
    }
  }

  /** The answer's line. */
  step({ guest: at, what, a, b }: Step): string {
    const guest = this.guests[at]!;
    const { instance } = guest;
    const answer = (packed: number, code = 0): string => `${code} ${packed >>> 0}`;
    switch (what) {
      case "w":
        return answer(guest.copy("write", a, b));
      case "r":
        return answer(guest.copy("read", a, b));
      case "c":
        return answer(copyCancel(instance, guest.target("write"), true, guest.writable));
      case "x":
        return answer(copyCancel(instance, guest.target("read"), true, guest.readable));
      case "d":
        copyDrop(instance, guest.target("write"), guest.writable);
        return answer(0);
      case "e":
        copyDrop(instance, guest.target("read"), guest.readable);
        return answer(0);
      case "p": {
        const at = PAGE - 8;
        const code = waitableSetPoll(instance, guest.options, false, guest.set, at);
        const packed = new DataView(guest.memory.buffer).getUint32(at + 4, true);
        guest.bytes.fill(0, MEMORY_BYTES - 8);
        return answer(packed, code);
      }
      case "s":
        new DataView(guest.memory.buffer).setUint32(PAGE - MEMORY_BYTES + (a % (MEMORY_BYTES - 3)), b, true);
        return answer(0);
      case "h":
        this.handOn(at);
        return answer(0);
      default:
        return answer(guest.bytes.reduce((sum, byte) => (Math.imul(sum, 31) + byte) >>> 0, 0));
    }
  }

  private handOn(at: number): void {
    const [from, to] = [this.guests[at]!, this.guests[at + 1]];
    if (to === undefined) throw new Trap("nobody is behind the last one");
    waitableJoin(from.instance, from.readable, 0);
    const type = { kind: "stream", element: this.type } as const;
    const shared = new InstanceHandles(from.instance).lift(from.readable, type);
    to.readable = new InstanceHandles(to.instance).lower(shared, type);
    waitableJoin(to.instance, to.readable, to.set);
  }
}

/** Numbers that a seed gives: mulberry32. */
function numbers(start: number): (below: number) => number {
  let state = start;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/**
 * A schedule, and what V8's host answers, up to the first trap: mostly what goes on, now and then what traps.
 */
function schedule(
  type: ValueType | null,
  next: (below: number) => number,
): { readonly steps: readonly Step[]; readonly wanted: readonly string[] } {
  const model = new Model(type);
  const size = type === null ? 1 : elemSize(type);
  const steps: Step[] = [];
  const wanted: string[] = [];
  let reader = 1;
  while (steps.length < 60) {
    const side = next(2) === 0 ? "w" : "r";
    const guest = side === "w" ? 0 : reader;
    const state = model.stateOf(guest, side);
    const isWild = next(200) === 0;
    const what = isWild ? "wrcxdeph"[next(8)]! : chooseStep(side, state, next, reader);
    const isCopy = what === "w" || what === "r";
    const ptr = isWild ? next(MEMORY_BYTES) : size * next(3);
    const step = {
      guest: what === "s" ? 0 : guest,
      what,
      a: isCopy ? ptr : 4 * next(8),
      b: isCopy ? next(5) : value(type, next),
    };
    steps.push(step);
    try {
      wanted.push(model.step(step));
    } catch (error) {
      if (!(error instanceof Trap)) throw error;
      return { steps, wanted: [...wanted, "trap"] };
    }
    if (what === "h") reader++;
  }
  return { steps, wanted };
}

/** Something that the end may do now. */
function chooseStep(side: "w" | "r", state: string, next: (below: number) => number, reader: number): string {
  const kind = next(30);
  if (kind < 6) return "s";
  if (kind < 9) return "m";
  if (state === "copying") return kind < 27 ? "p" : side === "w" ? "c" : "x";
  if (state === "gone") return "m";
  if (state === "done" || kind === 9) return side === "w" ? "d" : "e";
  if (kind === 10 && side === "r" && reader === 1) return "h";
  return side;
}

/** Values of some types and not of others. A surrogate is seldom: a char that is none ends it. */
function value(type: ValueType | null, next: (below: number) => number): number {
  if (type?.kind === "char") return next(60) === 0 ? 0xd800 : next(0x800);
  return [7, 0x7fc0_0123, 0xff80_0001, 0x41][next(4)]!;
}

function played(program: string, type: number, steps: readonly Step[]): string[] {
  const input = steps.map(({ guest, what, a, b }) => `${guest} ${what} ${a} ${b}\n`).join("");
  const { status, stdout, stderr } = spawnSync(program, [String(type)], { input, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return stdout.trimEnd().split("\n");
}

const SCHEDULES = atTier(400, 20_000);

for (const [index, type] of TYPES.entries())
  test(`random schedules of a stream<${type?.kind ?? "_"}> come to what V8's host comes to`, () => {
    let traps = 0;
    let moved = 0;
    const all = Array.from({ length: SCHEDULES }, (_, i) => schedule(type, numbers(seed + 1000 * index + i)));
    const lines = all.flatMap(({ steps }) => [...steps, { guest: 0, what: "n", a: 0, b: 0 }]);
    const answers = [...programs.values()].map((program) => played(program, index, lines));
    for (const [i, { steps, wanted }] of all.entries()) {
      for (const of of answers) {
        const got = of.splice(0, steps.length + 1).slice(0, wanted.length);
        assert.deepEqual(got, wanted, `seed ${seed + 1000 * index + i}`);
      }
      if (wanted.at(-1) === "trap") traps++;
      moved += wanted.filter((line) => Number(line.split(" ")[1]) >> 4 > 0).length;
    }
    assert.ok(traps < SCHEDULES && moved > SCHEDULES, `${traps} traps, ${moved} copies with elements`);
  });

test("a guest that is closed, or has trapped, is to the other one as one that has dropped its ends", () => {
  const told = (...steps: readonly string[]): string[] => {
    const parsed = steps.map((text) => {
      const [guest, what, a = 0, b = 0] = text.split(" ");
      return { guest: Number(guest), what: what!, a: Number(a), b: Number(b) };
    });
    return played(programs.get("with all")!, 1, parsed).slice(-1);
  };
  const [BLOCKED, DROPPED] = [0xffff_ffff, 1];
  assert.deepEqual(told("1 r 0 2"), [`0 ${BLOCKED}`]);
  assert.deepEqual(told("1 r 0 2", "0 z", "1 p"), [`2 ${DROPPED}`], "a read that waits");
  assert.deepEqual(told("0 z", "1 r 0 2"), [`0 ${DROPPED}`], "a read that comes later");
  assert.deepEqual(
    told("0 w 0 2", "1 r 0 1", "1 z", "0 p"),
    [`3 ${16 + DROPPED}`],
    "a write that has moved one",
  );
  assert.deepEqual(told("1 z", "0 w 0 1"), [`0 ${DROPPED}`], "a write that comes later");
  assert.deepEqual(told("1 h", "1 z", "0 w 0 1"), [`0 ${BLOCKED}`], "who has handed its end on has none");
  assert.deepEqual(told("1 h", "0 z", "2 r 0 1"), [`0 ${DROPPED}`], "nor does it keep one for the writer");
  assert.deepEqual(told("1 h", "2 z", "0 w 0 1"), [`0 ${DROPPED}`]);
  assert.deepEqual(told("0 s 0 55296", "0 w 0 1", "1 r 0 1", "0 z", "1 z", "2 p"), ["0 0"], "after a trap");
});
