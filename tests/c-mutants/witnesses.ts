/**
 * What mutants of the C host are shown to: its test programs, each with what it reads and what it should
 * answer.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { conformModule } from "../../tools/conform/c-host/conform-module.js";
import { answersByCase, type CaseReplay, caseReplays } from "../../tools/conform/c-host/replay-on-program.js";
import { readScripts } from "../../tools/conform/script.js";
import { packageRoot } from "../../tools/package-root.js";
import { corpusPath } from "../../dev/fuzz/corpus.js";
import type { Fate, Witness } from "../mutants/witness.js";
import type { CMutant } from "./c-mutants.js";
import { type MutableHosts, placeOf } from "./hosts.js";
import { compilePrograms, type TestProgram } from "./programs.js";
import { WitnessServer } from "./server.js";

/** Random sequences of the fuzzer's, from this seed on. */
const SEED = "1";
const SEQUENCES = "1500";
/**
 * Cases of the reference definition's scripts that one witness replays: starting WAMR costs as much as some.
 */
const CASES = 60;

/** What is read, with which arguments, and which output is right. */
interface Reading {
  readonly name: string;
  readonly from: string;
  readonly args: readonly string[];
  /** Whether what the program has printed is right, as far as its exit code does not tell. */
  readonly isRight: (output: string) => boolean;
}

/** A program and one of its readings; the numbers are those of the mutants. */
export class ProgramWitness implements Witness<CMutant> {
  readonly name: string;
  private server: WitnessServer | null = null;
  /** What it prints when nothing is wrong. */
  private rightOutput: string | null = null;
  /** The functions that run, by their places. */
  private reached: ReadonlySet<number> = new Set();
  private readonly out: string;

  constructor(
    private readonly program: TestProgram,
    private readonly reading: Reading,
    private readonly numbers: ReadonlyMap<CMutant, number>,
    lane: number,
  ) {
    this.name = `${program.host}/${program.name}${reading.name}`;
    this.out = `${program.path}${reading.name.replace(/\W/g, "-")}.${lane}.out`;
  }

  holds(mutant: CMutant): boolean {
    return this.numbers.has(mutant) && this.reached.has(placeOf(mutant.file, mutant.lines[0]));
  }

  async fateOf(mutant: CMutant): Promise<Fate> {
    return (await this.isContent(this.numbers.get(mutant)!)) ? "survived" : "killed";
  }

  /** Whether the host as it is passes: else every mutant would be killed. To be asked before all else. */
  async isSilent(): Promise<boolean> {
    const is = await this.isContent(0);
    if (!is) return false;
    this.rightOutput = readFileSync(this.out, "utf8");
    const places = readFileSync(`${this.out}.reached`, "utf8").trim().split("\n");
    this.reached = new Set(places.map(Number));
    return true;
  }

  private async isContent(number: number): Promise<boolean> {
    const { program, reading, out } = this;
    this.server ??= new WitnessServer(program.path, reading.args);
    if (!(await this.server.isContent(number, reading.from, out))) return false;
    const output = readFileSync(out, "utf8");
    return output === this.rightOutput || reading.isRight(output);
  }

  close(): void {
    this.server?.close();
  }
}

/**
 * All witnesses of the hosts, from what is cheap to what is not.
 * @param folder gets the programs and what they read
 * @param lanes  how many times each is there, to be asked at the same time
 */
export async function programWitnesses(
  folder: string,
  made: MutableHosts,
  lanes: number,
): Promise<ProgramWitness[][]> {
  const programs = await compilePrograms(folder, made);
  const readings: Readonly<Record<string, readonly Reading[]>> = {
    corpus: [corpusReading(folder)],
    random: [{ ...alone, args: [SEED, SEQUENCES] }],
    conform: await scriptReadings(folder),
  };
  return Array.from({ length: lanes }, (_, lane) =>
    programs.flatMap((program) => {
      const numbers = new Map(
        [...made.mutants].flatMap(([number, mutant]) =>
          made.hosts[program.host].numbers.has(number) ? [[mutant, number] as const] : [],
        ),
      );
      return (readings[program.name] ?? [alone]).map(
        (reading) => new ProgramWitness(program, reading, numbers, lane),
      );
    }),
  );
}

/** Of a program that reads nothing, and whose exit code tells all. */
const alone: Reading = { name: "", from: "/dev/null", args: [], isRight: () => true };

function corpusReading(folder: string): Reading {
  const packed = gunzipSync(readFileSync(corpusPath)).toString("utf8");
  const sequences = Object.values(JSON.parse(packed) as Record<string, string>);
  const from = join(folder, "corpus");
  const bytes = sequences.flatMap((base64) => {
    const sequence = Buffer.from(base64, "base64");
    return [Buffer.from([sequence.length & 255, sequence.length >> 8]), sequence];
  });
  writeFileSync(from, Buffer.concat(bytes));
  return { ...alone, from };
}

async function scriptReadings(folder: string): Promise<Reading[]> {
  const scripts = join(packageRoot, "tests", "conformance", "scripts");
  const readings: Reading[] = [];
  for (const name of (await readdir(scripts)).filter((file) => file.endsWith(".json.gz")).sort()) {
    const file = await readScripts(join(scripts, name));
    const module = await conformModule(file);
    const cases = caseReplays(file);
    for (let first = 0; first < cases.length; first += CASES) {
      const some = cases.slice(first, first + CASES);
      const reading = `/${basename(name, ".json.gz")}/${first / CASES}`;
      const from = join(folder, reading.slice(1).replace("/", "-"));
      writeFileSync(from, `${[...module.lines, ...some.flatMap(({ commands }) => commands)].join("\n")}\n`);
      readings.push({
        name: reading,
        from,
        args: [module.path],
        isRight: (output) => areRight(some, answersByCase(output)),
      });
    }
  }
  return readings;
}

function areRight(cases: readonly CaseReplay[], answers: readonly (readonly string[])[]): boolean {
  return cases.every(({ differenceOf }, index) => differenceOf(answers[index] ?? []) === null);
}
