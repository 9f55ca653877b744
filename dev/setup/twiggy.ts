/** twiggy, the code size profiler from crates.io: the tests' second opinion on function sizes. */
import { join } from "node:path";
import { cached } from "../../tools/setup/cache.js";
import { cargo } from "../../tools/setup/programs.js";
import { run } from "../../tools/setup/run.js";
import { isMissing, type Tool } from "../../tools/setup/tool.js";

const VERSION = "0.8.0";

/** The program, built once by cargo into the cache. */
export async function twiggy(): Promise<Tool> {
  const builder = await cargo();
  if (isMissing(builder)) return builder;
  const how = `cargo install twiggy --version ${VERSION} --locked`;
  try {
    const folder = await cached(`twiggy-${VERSION}`, async (fresh) => {
      const done = await run(builder.path, [
        "install",
        "twiggy",
        "--version",
        VERSION,
        "--locked",
        "--root",
        fresh,
      ]);
      if (done.code !== 0) throw new Error(done.output);
    });
    return { path: join(folder, "bin", "twiggy") };
  } catch {
    return { missing: "twiggy", how };
  }
}
