/**
 * The list of lanes. A folder of `tests/` with `*.test.ts` files is a lane by
 * itself; only its needs stand here.
 */
import {
  armGcc,
  avrGcc,
  cargo,
  chromium,
  clang,
  clangFormat,
  clangTidy,
  cmake,
  gcc,
  gcc32,
  git,
  mosquitto,
  openssl,
  qemuArm,
  qemuAvr,
  qemuRiscv,
  riscvFirmwareGcc,
  socat,
  valgrind,
} from "../../tools/setup/programs.js";
import { jco } from "../setup/jco.js";
import { rustWasm } from "../setup/rust-wasm.js";
import type { Tool } from "../../tools/setup/tool.js";
import { wabt } from "../setup/wabt.js";
import { wfdb } from "../setup/wfdb.js";
import { uf2conv, wasmTools, wasmtime } from "../../tools/setup/wheels.js";
import { closingLine, nodeTest, oneCheck } from "./counts.js";
import type { Lane } from "./lane.js";
import { compiled, testFiles, testFolders } from "./test-files.js";

/** What a folder of `tests/` is about and which tools its tests start. */
interface Folder {
  readonly what: string;
  readonly minutes?: number;
  readonly night?: true;
  readonly needs: readonly (() => Promise<Tool>)[];
}

const folders: Readonly<Record<string, Folder>> = {
  asc: { what: "the library and a guest, as plain asc checks them", needs: [] },
  bench: { what: "the bench's budgets and table", needs: [] },
  bindgen: { what: "WIT in, bindings out", minutes: 2, night: true, needs: [wasmTools] },
  boards: {
    what: "guests on emulated boards",
    minutes: 4,
    night: true,
    needs: [cargo, gcc, clang, cmake, armGcc, riscvFirmwareGcc, qemuArm, qemuRiscv],
  },
  compile: { what: "the build and its proofs on the binary", minutes: 2, needs: [wasmTools] },
  "c-bindings": {
    what: "WIT in, bindings for firmware in C out: compiled, and run with guests as C and over WAMR",
    minutes: 1,
    night: true,
    needs: [gcc, clang, cargo],
  },
  c: {
    what: "the C as clang-format and clang-tidy read it",
    minutes: 1.5,
    needs: [git, cargo, clangFormat, clangTidy],
  },
  connections: {
    what: "rill run with a broker, TCP and serial lines",
    minutes: 1.5,
    needs: [mosquitto, openssl, socat, gcc],
  },
  "bindings-mutants": {
    what: "mutants of generated bindings, killed or judged",
    night: true,
    needs: [],
  },
  "c-mutants": {
    what: "mutants of the C host, killed or judged",
    minutes: 1,
    night: true,
    needs: [gcc, cargo],
  },
  conformance: { what: "the reference definition's scripts on V8", needs: [] },
  ecg: { what: "the heartbeat detector on the real recording", minutes: 1, needs: [] },
  "ecg-reference": { what: "the beats that wfdb's detectors find", needs: [wfdb] },
  docs: {
    what: "what the pages say and a command can check; their guests; their site",
    minutes: 1,
    needs: [git, chromium],
  },
  errors: {
    what: "what the command line refuses, and how it says so; its completion",
    minutes: 2,
    needs: [],
  },
  examples: { what: "the examples' own tests, and that of imu", needs: [git] },
  gate: { what: "the memory-safety gate", minutes: 5, night: true, needs: [] },
  host: { what: "the TypeScript host", needs: [] },
  init: {
    what: "the published package, installed; a new project of each template made with it",
    minutes: 1.5,
    needs: [],
  },
  jco: { what: "commands and a service of WASI 0.3 on jco", minutes: 1, needs: [jco] },
  judge: {
    what: "WIT packages of wit-smith, bound and compiled",
    minutes: 2,
    night: true,
    needs: [wasmTools],
  },
  lanes: { what: "this test runner", needs: [] },
  mutants: { what: "mutants of the guest library, killed or judged", minutes: 2.5, night: true, needs: [] },
  native: {
    what: "guests as C: WebAssembly's own tests, random modules, scripts, stacks, rill run, pack, boards, others' builds",
    minutes: 3,
    night: true,
    needs: [
      ...[gcc, gcc32, clang, cargo, cmake, armGcc, avrGcc, riscvFirmwareGcc],
      ...[qemuArm, qemuAvr, qemuRiscv, wasmTools],
    ],
  },
  names: { what: "strings as items, a million of them", needs: [] },
  pack: { what: "images for flash, read back by other tools", minutes: 2, needs: [armGcc, gcc, uf2conv] },
  "pass-mutants": {
    what: "mutants of the build's passes, killed or judged",
    minutes: 1,
    night: true,
    needs: [],
  },
  pipes: {
    what: "guests in a row: random schedules as on V8, rill run and flash --then, two guests on one stack",
    minutes: 2,
    night: true,
    needs: [gcc, cargo, armGcc, riscvFirmwareGcc, qemuArm, qemuRiscv],
  },
  processes: { what: "programs that are started, and how they end", needs: [] },
  report: {
    what: "size and allocation reports",
    minutes: 4,
    night: true,
    needs: [wasmTools, cargo, wabt, clang, gcc, gcc32, chromium],
  },
  rules: { what: "house rules", needs: [git] },
  run: { what: "rill run, from files to files", minutes: 1.5, needs: [gcc, cargo] },
  setup: { what: "the set-up of tools", minutes: 0.25, needs: [] },
  wamr: {
    what: "the C host on WAMR",
    minutes: 2.5,
    night: true,
    needs: [gcc, clang, cmake, cargo, gcc32, valgrind],
  },
  wit: { what: "WIT read, resolved and laid out", needs: [wasmTools, cargo] },
  "wit-bindgen": {
    what: "round trips between our guests and guests of wit-bindgen for Rust",
    minutes: 1,
    needs: [rustWasm, wasmTools, wasmtime],
  },
  wasmtime: { what: "guests composed and run on Wasmtime", minutes: 2, needs: [wasmTools, wasmtime] },
};

