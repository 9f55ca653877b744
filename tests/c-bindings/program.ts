/** Guests with their bindings in C, compiled with a firmware of the desktop: as C, and over WAMR. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { must } from "../../tools/setup/build-tool.js";
import { compiledObjects } from "../../tools/setup/compiled-objects.js";
import { generateC } from "../../tools/bindgen/c/generate-c.js";
import type { SideBySide } from "../../tools/bindgen/c/c-world.js";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { type CPart, cSources, programsRoot } from "../../tools/c-sources/c-sources.js";
import { runPackNative } from "../../tools/native/pack-native.js";
import { packageRoot } from "../../tools/package-root.js";
import { desktopParts } from "../../tools/wamr/desktop-library.js";
import { resolveWorld } from "../../tools/wit/resolve.js";
import { readWitSource } from "../../tools/wit/wit-source.js";

export const STRICT: readonly string[] = ["-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror"];
export const SANITIZED: readonly string[] = [
  "-fsanitize=address,undefined",
  "-fno-sanitize-recover=all",
  "-g",
  "-O1",
];

/** A guest of `tests/guests`, with a firmware in this folder: `NAME.c`. */
export interface Sample {
  readonly name: string;
  readonly core: string;
  /** With the bindings. */
  readonly bindings: string;
  readonly main: string;
  /** Where programs go. */
  readonly folder: string;
}

/** Writes the bindings of a WIT. */
export async function writeBindings(
  wit: string,
  folder: string,
  { world, sideBySide }: { readonly world?: string; readonly sideBySide?: SideBySide | undefined } = {},
): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const files = generateC(await resolveWorld(wit, world), readWitSource(wit), sideBySide);
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
  return [...files.keys()];
}

/** Builds a guest and writes its bindings. */
export async function sample(
  name: string,
  folder: string,
  wait: "wait" | "callback" = "wait",
  { sideBySide }: { readonly sideBySide?: SideBySide | undefined } = {},
): Promise<Sample> {
  const own = join(packageRoot, "tests", "guests", name);
  const wit = join(own, `${name}.wit`);
  const outDir = join(folder, `${name}-${wait}`);
  const { corePath } = await buildGuest({
    entry: join(own, `${name}.ts`),
    wit,
    outDir,
    wait,
    tasks: sideBySide?.tasks ?? undefined,
  });
  const bindings = join(outDir, "host");
  await writeBindings(wit, bindings, { sideBySide });
  return {
    name,
    core: corePath,
    bindings,
    main: join(packageRoot, "tests", "c-bindings", `${name}.c`),
    folder: outDir,
  };
}

/** Runs the guest as C, under the sanitizers. @returns what the program printed */
export async function runNativeSample(guest: Sample, switches: readonly string[] = []): Promise<string> {
  const out = join(guest.folder, "c");
  await runPackNative(guest.core, { format: "native", output: out, name: "guest" });
  const program = join(guest.folder, "native-program");
  const sources = readdirSync(out).filter((file) => file.endsWith(".c"));
  const flags = [
    ...["-std=c99", ...STRICT, ...SANITIZED, "-DRILL_WITH_BINDINGS", ...switches.map((name) => `-D${name}`)],
    ...[`-I${out}`, `-I${guest.bindings}`, `-DHOST=${guest.name}_host`],
  ];
  const objects = await compiledObjects("gcc", flags, [
    ...sources.map((file) => join(out, file)),
    ...[join(guest.bindings, `${guest.name}_host.c`), guest.main],
  ]);
  await must("gcc", [...SANITIZED, ...objects, "-o", program]);
  return must(program, []);
}

/** Runs the guest on WAMR, our C under the sanitizers. @returns what the program printed */
export async function runWamrSample(
  guest: Sample,
  parts: readonly CPart[] = [],
  defines: readonly string[] = [],
): Promise<string> {
  const desktop = await desktopParts({ interpreter: "classic", bits: 64, sanitized: true });
  const program = join(guest.folder, "wamr-program");
  const switches = ["CALLS", ...parts].map((part) => `-DRILL_WITH_${part}`);
  await must(desktop.compiler, [
    ...desktop.flags,
    ...["-pedantic", "-DRILL_BINDINGS_ON_WAMR", ...switches, ...defines.map((name) => `-D${name}`)],
    ...[`-I${guest.bindings}`, `-I${join(programsRoot, "desktop")}`, `-DHOST=${guest.name}_host`],
    ...new Set(
      cSources("HOST", "RINGS", "BINDINGS", "WAMR", "WAMR_MORE", "WAMR_BINDINGS", "CALLS", ...parts),
    ),
    ...[
      join(programsRoot, "desktop", "start_wamr.c"),
      join(guest.bindings, `${guest.name}_host.c`),
      guest.main,
    ],
    ...desktop.objects,
    ...[...desktop.linkFlags, "-o", program],
  ]);
  return must(program, [guest.core]);
}
