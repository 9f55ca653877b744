/** What made a component: the tools that its `producers` section names. */
import { ownPackage, version } from "../version.js";

/**
 * The fields of the section. Only components have it: a core module is for flash, where each byte counts, and
 * on its way into a component nothing is lost.
 */
export function producers(): [string, [string, string][]][] {
  const { assemblyscript, binaryen } = ownPackage.dependencies;
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
