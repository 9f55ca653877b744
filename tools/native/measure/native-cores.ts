/** The cores that a native build is measured for: compilers, flags, and what stands in for a C library. */
import { UserError } from "../../errors/user-error.js";
import { armGcc, avrGcc, gcc } from "../../setup/programs.js";
import { type Core, CORES } from "../cores.js";

/** A core. */
export interface NativeCore extends Pick<Core, "name" | "compiler" | "flags"> {
  readonly linkFlags: readonly string[];
  /** Whether the compiler comes without a C library: then memcpy and its like are ours. */
  readonly hasLibrary: boolean;
}

/** Of a core that images are compiled for, too. */
const withImages = (core: Core): NativeCore =>
  core.compiler === armGcc
    ? { ...core, linkFlags: ["-Wl,--no-warn-rwx-segment", "-lc", "-lm", "-lgcc"], hasLibrary: true }
    : {
        ...core,
        flags: [...core.flags, "-ffreestanding", "-fbuiltin"],
        linkFlags: ["-Wl,--no-warn-rwx-segment", "-nostdlib", "-lgcc"],
        hasLibrary: false,
      };

/** All of them. */
export const NATIVE_CORES: readonly NativeCore[] = [
  ...CORES.map(withImages),
  {
    name: "atmega328p",
    compiler: avrGcc,
    flags: ["-mmcu=atmega328p"],
    linkFlags: ["-lc", "-lm", "-lgcc"],
    hasLibrary: true,
  },
  {
    name: "x86-64",
    compiler: gcc,
    flags: ["-fno-pie", "-fno-stack-protector", "-fcf-protection=none", "-fno-asynchronous-unwind-tables"],
    linkFlags: ["-static", "-no-pie", "-lm", "-lc", "-lgcc"],
    hasLibrary: false,
  },
];

/** The names, for `--cpu`. */
export const CPU_NAMES: readonly string[] = NATIVE_CORES.map(({ name }) => name);

/** @throws UserError when there is no such core */
export function findNativeCore(name: string): NativeCore {
  const found = NATIVE_CORES.find((core) => core.name === name);
  if (found !== undefined) return found;
  throw new UserError(`--cpu ${name}: there are ${CPU_NAMES.join(", ")}`);
}
