/** Runs one lane: its tools first, then its program with the output in a log file, then the counting. */
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { packageRoot } from "../../tools/package-root.js";
import { endProcess, startProcess } from "../../tools/processes/start-process.js";
import { isMissing, type Missing } from "../../tools/setup/tool.js";
import type { Counts } from "./counts.js";
import type { Lane, Outcome } from "./lane.js";

/** What a run of lanes is like. */
export interface RunOptions {
  /** In CI what is skipped has failed. */
  readonly ci: boolean;
  /** Folder of the logs, one a lane. */
  readonly logs: string;
}

/**
 * How many times its minutes a lane may take, on a slow or busy machine, before it is stopped and has failed.
 */
const PATIENCE = 3;
/** Time for a lane's programs to end those that they have started, which are in groups of their own. */
const LANE_GRACE_MS = 1000;

/** What `npm test` uses. */
export const defaultOptions: RunOptions = {
  ci: !["", "0", "false"].includes(process.env.CI ?? ""),
  logs: join(packageRoot, "build", "lanes"),
};

/** Runs `lane` and never rejects: whatever goes wrong is its outcome. */
export async function runLane(lane: Lane, options: RunOptions = defaultOptions): Promise<Outcome> {
  const began = performance.now();
  const ended = await setUpAndRun(lane, options).catch((error: unknown) =>
    failed("could not run: " + String(error)),
  );
  return { lane, ...ended, seconds: (performance.now() - began) / 1000 };
}

type Ended = Omit<Outcome, "lane" | "seconds">;

async function setUpAndRun(lane: Lane, options: RunOptions): Promise<Ended> {
  for (const need of lane.needs) {
    const tool = await need();
    if (isMissing(tool)) return withoutTool(tool, options.ci);
  }
  const log = join(options.logs, `${lane.name}.log`);
  const code = await spawnLogged(lane, log);
  return judge(lane, code, readFileSync(log, "utf8"), options);
}

function withoutTool(tool: Missing, ci: boolean): Ended {
  const reason = `${tool.missing} is missing; to get it: ${tool.how}`;
  if (ci) return failed(`${reason} (in CI no lane may be skipped)`);
  return { passed: 0, failed: 0, skipped: 1, reason, output: "" };
}

/**
 * Turns an exit code and an output into counts. Silence is a failure, whichever way the program fell silent.
 */
function judge(lane: Lane, code: number | null | "late", output: string, options: RunOptions): Ended {
  if (code === "late") return failed(`stopped after ${PATIENCE * lane.minutes} min`, output);
  const counts = lane.count(output, code);
  if (counts === null) return failed(`ended with code ${code} and told no number of tests`, output);
  if (counts.passed + counts.failed + counts.skipped === 0) return failed("ran no test", output, counts);
  if (counts.failed > 0) return failed(`${counts.failed} failed`, output, counts);
  if (code !== 0) return failed(`ended with code ${code} although no test failed`, output, counts);
  if (counts.skipped > 0 && options.ci) {
    return failed(`${counts.skipped} skipped (in CI no test may be skipped)`, output, counts);
  }
  return { ...counts, reason: "", output: figures(output) };
}

/** What tests told with `t.diagnostic("figure: ...")`, a line each. */
function figures(output: string): string {
  return [...stripVTControlCharacters(output).matchAll(/^\S+ figure: (.*)$/gm)]
    .map(([, figure]) => figure!)
    .join("\n");
}

/** A lane that failed counts at least one failed test. */
function failed(reason: string, output = "", counts: Counts = { passed: 0, failed: 0, skipped: 0 }): Ended {
  return { ...counts, failed: Math.max(1, counts.failed), reason, output };
}

/** Runs `command` in a process group of its own, so that a late one is stopped with all its children. */
function spawnLogged({ command, minutes }: Lane, log: string): Promise<number | null | "late"> {
  mkdirSync(dirname(log), { recursive: true });
  const file = openSync(log, "w");
  const [program, ...args] = command;
  const env = { ...process.env };
  delete env.NODE_TEST_CONTEXT; // else a test run inside a test run prints nothing
  const child = startProcess(program, args, {
    cwd: packageRoot,
    env,
    stdio: ["ignore", file, file],
    graceMs: LANE_GRACE_MS,
  });
  closeSync(file);
  return new Promise((resolve, reject) => {
    const limit = setTimeout(
      () => {
        resolve("late");
        endProcess(child, "SIGTERM");
        setTimeout(() => {
          endProcess(child, "SIGKILL");
        }, LANE_GRACE_MS);
      },
      PATIENCE * minutes * 60_000,
    );
    const settle = (): void => {
      clearTimeout(limit);
    };
    child.on("error", (error) => {
      settle();
      reject(error);
    });
    child.on("close", (code) => {
      settle();
      resolve(code);
    });
  });
}
