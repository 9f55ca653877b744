/** The test programs of the C host, each linked with a host that holds all mutants. */
import { mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { needTool } from "../../tools/setup/build-tool.js";
import { cSources, programsRoot } from "../../tools/c-sources/c-sources.js";
import { conformMains } from "../../tools/conform/wamr/conform-on-wamr.js";
import { packageRoot } from "../../tools/package-root.js";
import { gcc } from "../../tools/setup/programs.js";
import { run } from "../../tools/setup/run.js";
import { desktopParts } from "../../tools/wamr/desktop-library.js";
import { smallestHostPrograms, wholeHostPrograms } from "../wamr/sequences.js";
import { cFlags, headerFlags, type HostName, inParallel, type MutableHosts } from "./hosts.js";

/** A test program, which holds the mutants of `host`. */
export interface TestProgram {
  readonly name: string;
  readonly host: HostName;
  readonly path: string;
}

interface Made {
  readonly name: string;
  readonly host: HostName;
  readonly sources: readonly string[];
  readonly flags?: readonly string[];
  readonly objects?: readonly string[];
}

const ours = (name: string): string => join(packageRoot, "tests", "c-mutants", name);
const program = (name: string): string => join(programsRoot, name);
const bothWays = program("check/both_ways.c");

async function allMade(): Promise<Made[]> {
  const wamr = await desktopParts({ interpreter: "classic", bits: 64, sanitized: true, whole: true });
  const fuzz = [program("fuzz/main.c"), bothWays];
  const whole = [...fuzz, program("fuzz/whole_host.c")];
  return [
    ...smallestHostPrograms.map((of) => ({ ...of, host: "small" as const })),
    ...wholeHostPrograms.map((of) => ({ ...of, host: "whole" as const })),
    { name: "late", host: "whole", sources: [join(packageRoot, "tests", "wamr", "late.c")] },
    { name: "corpus", host: "small", sources: [...fuzz, ours("replay.c")], flags: ["-DRILL_LIBFUZZER"] },
    { name: "corpus", host: "whole", sources: [...whole, ours("replay.c")], flags: ["-DRILL_LIBFUZZER"] },
    { name: "random", host: "small", sources: fuzz },
    { name: "random", host: "whole", sources: whole },
    {
      name: "conform",
      host: "whole",
      sources: [...conformMains.map(program), ...cSources("WAMR", "WAMR_MORE")],
      flags: wamr.flags,
      objects: [...wamr.objects, ...wamr.linkFlags],
    },
  ];
}

/** Compiles all of them into `folder`. */
export async function compilePrograms(folder: string, { hosts }: MutableHosts): Promise<TestProgram[]> {
  const compiler = needTool(await gcc());
  const must = async (args: readonly string[]): Promise<void> => {
    const { code, output } = await run(compiler, args);
    if (code !== 0) throw new Error(output);
  };
  const server = join(folder, "server.o");
  await must(["-O1", "-c", ours("server.c"), "-o", server]);
  return inParallel(await allMade(), async ({ name, host, sources, flags = [], objects = [] }) => {
    const made = join(folder, `${host}-${name}`);
    mkdirSync(made);
    const compiled = sources.map((source) => join(made, `${basename(source)}.o`));
    for (const [index, source] of sources.entries())
      await must([
        ...flags,
        ...cFlags,
        ...hosts[host].flags,
        ...headerFlags,
        ...["-Dmain=witness", "-c", source, "-o", compiled[index]!],
      ]);
    const path = join(made, "program");
    await must([...cFlags, ...compiled, server, ...hosts[host].objects, ...objects, "-o", path]);
    return { name, host, path };
  });
}
