/** `rill build`: from a guest's source to the files that are flashed or composed. */
import { join } from "node:path";
import { UserError } from "../errors/user-error.js";
import { writeFileWhole } from "../files/write-whole.js";
import { needsArena } from "../wit/arena-use.js";
import { withRecord } from "../provenance/build-record.js";
import { recordBuild } from "../provenance/record-build.js";
import { embedPairTypes, embedWorld, newComponent } from "../wit/component.js";
import type { World } from "../wit/model.js";
import { refuseUnusedBackpressure } from "./backpressure.js";
import { requireAnswers } from "./answers.js";
import type { Compiled } from "./compile.js";
import { type Explanation, explainViolations } from "./explain.js";
import {
  ENTRY_NAME,
  type GuestSizes,
  type GuestSource,
  type PreparedGuest,
  type WaitStrategy,
  linkGuest,
  prepareGuest,
  sizeConstants,
} from "./guest-module.js";
import { type Promises, proveGuest, requireNoViolation } from "./prove.js";
import type { StaticPlace } from "../source/static-places.js";
import { withTellingNames } from "./telling-names.js";
import { completeSourceMap } from "../source/build-source-map.js";
import { guestImports } from "../wit/pair-types.js";

/** Is in the text of a guest that calls `open()`: the function that takes a place for a call. */
const TAKES_PLACE = "as-rill/assembly/task/call-places/takeCall";
/** Is in the text of a guest that waits for such a call by itself, or asks about one (passes/own-sets.ts). */
const SETS_APART = "global.set $~lib/as-rill/assembly/task/subtask/apart";

/** What to build, and where to. */
export interface BuildOptions extends GuestSource, GuestSizes {
  readonly outDir: string;
  /** Whether to write the component too. */
  readonly component?: boolean | undefined;
  /** How a task waits: `wait` when not given. */
  readonly wait?: WaitStrategy | undefined;
  /** How many tasks an instance may have at once, with strategy `callback`; 1 when it is not given. */
  readonly tasks?: number | undefined;
  /** Whether a task raises backpressure while it lasts. */
  readonly backpressure?: boolean | undefined;
  /** False writes no bindings beside ENTRY. */
  readonly bindings?: boolean | undefined;
  /** Told of each path where a source beside ENTRY and the WIT is looked for, before it is. */
  readonly onRead?: ((path: string) => void) | undefined;
}

/** The files that were written. */
export interface BuildResult {
  readonly name: string;
  readonly world: World;
  readonly corePath: string;
  readonly sourceMapPath: string;
  readonly componentPath: string | null;
  /** Why the bindings beside ENTRY are not today's, when they could not be written. */
  readonly bindingsRefused: string | null;
  /** Loops that wait though they are written to ask, as FILE:LINE. */
  readonly waitingLoops: readonly string[];
  /** The guest's functions that may wait before they answer, and cannot hear then that they are cancelled. */
  readonly unheard: readonly string[];
}

/**
 * Builds a guest. Nothing is written to `outDir` unless every step and every proof succeeds; the
 * bindings beside ENTRY are written as soon as they are known, because an editor needs them while
 * the guest does not compile. The build itself takes them from memory: where they cannot be written
 * it goes on, and says so in its result.
 * @throws UserError for bad input, CheckFailure when the binary breaks what a guest promises
 */
export async function buildGuest(options: BuildOptions): Promise<BuildResult> {
  const guest = await prepareGuest(options);
  if (options.backpressure === true) refuseUnusedBackpressure(guest.world, options.wait);
  const bindingsRefused = options.bindings === false ? null : writeBindings(guest);
  let compiled: Compiled | undefined;
  const onCompiled = (made: Compiled): void => {
    compiled = made;
  };
  const stacks: StaticPlace[] = [];
  const onStack = (stack: StaticPlace): void => void stacks.push(stack);
  const read = new Set<string>();
  const onRead = (path: string): void => {
    read.add(path);
    options.onRead?.(path);
  };
  const text = await linkGuest(guest, {
    constants: sizeConstants(options),
    wait: options.wait,
    tasks: options.tasks,
    backpressure: options.backpressure,
    onCompiled,
    onRead,
    onStack,
  });
  const coreName = `${guest.name}.core.wasm`;
  const source = explanation(guest, compiled!);
  requireAnswers(guest, source);
  const violations = proveGuest(text, promisesOf(guest.world));
  if (violations.length > 0) requireNoViolation(coreName, explainViolations(violations, source));
  const { withModule } = await import("./optimize.js");
  const { binary, sourceMap } = withModule(text, (module) => module.emitBinary(`${coreName}.map`));
  const opensCalls = compiled!.text.includes(TAKES_PLACE);
  const callsApart = opensCalls && compiled!.text.includes(SETS_APART);
  const record = recordBuild({ ...options, opensCalls, callsApart, world: guest.world.id }, read);
  const typed = await embedWorld(binary, options.wit, options.world, options.features);
  const core = withRecord(await embedPairTypes(typed), record);
  const component = options.component ? await newComponent(withTellingNames(core)) : null;
  const corePath = join(options.outDir, coreName);
  const componentPath = component ? join(options.outDir, `${guest.name}.component.wasm`) : null;
  writeFileWhole(
    `${corePath}.map`,
    completeSourceMap(sourceMap!, compiled!.sources, [...compiled!.places, ...stacks]),
  );
  writeFileWhole(corePath, core);
  if (component && componentPath) writeFileWhole(componentPath, component);
  const { name, world } = guest;
  const { unansweredWaits } = await import("./unanswered-waits.js");
  const waiting = options.wait === "callback" ? [] : unansweredWaits(compiled!.text, guest.exports);
  const unheard = guest.exports
    .filter(({ canonical }) => waiting.includes(canonical))
    .flatMap(({ answers }) => (answers ? [answers.name] : []));
  const waitingLoops = compiled!.waitingLoops.map(
    ({ file, line }) => `${join(guest.shownDir, file)}:${line}`,
  );
  const paths = { corePath, sourceMapPath: `${corePath}.map`, componentPath };
  return { name, world, ...paths, bindingsRefused, waitingLoops, unheard };
}

/** @returns why not, when the folder of ENTRY takes no files */
function writeBindings({ bindings, baseDir }: PreparedGuest): string | null {
  try {
    for (const [path, text] of bindings) writeFileWhole(join(baseDir, path), text);
    return null;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.message;
  }
}

/** What messages about the guest's own lines are looked up in. */
function explanation(guest: PreparedGuest, compiled: Compiled): Explanation {
  const generated = new Set([ENTRY_NAME, ...guest.bindings.keys()].map(withoutExtension));
  // A function's name begins with its source's path, a position is the whole path.
  const isGenerated = (path: string): boolean =>
    generated.has(withoutExtension(path)) || [...generated].some((source) => path.startsWith(`${source}/`));
  return { text: compiled.text, folder: guest.shownDir, isGenerated };
}

function withoutExtension(path: string): string {
  return path.replace(/\.ts$/, "");
}

/** What a guest of this world promises. */
export function promisesOf(world: World): Promises {
  const imports = new Set(guestImports(world).map(({ module, name }) => `${module} ${name}`));
  return {
    knowsImport: (module, name) => imports.has(`${module} ${name}`),
    needsRealloc: needsArena(world),
  };
}
