/** The cores that machine code is compiled for: GCC's names, compilers, flags. */
import { UserError } from "../errors/user-error.js";
import { armGcc, riscvGcc } from "../setup/programs.js";
import type { Tool } from "../setup/tool.js";

/** A core. */
export interface Core {
  /** As `--cpu` and an image's header name it. */
  readonly name: string;
  /** GCC's names of chips that are one. */
  readonly cpus: readonly string[];
  readonly compiler: () => Promise<Tool>;
  /** What chooses the core. */
  readonly flags: readonly string[];
  /** What has the code of an image find its constants from where it runs. */
  readonly imageFlags: readonly string[];
}

const arm = (name: string): Core => ({
  name,
  cpus: [name],
  compiler: armGcc,
  flags: [`-mcpu=${name}`, "-mthumb"],
  imageFlags: ["-fpie"],
});

/** All of them. */
export const CORES: readonly Core[] = [
  ...["cortex-m0", "cortex-m3", "cortex-m4"].map(arm),
  {
    name: "rv32imac",
    cpus: ["sifive-e31"],
    compiler: riscvGcc,
    flags: ["-march=rv32imac", "-mabi=ilp32"],
    imageFlags: ["-mcmodel=medany", "-mstrict-align"],
  },
];

/** The core of a chip that GCC calls `cpu`. @throws UserError for one that no image is compiled for */
export function coreOf(cpu: string): Core {
  const found = CORES.find(({ cpus }) => cpus.includes(cpu));
  if (found !== undefined) return found;
  throw new UserError(`there are no images of machine code for ${cpu}; --format native writes C for it`);
}

/** @throws UserError when there is no such core */
export function findCore(name: string): Core {
  const found = CORES.find((core) => core.name === name);
  if (found !== undefined) return found;
  throw new UserError(`--cpu ${name}: there are ${CORES.map((core) => core.name).join(", ")}`);
}
