/** Whether a compiler makes of a changed host what it makes of the host as it is, as firmware is compiled. */
import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { needTool } from "../../tools/setup/build-tool.js";
import { gcc } from "../../tools/setup/programs.js";
import { run } from "../../tools/setup/run.js";
import { type CMutant, hostFiles, withMutant } from "./c-mutants.js";
import { hostKinds } from "./hosts.js";

/** Compiles changed hosts in a folder of its own, where it has written the host as it is. */
export class CodeComparer {
  private readonly files = hostFiles();
  /** The code of a source as it is, by the flags and the source. */
  private readonly original = new Map<string, Promise<string | null>>();

  constructor(private readonly folder: string) {
    for (const [file, source] of this.files) writeFileSync(join(folder, file), source);
  }

  /** Whether `mutant` changes no code, in any host. Not to be asked twice at the same time. */
  async isSame(mutant: CMutant): Promise<boolean> {
    const source = this.files.get(mutant.file)!;
    const codes = async (
      code: (key: string, flags: readonly string[], file: string) => Promise<string | null>,
    ) => {
      const found: (string | null)[] = [];
      for (const [host, { flags, sources }] of Object.entries(hostKinds))
        for (const file of sources.map((path) => basename(path)))
          if (file === mutant.file || mutant.file.endsWith(".h"))
            found.push(await code(`${host} ${file}`, flags, file));
      return JSON.stringify(found);
    };
    const before = await codes((key, flags, file) => {
      const known = this.original.get(key) ?? this.codeOf(flags, file);
      this.original.set(key, known);
      return known;
    });
    writeFileSync(join(this.folder, mutant.file), withMutant(source, mutant));
    const after = await codes((_, flags, file) => this.codeOf(flags, file));
    writeFileSync(join(this.folder, mutant.file), source);
    return before === after;
  }

  /** What the compiler writes; null when it refuses. */
  private async codeOf(flags: readonly string[], file: string): Promise<string | null> {
    const args = ["-std=c99", "-w", "-Os", ...flags, "-S", join(this.folder, file), "-o", "-"];
    const { code, output } = await run(needTool(await gcc()), args);
    return code === 0 ? output : null;
  }
}
