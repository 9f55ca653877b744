/** What made a component: the tools that its `producers` section names. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../package-root.js";
import { version } from "../version.js";

/**
 * The fields of the section. Only components have it: a core module is for flash, where each byte counts, and
 * on its way into a component nothing is lost.
 */
export function producers(): [string, [string, string][]][] {
  const { dependencies } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as {
    dependencies: Record<"assemblyscript" | "binaryen", string>;
  };
  const { assemblyscript, binaryen } = dependencies;
  return [
    ["language", [["AssemblyScript", ""]]],
    [
      "processed-by",
      [
        ["as-rill", version],
        ["asc", assemblyscript],
        ["Binaryen", binaryen],
      ],
    ],
  ];
}
