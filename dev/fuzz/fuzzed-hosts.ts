/** The two C hosts that are fuzzed, and how each is built with libFuzzer. */
import { join } from "node:path";
import {
  cFeatures,
  cIncludeFlags,
  cSources,
  featureFlags,
  programsRoot,
} from "../../tools/c-sources/c-sources.js";

/** A host and the fuzzer's files for it. */
export interface Fuzzed {
  readonly sources: readonly string[];
  readonly flags: readonly string[];
}

const fuzzer = (file: string): string => join(programsRoot, "fuzz", file);
const mains = [fuzzer("main.c"), join(programsRoot, "check", "both_ways.c")];
/** The smallest host, as most firmware has it, and the one with all that it can do. */
export const fuzzedHosts: Readonly<Record<string, Fuzzed>> = {
  "the smallest host": { sources: [...mains, ...cSources("HOST")], flags: [] },
  "the whole host": {
    sources: [...mains, fuzzer("whole_host.c"), ...cSources("HOST", ...cFeatures)],
    flags: featureFlags,
  },
};
/** Flags of every build of the fuzzers. */
export const strictFlags: readonly string[] = [
  ...["-std=c99", "-Wall", "-Wextra", "-Wconversion", "-Werror", "-g", "-O1"],
  ...cIncludeFlags(),
];
/** Bytes of the longest sequence, as libFuzzer is told. */
export const longestFlag = "-max_len=400";

/** Arguments of clang that build `host` as the libFuzzer program `program`. */
export function libFuzzerBuild(host: Fuzzed, program: string): string[] {
  const flags = ["-DRILL_LIBFUZZER", "-fsanitize=fuzzer,address,undefined"];
  return [...strictFlags, ...host.flags, ...flags, ...host.sources, "-o", program];
}
