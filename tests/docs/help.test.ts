/** Each command's `--help` has an example, and each example is a command line that the command takes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { commandLine } from "../../tools/cli.js";
import { examplesOf } from "./help-examples.js";

const names = commandLine().commands.map((command) => command.name());

for (const name of names)
  test(`rill ${name} --help has an example that it takes`, async () => {
    const examples = examplesOf(name);
    assert.ok(examples.length > 0);
    for (const line of examples) {
      const program = commandLine();
      let taken = false;
      for (const command of program.commands)
        command.action(() => {
          taken = command.name() === name;
        });
      await program.parseAsync(line.split(" ").slice(1), { from: "user" });
      assert.ok(taken, line);
    }
  });

test("an example with a flag that there is not is found", async () => {
  const program = commandLine();
  for (const command of program.commands) command.configureOutput({ outputError: () => undefined });
  await assert.rejects(
    program.parseAsync(["run", "a.wasm", "--no-such-flag"], { from: "user" }),
    /no-such-flag/,
  );
});
