/**
 * `rill compose`: wasm-tools puts components together; what it asks of their
 * files' names is no concern of the user's.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors/user-error.js";
import { readInput } from "../files/read-input.js";
import { writeFileWhole } from "../files/write-whole.js";
import { inTemporaryFolder } from "../processes/temporary-folder.js";
import { run } from "../setup/run.js";
import { isMissing } from "../setup/tool.js";
import { wasmTools } from "../setup/wheels.js";

/**
 * Composes `component` with those of `others` that export what it imports, and writes the result to `output`.
 * @throws UserError when wasm-tools is not there or refuses
 */
export async function composeComponents(
  component: string,
  others: readonly string[],
  output: string,
): Promise<void> {
  const inputs = [component, ...others].map((path) => readInput(path, "name a component"));
  const tool = await wasmTools();
  if (isMissing(tool)) throw new UserError(`compose needs ${tool.missing}; ${tool.how}`);
  await inTemporaryFolder("rill-compose-", async (folder) => {
    // A file's name becomes a name inside the composition, where there is no
    // place for the dot of NAME.component.wasm.
    const paths = inputs.map((bytes, index) => {
      const path = join(folder, `part${index}.wasm`);
      writeFileSync(path, bytes);
      return path;
    });
    const composed = join(folder, "composed.wasm");
    const definitions = paths.slice(1).flatMap((path) => ["-d", path]);
    const done = await run(tool.path, ["compose", paths[0]!, ...definitions, "-o", composed]);
    if (done.code !== 0)
      throw new UserError(`${component}: ${reason(done.output, paths, [component, ...others])}`);
    writeFileWhole(output, readFileSync(composed));
  });
}

/** Why wasm-tools refused, with the files as the user named them. */
function reason(output: string, paths: readonly string[], names: readonly string[]): string {
  // In front of it there may be advice for users of wasm-tools.
  const said = output.slice(Math.max(0, output.indexOf("error: ")));
  const lines = said.split("\n").map((line) => line.replace(/^error: |^\s*\d+: /, "").trim());
  const text = lines.filter((line) => line !== "" && line !== "Caused by:").join(": ");
  return paths.reduce((told, path, index) => told.replaceAll(path, names[index]!), text);
}
