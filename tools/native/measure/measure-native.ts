/** What a guest as C takes on a core: flash, RAM and stack, measured on the smallest program around it. */
import { readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { GuestDescriptor } from "../../c-host/descriptor.js";
import { cIncludeFlags, cSources } from "../../c-sources/c-sources.js";
import { UserError } from "../../errors/user-error.js";
import { inTemporaryFolder } from "../../processes/temporary-folder.js";
import { must } from "../../setup/build-tool.js";
import { isMissing } from "../../setup/tool.js";
import { readModule } from "../../wasm/read-module.js";
import type { World } from "../../wit/model.js";
import { STRING_H } from "../compile-image.js";
import { COUNTED_DEPTH, countedIn } from "../counted-calls.js";
import { featuresOf, translateCore } from "../guest-of-core.js";
import type { CodeFunction } from "../stack/disassembly.js";
import { stackOfElf } from "../stack/stack-of-elf.js";
import type { NativeFigures } from "./native-figures.js";
import type { NativeCore } from "./native-cores.js";
import { RETURNED, ROOMS, ROOT, smallestProgram } from "./smallest-program.js";

/** A guest to measure. */
export interface MeasuredGuest {
  /** What errors call it. */
  readonly source: string;
  readonly core: Uint8Array;
  readonly world: World;
}

const NAME = "guest";
/** For compilers without a C library: what the compiler itself calls, and the runtime. */
const MEMORY = cSources("IMAGE_CODE");
const FLAGS = ["-Os", "-std=c99", "-ffunction-sections", "-fdata-sections", "-fno-math-errno"];

/**
 * Builds and measures.
 * @throws UserError without a compiler, with the line that installs it, or for what is not translated
 */
export async function measureNative(guest: MeasuredGuest, core: NativeCore): Promise<NativeFigures> {
  const tool = await core.compiler();
  if (isMissing(tool))
    throw new UserError(
      `a native build for ${core.name} is measured with its compiler: ${tool.missing} is not installed; type: ${tool.how}`,
    );
  const gcc = tool.path;
  const descriptor = new GuestDescriptor(guest.core, guest.world, true, true, false, true);
  const module = readModule(guest.core);
  const features = featuresOf(descriptor, descriptor.needsWhole);
  const program = smallestProgram(NAME, module, guest.world, descriptor);
  const files = translateCore({ ...guest, name: NAME, descriptor }, features, {
    serve: () => "serve_nothing",
    includes: ["serve.h"],
  });
  const switches = [
    ...features.map((feature) => `-DRILL_WITH_${feature}`),
    ...(descriptor.imports.some(({ future }) => future) ? [] : ["-DRILL_NO_FUTURES"]),
  ];
  const counted = countedIn(files.source);
  return inTemporaryFolder("rill-native-", async (folder) => {
    const texts: Record<string, string> = {
      [`${NAME}.h`]: files.header,
      [`${NAME}.c`]: files.source,
      "serve.h": program.header,
      "program.c": program.text,
      ...(core.hasLibrary ? {} : { "string.h": STRING_H }),
    };
    for (const [file, text] of Object.entries(texts)) await writeFile(join(folder, file), text);
    const own = Object.keys(texts).filter((file) => file.endsWith(".c"));
    const sources = [
      ...own.map((file) => join(folder, file)),
      ...cSources("HOST", "NATIVE", "RINGS", ...features),
      ...(core.hasLibrary ? [] : MEMORY),
    ];
    const includes = [...cIncludeFlags(), `-I${folder}`, ...(core.hasLibrary ? [] : [`-isystem${folder}`])];
    const [elf, map] = [join(folder, "program.elf"), join(folder, "program.map")];
    const objects = await Promise.all(
      sources.map(async (source) => {
        const object = join(folder, `${basename(source, ".c")}.o`);
        const alone = MEMORY.includes(source) ? ["-fno-tree-loop-distribute-patterns"] : [];
        await must(gcc, [
          ...core.flags,
          ...FLAGS,
          ...switches,
          ...alone,
          ...includes,
          "-c",
          source,
          "-o",
          object,
        ]);
        return object;
      }),
    );
    await must(gcc, [
      ...core.flags,
      ...["-nostartfiles", `-Wl,--gc-sections,-e,${ROOT},-Map=${map}`],
      ...["-o", elf, ...objects, ...core.linkFlags],
    ]);
    const tools = (name: string): string => gcc.replace(/gcc$/, name);
    const sections = sectionsOf(await must(tools("objdump"), ["-h", elf]));
    const symbols = await must(tools("nm"), ["-S", elf]);
    const kept = keptParts(await readFile(map, "utf8"));
    const facts = { mayCall: callbacksOf(kept), ...(counted !== null && { counted }) };
    const stack = (await stackOfElf(tools("objdump"), elf, facts)).from(ROOT);
    return {
      cpu: core.name,
      compiler: (await must(gcc, ["--version"])).split("\n")[0]!,
      flags: [...core.flags, ...FLAGS, ...switches].join(" "),
      flash_bytes: sections.loaded,
      guest_flash_bytes: kept
        .filter(({ file, isLoaded }) => file === NAME && isLoaded)
        .reduce((sum, { bytes }) => sum + bytes, 0),
      instance_bytes: bytesOf(symbols, /^instance$/),
      ram_bytes: sections.writable - bytesOf(symbols, ROOMS),
      stack_bytes: stack.bytes,
      stack_chain: stack.chain.slice(1),
      stack_open: stack.open,
      counted_calls: counted === null ? null : COUNTED_DEPTH,
    };
  });
}

/** What is loaded into flash, and what is variable, of `objdump -h`. */
function sectionsOf(text: string): { readonly loaded: number; readonly writable: number } {
  const sections = [...text.matchAll(/^ +\d+ (\S+) +([\da-f]+) .*\n +(.*)$/gm)].map(([, , bytes, flags]) => ({
    bytes: Number.parseInt(bytes!, 16),
    flags: flags!,
  }));
  const sum = (isMeant: (flags: string) => boolean): number =>
    sections.filter(({ flags }) => isMeant(flags)).reduce((total, { bytes }) => total + bytes, 0);
  return {
    loaded: sum((flags) => flags.includes("LOAD")),
    writable: sum((flags) => flags.includes("ALLOC") && !flags.includes("READONLY")),
  };
}

/** Bytes of the objects in `nm -S` with such a name. */
function bytesOf(symbols: string, name: RegExp): number {
  return [...symbols.matchAll(/^[\da-f]+ ([\da-f]+) [bBdD] (\S+)$/gm)]
    .filter(([, , found]) => name.test(found!))
    .reduce((sum, [, bytes]) => sum + Number.parseInt(bytes!, 16), 0);
}

/** A section of an object that the linker has kept. */
interface KeptPart {
  readonly address: number;
  readonly bytes: number;
  /** The object, without folder and ending. */
  readonly file: string;
  readonly isLoaded: boolean;
}

/** Code, constants and variables, by the linker's map. */
function keptParts(map: string): KeptPart[] {
  const kept = map.slice(map.indexOf("Linker script and memory map"));
  const parts = kept.matchAll(
    /^ \.(text|rodata|data|progmem|bss)\S*\s+0x([\da-f]+)\s+0x([\da-f]+) \S*\/(\w+)\.o\)?$/gm,
  );
  return [...parts].map(([, kind, address, bytes, file]) => ({
    address: Number.parseInt(address!, 16),
    bytes: Number.parseInt(bytes!, 16),
    file: file!,
    isLoaded: kind !== "bss",
  }));
}

/**
 * Which calls through pointers there are: what the program gives is called by the runtime and the rings,
 * the rings' port by the host, and neither by itself.
 */
function callbacksOf(kept: readonly KeptPart[]): (from: CodeFunction, to: CodeFunction) => boolean {
  const fileOf = ({ address }: CodeFunction): string | undefined =>
    kept.find((part) => address >= part.address && address < part.address + part.bytes)?.file;
  return (from, to) => {
    const [caller, callee] = [fileOf(from), fileOf(to)];
    if (to.name === RETURNED) return caller === "rill_native";
    return caller === undefined || caller !== callee;
  };
}
