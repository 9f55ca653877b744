/** `npm run pairs`: writes the files of `as-rill/pairs` anew. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../tools/package-root.js";
import { pairFiles } from "./generate-pairs.js";

for (const [file, text] of pairFiles()) writeFileSync(join(packageRoot, "pairs", file), text);
