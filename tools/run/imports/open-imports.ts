/** `--imports` and `--stub`: what a guest's imports are bound to. */
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { MessageChannel, Worker } from "node:worker_threads";
import { UserError } from "../../errors/user-error.js";
import type { World } from "../../wit/model.js";
import { WIRE_WORDS } from "../connections/wire.js";
import { importedFunctions, type ImportedFunction } from "./imported-function.js";
import { findFunction } from "./file-functions.js";
import ownFunctions from "./own-functions.js";
import { inWords } from "./js-names.js";
import type { ImportsEnd, ImportsJob, Loaded } from "./messages.js";
import { stubFile, stubMembers } from "./stub-text.js";

/** Our own functions as a file of imports. */
const OWN_FILE = fileURLToPath(new URL("./own-functions.js", import.meta.url));

/** Flags of the commands that run a guest. */
export interface ImportsFlags {
  /** A JavaScript module with the functions that the guest imports. */
  readonly imports?: string;
  /** Missing functions answer with zeros, and are logged. */
  readonly stub?: boolean;
}

/** What a guest's imports are bound to, as it is handed to the guest's thread. */
export interface ImportsPlan {
  readonly functions: readonly ImportedFunction[];
  /** Of these, the ones that answer with zeros. */
  readonly stubbed: readonly string[];
  /** The line to the file; null where there is none. */
  readonly end: ImportsEnd | null;
}

/** Imports while a guest runs. */
export interface OpenImports {
  readonly plan: ImportsPlan;
  /** Ends the file's thread. */
  close(): Promise<void>;
}

/** A guest whose imports are asked for. */
export interface ImportingGuest {
  readonly corePath: string;
  readonly core: Uint8Array<ArrayBuffer>;
  readonly world: World;
}

/**
 * Loads the file and finds the functions in it.
 * @param words where the guest's side sleeps, when it waits for more than these functions
 * @throws UserError when the file does not load, or a function is missing: it shows what to write
 */
export async function openImports(
  { corePath, core, world }: ImportingGuest,
  { imports: file, stub = false }: ImportsFlags,
  words?: SharedArrayBuffer,
): Promise<OpenImports> {
  const functions = importedFunctions(new WebAssembly.Module(core), world);
  if (file === undefined) {
    const foreign = functions.filter((wanted) => findFunction(ownFunctions, wanted) === null);
    if (foreign.length > 0 && !stub) throw new UserError(missingText(corePath, file, foreign));
    if (foreign.length === functions.length)
      return { plan: { functions, stubbed: functions.map(({ id }) => id), end: null }, close: closed };
  }
  const { missing, end, close } = await openFile(file ?? OWN_FILE, functions, { words, withOwn: true });
  const absent = functions.filter(({ id }) => missing.includes(id));
  if (absent.length > 0 && !stub) {
    await close();
    throw new UserError(missingText(corePath, file, absent));
  }
  return { plan: { functions, stubbed: missing, end }, close };
}

/** How a file is opened. */
interface FileOptions {
  /** Where whoever calls it sleeps. */
  readonly words?: SharedArrayBuffer | undefined;
  /** Whether functions that it lacks are looked for among our own. */
  readonly withOwn?: boolean;
}

/** A file that is loaded, in its thread. */
export interface OpenFile {
  /** Functions that it does not have. */
  readonly missing: readonly string[];
  readonly end: ImportsEnd;
  /** Ends the thread. */
  close(): Promise<void>;
}

/**
 * Loads a file of imports.
 * @throws UserError when it does not load
 */
export async function openFile(
  file: string,
  functions: readonly ImportedFunction[],
  { words = new SharedArrayBuffer(4 * WIRE_WORDS), withOwn = false }: FileOptions = {},
): Promise<OpenFile> {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile())
    throw new UserError(`--imports ${file}: there is no such file`);
  const { port1, port2 } = new MessageChannel();
  const job: ImportsJob = { file, functions, withOwn, port: port1, words };
  const worker = new Worker(new URL("./imports-thread.js", import.meta.url), {
    workerData: job,
    transferList: [port1],
  });
  const close = async (): Promise<void> => {
    port2.close();
    await worker.terminate();
  };
  try {
    return { missing: await loaded(worker, file), end: { port: port2, words }, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const closed = (): Promise<void> => Promise.resolve();

/** Waits until the file is loaded. @returns the functions that it does not have */
async function loaded(worker: Worker, file: string): Promise<readonly string[]> {
  const message = await new Promise<Loaded>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", () => {
      resolve({
        kind: "failed",
        message: `--imports ${file}: it ends before it is loaded (a top-level await that never ends, or process.exit)`,
      });
    });
  });
  if (message.kind === "failed") throw new UserError(message.message);
  return message.missing;
}

/**
 * What to write for functions that are missing.
 * @param file of imports, which lacks them; undefined without one
 */
export function missingText(
  corePath: string,
  file: string | undefined,
  missing: readonly ImportedFunction[],
): string {
  return file === undefined ? withoutFile(corePath, missing) : notInFile(file, missing);
}

function withoutFile(corePath: string, functions: readonly ImportedFunction[]): string {
  return `${corePath} imports ${countWords(functions)}; write ${functions.length === 1 ? "it" : "them"} in a file, and give that with --imports FILE.mjs (--stub answers with zeros):\n\n${stubFile(functions)}`;
}

function notInFile(file: string, missing: readonly ImportedFunction[]): string {
  return `--imports ${file}: ${countWords(missing)} ${missing.length === 1 ? "is" : "are"} missing; add to its default export (--stub answers with zeros):\n\n${stubMembers(missing)}`;
}

function countWords(functions: readonly ImportedFunction[]): string {
  return functions.length === 1 ? inWords(functions[0]!) : `${functions.length} functions`;
}
