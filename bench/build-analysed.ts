/** A guest of `tests/guests` that a bench measures beside its workloads. */
import { join } from "node:path";
import { buildGuest } from "../tools/compile/build-guest.js";
import { packageRoot } from "../tools/package-root.js";
import type { Analysis } from "../tools/report/analysis.js";
import { analyse } from "../tools/report/build-report.js";
import { loadInput } from "../tools/report/load-input.js";
import { inRepository } from "./workloads.js";

/** Builds the guest `name` of `tests/guests`, which is called like its folder. */
export async function buildAnalysed(
  name: string,
  options: { readonly arenaBytes?: number } = {},
): Promise<Analysis> {
  const { corePath } = await buildGuest({
    entry: inRepository(`tests/guests/${name}/${name}.ts`),
    wit: inRepository(`tests/guests/${name}/${name}.wit`),
    outDir: join(packageRoot, "build", "bench"),
    ...options,
  });
  return analyse(await loadInput(corePath, null), { sourceMap: null });
}
