import assert from "node:assert/strict";
import { test } from "node:test";
import { parseForm } from "../../tools/compile/passes/s-expression.js";
import { FunctionContext } from "../../tools/gate/instrumentation/function-context.js";
import { markGuestLines } from "../../tools/gate/instrumentation/guest-lines.js";

const marks = (text: string, index: number): number =>
  text.replace(/\s+/g, " ").split(`(global.set $gate|line (i32.const ${index}))`).length - 1;

/**
 * A function that calls with what a call answers and drops the result, as asc
 * writes it: no position on the outer call.
 */
const module = `(module
 (func $lib (param $0 i32) (result i32)
  (local.get $0)
 )
 (func $run
  ;;@ guest.ts:5:2
  (drop
   ;;@
   (call $lib
    ;;@ guest.ts:5:8
    (call $lib
     (i32.const 1)
    )
   )
  )
  ;;@ ~lib/as-rill/assembly/operation.ts:9:1
  (drop
   (call $lib
    (i32.const 2)
   )
  )
 )
)`;

test("each call of the guest's leaves its line, a call with a dropped result too, and again after its operands' calls", () => {
  const { text, lines } = markGuestLines(module);
  assert.deepEqual(lines, ["", "guest.ts:5:8", "guest.ts:5:2"]);
  assert.equal(marks(text, 1), 1);
  assert.equal(marks(text, 2), 2);
  assert.match(text, /\(export "gate\|line"/);
});

test("what asc has inlined leaves its line, the entry's calls leave none", () => {
  const inlined = module
    .replace(
      "(call $lib\n    ;;@ guest.ts:5:8",
      "(call $lib\n    ;;@ guest.ts:5:9\n(block $get:x|inlined.1 (result i32)",
    )
    .replace("(i32.const 1)\n    )", "(i32.const 1)\n    ))")
    .replace("~lib/as-rill/assembly/operation.ts", "rill-entry.ts");
  const { text, lines } = markGuestLines(inlined);
  assert.ok(lines.includes("guest.ts:5:9"));
  assert.equal(marks(text, 0), 1);
});

test("what may trap in the guest's own sources leaves its line in front of it; the library's leaves none", () => {
  const traps = (position: string): string => `(module
 (func $run (param $0 i32) (result i32)
  ;;@ ${position}:7:2
  (if
   (local.get $0)
   (then
    (unreachable)
   )
  )
  ;;@ ${position}:8:9
  (i32.div_u
   (i32.const 1)
   (local.get $0)
  )
 )
)`;
  const { text, lines } = markGuestLines(traps("guest.ts"));
  assert.deepEqual(lines, ["", "guest.ts:7:2", "guest.ts:8:9"]);
  const words = text.replace(/;;@[^\n]*/g, "").replace(/\s+/g, " ");
  assert.match(words, /\(global\.set \$gate\|line \(i32\.const 1\) ?\) ?\(unreachable ?\)/);
  assert.match(
    words,
    /\(block \(result i32 ?\) ?\(global\.set \$gate\|line \(i32\.const 2\) ?\) ?\(i32\.div_u/,
  );
  assert.deepEqual(markGuestLines(traps("~lib/as-rill/assembly/operation.ts")).lines, [""]);
});

test("a read without a place is near what computes its address, and near a variable where nothing else is there", () => {
  const near = (address: string): string => {
    const read = parseForm(`(i32.load offset=16 ${address})`);
    const context = new FunctionContext(parseForm("(func $run)"), []);
    context.site("load", read);
    return context.sites[0]!.near;
  };
  const variable = "\n;;@ guest.ts:9:9\n(local.get $text)";
  assert.equal(near(variable), "guest.ts:9:9");
  assert.equal(
    near(`(i32.sub ${variable} \n;;@ ~lib/string.ts:51:56\n(i32.const 20))`),
    "~lib/string.ts:51:56",
  );
});
