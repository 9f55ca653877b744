/** Guests of this library and guests made by wit-bindgen for Rust, on either side of the same interface. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { compose, runOnWasmtime } from "../wasmtime/components.js";
import { changed, ours, rusts, type Part } from "./guests.js";

const paths = new Map<string, string>();

before(async () => {
  for (const part of ["echo", "runner"] satisfies Part[]) {
    paths.set(`rust-${part}`, await rusts(part));
    paths.set(`our-${part}`, await ours(part));
  }
});

async function meet(
  runner: string,
  echo: string,
  name: string,
): Promise<{ code: number | null; output: string }> {
  return runOnWasmtime(await compose(runner, echo, name));
}

const pairs: readonly (readonly [runner: string, echo: string])[] = [
  ["rust-runner", "our-echo"],
  ["our-runner", "rust-echo"],
  ["our-runner", "our-echo"],
  ["rust-runner", "rust-echo"], // shows that the scenario itself keeps the rules
];

for (const [runner, echo] of pairs) {
  test(`${runner} and ${echo}`, async () => {
    const { code, output } = await meet(paths.get(runner)!, paths.get(echo)!, `${runner}-${echo}`);
    assert.equal(code, 0, output);
  });
}

const mutants: readonly (readonly [name: string, find: string, replace: string])[] = [
  ["drops-a-letter", "return x;", "return x.substring(1);"],
  ["forgets-a-case", "answer.item0.tag = x.tag;", "answer.item0.tag = 0;"],
  ["counts-on", "self.value += more;", "self.value += more + 1;"],
  ["keeps-a-sum", "  self.release();", ""],
  ["ticks-once", "while (task.x.next() && output.writeOne()) {}", "task.x.next() && output.writeOne();"],
  ["writes-another-number", "write(task.x.read());", "write(task.x.read() + 1);"],
  ["stops-early", "while (task.x.next() && output", "if (task.x.next() && output"],
];

for (const [name, find, replace] of mutants) {
  test(`both runners notice an echo that ${name.replaceAll("-", " ")}`, async () => {
    const echo = await changed("echo", name, (source) => source.replace(find, replace));
    for (const runner of ["rust-runner", "our-runner"]) {
      const { code, output } = await meet(paths.get(runner)!, echo, `${runner}-${name}`);
      assert.notEqual(code, 0, `${runner}: ${output}`);
    }
  });
}
