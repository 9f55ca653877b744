/**
 * `npm run unit -- [SPEC.ts…]`: as-pect's own command with this repository's settings, from any folder.
 * asc finds a transform that lies in the repository only when the settings' path
 * is absolute, so `asp` alone does not do.
 */
import { join } from "node:path";
import { asp } from "@as-pect/cli";
import { packageRoot } from "../../tools/package-root.js";

process.chdir(packageRoot);
const settings = join(packageRoot, "as-pect.asconfig.json");
const program = process.argv.slice(0, 2);
const given = process.argv.slice(2);
const specs = given.some((arg) => arg.endsWith(".ts")) ? [] : ["tests/unit/**/*.spec.ts"];
await asp([...program, "--summary", "--as-config", settings, ...specs, ...given]);
