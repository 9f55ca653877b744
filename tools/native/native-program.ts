/** Programs of the desktop with translated guests in them: compiled once for each guest, then cached. */
import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import {
  cFeatures,
  cIncludeFlags,
  cIncludes,
  cSources,
  featureFlags,
  programsRoot,
} from "../c-sources/c-sources.js";
import { UserError } from "../errors/user-error.js";
import { must } from "../setup/build-tool.js";
import { cached } from "../setup/cache.js";
import { compilerIdentity } from "../setup/compiler-identity.js";
import { gcc } from "../setup/programs.js";
import { isMissing } from "../setup/tool.js";

/** How a program is compiled. */
export interface NativeVariant {
  /** Whether AddressSanitizer and UndefinedBehaviorSanitizer watch, the guest's code too. */
  readonly sanitized?: boolean;
  /** 32 needs gcc's 32-bit libraries. */
  readonly bits?: 32 | 64;
  /** More flags. */
  readonly flags?: readonly string[];
}

const STRICT = ["-std=c99", "-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror"];
/** Calls on the stack at once of a guest that calls itself: at most 4 KiB each, of 8 MiB. */
const DEPTH = 2000;

function compilerFlags({ sanitized, bits, flags = [] }: NativeVariant): string[] {
  const checks = sanitized
    ? ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-g", "-O1"]
    : ["-O2", "-DNDEBUG"];
  return [
    ...(bits === 32 ? ["-m32", "-msse2", "-mfpmath=sse"] : []),
    ...checks,
    ...STRICT,
    // Else the compiler takes x * 1 for x, which would leave a signalling NaN as it is.
    "-fsignaling-nans",
    ...featureFlags,
    "-DRILL_NATIVE_COUNTS_CALLS",
    `-DRILL_NATIVE_DEPTH=${DEPTH}`,
    `-I${join(programsRoot, "run")}`,
    ...cIncludeFlags(),
    ...flags,
  ];
}

/** Files that are compiled with a program: name and text; those that end in `.c` are compiled. */
export type ProgramTexts = Readonly<Record<string, string>>;

/**
 * Builds a program with translated guests in it, or finds the one built before.
 * @param mains its own C files, below `programs/` or absolute
 * @param texts the guests
 * @throws UserError with the line to type when there is no compiler; CheckFailure with the compiler's output
 */
export async function nativeProgram(
  name: string,
  mains: readonly string[],
  texts: ProgramTexts,
  variant: NativeVariant = {},
): Promise<string> {
  const compiler = await gcc();
  if (isMissing(compiler))
    throw new UserError(
      `--host native compiles the guest: ${compiler.missing} is not installed; type: ${compiler.how}`,
    );
  const own = [
    ...mains.map((file) => resolve(programsRoot, file)),
    ...cSources("HOST", ...cFeatures, "NATIVE"),
  ];
  const flags = compilerFlags(variant);
  const objects = await compiled(compiler.path, name, own, flags);
  const hash = createHash("sha256").update(JSON.stringify([objects, texts]));
  const folder = await cached(`${name}-native-${hash.digest("hex").slice(0, 12)}`, async (fresh) => {
    mkdirSync(fresh, { recursive: true });
    for (const [file, text] of Object.entries(texts)) writeFileSync(join(fresh, file), text);
    const sources = Object.keys(texts).filter((file) => file.endsWith(".c"));
    const own = sources.map((file) => join(fresh, `${file}.o`));
    await Promise.all(
      sources.map((file, index) =>
        must(compiler.path, [...flags, `-I${fresh}`, "-c", join(fresh, file), "-o", own[index]!]),
      ),
    );
    await must(compiler.path, [...flags, ...own, ...objects, ...["-o", join(fresh, name)]]);
    for (const file of own) rmSync(file);
  });
  return join(folder, name);
}

/** The program's own objects, whatever the guest. */
async function compiled(
  compiler: string,
  name: string,
  own: readonly string[],
  flags: readonly string[],
): Promise<string[]> {
  const folders = new Set([...own.map((file) => dirname(file)), ...cIncludes()]);
  const hash = createHash("sha256").update(JSON.stringify([await compilerIdentity(compiler), own, flags]));
  for (const file of [...own, ...(await Promise.all([...folders].map(headers))).flat()])
    hash.update(await readFile(file));
  const objectName = (file: string): string => `${basename(file, ".c")}.o`;
  const folder = await cached(`${name}-objects-${hash.digest("hex").slice(0, 12)}`, async (fresh) => {
    mkdirSync(fresh, { recursive: true });
    for (const file of own) await must(compiler, [...flags, "-c", file, "-o", join(fresh, objectName(file))]);
  });
  return own.map((file) => join(folder, objectName(file)));
}

async function headers(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((file) => file.endsWith(".h")).map((file) => join(folder, file));
}
