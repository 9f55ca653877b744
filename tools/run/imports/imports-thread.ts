/**
 * The thread of a file of imports. It has an event loop of its own: a guest that waits stays on its thread's
 * stack, where no promise would go on, and the main thread hears signals while a function computes.
 */
import { realpathSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import { FileImports } from "./file-imports.js";
import ownFunctions from "./own-functions.js";
import { loadPlace, thrownText } from "./file-place.js";
import { NoFunction } from "./file-functions.js";
import { writeToLog } from "./log-line.js";
import { type FromImports, type ImportsJob, type Loaded, type ToImports } from "./messages.js";
import { ring } from "../connections/bell.js";

const { file, functions, withOwn, port, words } = workerData as ImportsJob;
const bell = new Int32Array(words);

const tell = (message: Loaded): void => {
  parentPort!.postMessage(message);
};
const send = (message: FromImports): void => {
  port.postMessage(message);
  ring(bell);
};

printOnStandardError();
const imports = await load();
if (imports !== null) {
  process.on("uncaughtException", (error) => {
    imports.fail(error);
  });
  process.on("exit", () => {
    send({ kind: "failed", message: `${file} ended its thread with process.exit()` });
  });
  port.on("message", (message: ToImports) => {
    if (message.kind === "asleep")
      port.unref(); // this thread now comes to its end when it has nothing to do
    else imports.take(message);
  });
  process.on("beforeExit", () => {
    port.ref();
    send({ kind: "quiet" });
  });
  tell({ kind: "loaded", missing: imports.missing });
}

async function load(): Promise<FileImports | null> {
  try {
    const { default: source } = (await import(pathToFileURL(realpathSync(file)).href)) as {
      default?: unknown;
    };
    return new FileImports(file, source, functions, send, withOwn ? ownFunctions : null);
  } catch (error) {
    const text = error instanceof NoFunction ? error.message : `does not load: ${thrownText(error)}`;
    const place = error instanceof NoFunction ? file : loadPlace(file, error);
    tell({ kind: "failed", message: `--imports ${place}: ${text}` });
    return null;
  }
}

/**
 * What the file prints goes to standard error at once: standard output is for results, and a thread's own
 * streams lose what was not passed on when the run is over.
 */
function printOnStandardError(): void {
  const write = (text: string | Uint8Array): boolean => {
    writeToLog(text);
    return true;
  };
  process.stdout.write = write;
  process.stderr.write = write;
}
