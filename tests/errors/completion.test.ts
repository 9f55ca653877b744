/** `rill completion` in real shells: what is typed becomes what is meant. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { BOARDS, NATIVE_BOARDS } from "../../tools/pack/board-table.js";
import { program } from "../../tools/setup/programs.js";
import { run } from "../../tools/setup/run.js";
import { isMissing, type Tool } from "../../tools/setup/tool.js";
import { rill } from "./rill.js";

/** Asked for in front of every test: what waits between two lets `after` run, and the folder is gone. */
const [fish, zsh] = [await program("fish"), await program("zsh")];

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "rill-completion-"));
  writeFileSync(join(folder, "guest.core.wasm"), "");
});
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a script of the shell in a folder with `rill.SHELL`, its completion, and `guest.core.wasm`. */
async function inShell(shell: string, ...args: string[]): Promise<string> {
  const { code, stdout } = rill(folder, ["completion", shell]);
  assert.equal(code, 0);
  writeFileSync(join(folder, `rill.${shell}`), stdout);
  const { code: ended, output } = await run(shell, args, { cwd: folder });
  assert.equal(ended, 0, output);
  return output;
}

/** Words before the cursor, and what bash and fish offer there. */
const offers: readonly [typed: string, offered: readonly string[]][] = [
  ["pa", ["pack"]],
  ["run --ho", ["--host"]],
  ["run --host ", ["native", "v8", "wamr"]],
  ["--debug pack --format he", ["hex"]],
  ["fit --board ", [...BOARDS, ...NATIVE_BOARDS].map(({ name }) => name)],
  ["completion ", ["bash", "fish", "zsh"]],
  ["init guest --template fir", ["firmware"]],
];

test("bash", async () => {
  const lines = offers.map(([typed]) => `offer ${typed.replace(/ $/, " ''")}`);
  const script = `source rill.bash
    offer() { COMP_WORDS=(rill "$@"); COMP_CWORD=$#; COMPREPLY=(); _rill; echo "\${COMPREPLY[*]}"; }
    ${lines.join("\n")}
    offer run gue; offer run --host = w; offer --cache ""; offer --cache x bud; complete -p rill`;
  const said = (await inShell("bash", "--norc", "-c", script)).trimEnd().split("\n");
  for (const [typed, offered] of offers)
    assert.deepEqual(said.shift()!.split(" ").sort(), [...offered].sort(), typed);
  // Where it offers nothing, bash offers files.
  assert.deepEqual(said, ["", "wamr", "", "budget", "complete -o bashdefault -o default -F _rill rill"]);
});

test("fish", unless(fish), async () => {
  const lines = [...offers.map(([typed]) => typed), "run gue"].map(
    (typed) => `complete -C 'rill ${typed}'; echo .`,
  );
  const said = await inShell("fish", "--no-config", "-c", `source rill.fish; ${lines.join("; ")}`);
  const lists = said.split(/^\.\n/m).map((list) =>
    list
      .split("\n")
      .filter(Boolean)
      .map((line) => line.split("\t")[0]!),
  );
  for (const [typed, offered] of offers) assert.deepEqual(lists.shift()!.sort(), [...offered].sort(), typed);
  assert.deepEqual(lists.shift(), ["guest.core.wasm"]);
});

test("zsh", unless(zsh), async () => {
  const typed = [
    "pack --form\\th\\t",
    "comple\\tz\\t",
    "budget --no-v\\t gue\\t",
    "fit gue\\t --board micr\\t",
  ];
  const rounds = typed.map(
    (keys) => `zpty -w z $'rill ${keys}'; zpty -r z out '*GOT:*:*'; print -r -- "$out"`,
  );
  const script = `zmodload zsh/zpty; zpty z zsh -f -i
    zpty -w z "PROMPT=; autoload -Uz compinit; compinit -D -u; rill() { print GOT:\\$*: }; source rill.zsh; print REA''DY"
    zpty -r z out '*READY*'; ${rounds.join("; ")}; zpty -d z`;
  const said = [...(await inShell("zsh", "-f", "-c", script)).matchAll(/GOT:(.*):/g)].map(([, line]) => line);
  assert.deepEqual(said, [
    "pack --format hex",
    "completion zsh",
    "budget --no-validate guest.core.wasm",
    "fit guest.core.wasm --board microbit",
  ]);
});

/** Skips a test of a shell that is not here, except in CI. */
function unless(tool: Tool): { skip: string | false } {
  return {
    skip: isMissing(tool) && process.env.CI === undefined ? `needs ${tool.missing}: ${tool.how}` : false,
  };
}