/** Minutes of a lane that says nothing else: most take seconds. */
const MINUTES = 0.5;
/** The same for what tries more than fits into every change. */
const MINUTES_OF_THE_NIGHT = 240;

/**
 * Room for V8's young objects, in MiB: asc's trees fill its usual 16 many times in each module that is
 * compiled, and collecting them takes a fifth of the time of tests that build.
 */
const YOUNG_OBJECTS = "--max-semi-space-size=64";

/** `rill test`, which asks for the folder or one file. */
const RILL_TEST = ["bin/rill.js", "test"];

const fixed: readonly Omit<Lane, "night">[] = [
  {
    name: "format",
    what: "prettier",
    needs: [],
    minutes: MINUTES,
    command: [process.execPath, "node_modules/prettier/bin/prettier.cjs", "--check", "."],
    count: oneCheck,
  },
  {
    name: "lint",
    what: "eslint",
    needs: [],
    minutes: 1.5,
    command: [process.execPath, "node_modules/eslint/bin/eslint.js", "."],
    count: oneCheck,
  },
  {
    name: "unit",
    what: "the guest library against the scripted host (rill test)",
    needs: [],
    minutes: MINUTES,
    command: [process.execPath, ...RILL_TEST, "tests/unit"],
    files: testFiles("unit", undefined, ".spec.ts"),
    narrow: (files, test) => [
      process.execPath,
      ...RILL_TEST,
      ...files,
      ...(test === undefined ? [] : ["-t", test]),
    ],
    count: closingLine,
  },
  {
    name: "budgets",
    what: "the bench's figures within their budgets",
    needs: [gcc, gcc32, cargo, valgrind],
    minutes: 2,
    command: [process.execPath, "dist/bench/main.js"],
    count: oneCheck,
  },
  {
    name: "boards-budgets",
    what: "RAM, flash, live guests and instructions on emulated boards within their budgets",
    needs: [cargo, armGcc, riscvFirmwareGcc, qemuArm, qemuRiscv],
    minutes: 1,
    command: [process.execPath, "dist/bench/boards.js"],
    count: oneCheck,
  },
];

/** Lanes of minutes: they start before the others, so that no one of them is left to run alone at the end. */
const longest = ["mutants", "gate", "report", "boards", "native", "wamr"];

/** All lanes, in the order in which they start. */
export function allLanes(): Lane[] {
  const all = testFolders();
  const rest = all.filter((folder) => !longest.includes(folder));
  const once = fixed.map((lane) => ({ ...lane, night: false }));
  return [...once, ...[...longest.filter((folder) => all.includes(folder)), ...rest].map(folderLane)];
}

/** The lanes that try more at night, with hours for each. */
export function lanesOfTheNight(): Lane[] {
  return allLanes()
    .filter(({ night }) => night)
    .map((lane) => ({ ...lane, minutes: MINUTES_OF_THE_NIGHT }));
}

function folderLane(folder: string): Lane {
  const {
    what,
    needs,
    minutes = MINUTES,
    night = false,
  } = folders[folder] ?? { what: `tests/${folder}`, needs: [] };
  const files = testFiles(folder);
  const narrow: Lane["narrow"] = (some, test) => [
    process.execPath,
    YOUNG_OBJECTS,
    ...["--test", "--test-reporter=spec"],
    ...(test === undefined ? [] : [`--test-name-pattern=${test}`]),
    ...some.map(compiled),
  ];
  const command = narrow(files, undefined);
  return { name: folder, what, needs, minutes, night, files, narrow, command, count: nodeTest };
}
