#!/usr/bin/env node
/** Starts the compiled command line; says in one line when that is not whole. */
let cli;
try {
  cli = await import("../dist/tools/cli.js");
} catch (error) {
  const reason = String(error?.message ?? error).split("\n")[0];
  process.stderr.write(
    `rill: as-rill is not whole here (${reason}); install it again, or in a clone: npm run build\n`,
  );
  process.exitCode = 70;
}
await cli?.main(process.argv.slice(2));
