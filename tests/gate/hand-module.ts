/** Modules by hand, to break one rule at a time without the library. */
import { assemble } from "../../tools/gate/instrumentation/checking-module.js";
import { defaultBounds, exploreModule } from "../../tools/gate/check-guest.js";
import type { Discovery } from "../../tools/gate/explore/explore.js";
import { GuestRunner } from "../../tools/gate/explore/guest-runner.js";
import { planWorld } from "../../tools/gate/model/plan.js";
import type { FunctionType, World } from "../../tools/wit/model.js";

const token = { owner: "hand:made/w", name: "token" };

const send: FunctionType = {
  name: "send",
  kind: "freestanding",
  async: false,
  params: [{ name: "s", type: { kind: "stream", element: { kind: "u32" } } }],
  result: null,
};

/**
 * `f: async func(x: stream<u32>, h: stream<token>)`, with a resource `token` and
 * `send: func(s: stream<u32>)` that are imported.
 */
export const handWorld: World = {
  id: "hand:made/w",
  imports: { interfaces: [], functions: [send], types: [], resources: [token] },
  exports: {
    interfaces: [],
    types: [],
    resources: [],
    functions: [
      {
        name: "f",
        kind: "freestanding",
        async: true,
        params: [
          { name: "x", type: { kind: "stream", element: { kind: "u32" } } },
          { name: "h", type: { kind: "stream", element: { kind: "own", resource: token } } },
        ],
        result: null,
      },
    ],
  },
};

const imports: readonly (readonly [string, string, string, string])[] = [
  ["[export]$root", "[async-lower][stream-read-0]f", "$read", "(param i32 i32 i32) (result i32)"],
  ["[export]$root", "[async-lower][stream-read-1]f", "$read-token", "(param i32 i32 i32) (result i32)"],
  ["[export]$root", "[async-lower][stream-write-0]f", "$write", "(param i32 i32 i32) (result i32)"],
  ["[export]$root", "[stream-new-0]f", "$new", "(result i64)"],
  ["$root", "send", "$send", "(param i32)"],
  ["[export]$root", "[stream-cancel-read-0]f", "$cancel", "(param i32) (result i32)"],
  ["[export]$root", "[stream-drop-readable-0]f", "$drop", "(param i32)"],
  ["[export]$root", "[stream-drop-readable-1]f", "$drop-token-stream", "(param i32)"],
  ["[export]$root", "[task-return]f", "$return", ""],
  ["$root", "[resource-drop]token", "$drop-token", "(param i32)"],
  ["rill-check", "open", "$open", "(param i32 i32 i32)"],
  ["rill-check", "close", "$close", "(param i32)"],
  ["rill-check", "next", "$next", "(param i32 i32)"],
  ["rill-check", "arena-taken", "$arena-taken", "(param i32 i32)"],
  ["rill-check", "arena-reset", "$arena-reset", "(param i32 i32)"],
  ["rill-check", "place-busy", "$place-busy", "(param i32 i32 i32 i32 i32) (result i32)"],
  ["rill-check", "place-released", "$place-released", "(param i32)"],
];

/**
 * Explores `f` with a body in WebAssembly text; `$x` and `$h` are the ends' handles,
 * and what `f` writes has to be 1, 2, ....
 * @returns what it breaks
 */
export function exploreBody(body: string): readonly Discovery[] {
  const lines = imports.map(
    ([module, name, func, type]) => `(import "${module}" "${name}" (func ${func} ${type}))`,
  );
  const wat = `(module ${lines.join("\n")} (memory $m 1) (export "memory" (memory $m))
    (func $f (param $x i32) (param $h i32) (result i32) ${body} (i32.const 0))
    (export "[async-lift]f" (func $f)))`;
  const runner = new GuestRunner(assemble(wat, 128, "announcing"), planWorld(handWorld), {
    items: 2,
    idlePolls: 1,
  });
  runner.host.expectations.set({ item: (_, index) => index + 1, result: () => undefined });
  return exploreModule(runner, { ...defaultBounds, calls: 1 }).discoveries;
}
