/** The files that are changed: the passes of the build and the strategy `callback`. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { packageRoot } from "../../tools/package-root.js";
import { writeSchema } from "../c-mutants/schema.js";
import { functionPlaces, mutantsOf, type TsMutant } from "./ts-mutants.js";

const folder = join(packageRoot, "tools", "compile");

/** A file's name in `tools/compile`, and its text. */
export const mutatedFiles: ReadonlyMap<string, string> = new Map(
  [...readdirSync(join(folder, "passes")).map((name) => `passes/${name}`), "callback/asyncify.ts"]
    .sort()
    .map((file) => [file, readFileSync(join(folder, file), "utf8")]),
);

/** All mutants; the number of each is its index and one more. */
export const allMutants: readonly TsMutant[] = [...mutatedFiles].flatMap(([file, source]) =>
  mutantsOf(file, source),
);

/** What `rill_reach` is told of a function. @param line that it begins on */
export function placeOf(file: string, line: number): number {
  return [...mutatedFiles.keys()].indexOf(file) * 10_000 + line;
}

/** A file as JavaScript, with all its mutants behind questions for their numbers. */
export function mutatedScript(file: string): string {
  const source = mutatedFiles.get(file)!;
  const numbered = allMutants.map((mutant, index) => [index + 1, mutant] as const);
  const notes = [...functionPlaces(source)].map(
    ([at, line]) => [at, ` rill_reach(${placeOf(file, line)});`] as const,
  );
  const { text } = writeSchema(
    source,
    numbered.filter(([, mutant]) => mutant.file === file),
    new Map(notes),
  );
  return ts.transpileModule(text, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
    },
  }).outputText;
}
