/** What as-rill's package.json says of it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "./package-root.js";

/** The parts of it that something asks for. */
export const ownPackage = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as {
  readonly version: string;
  readonly dependencies: Readonly<Record<"assemblyscript" | "binaryen", string>>;
  readonly peerDependencies: Readonly<Record<"mqtt" | "serialport", string>>;
  readonly devDependencies: Readonly<Record<"@bytecodealliance/jco-transpile" | "typescript", string>>;
};

/** as-rill's version. */
export const { version } = ownPackage;
