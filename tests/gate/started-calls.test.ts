/**
 * What a call that goes on was passed stays as it is until the callee has started: whatever it was, wherever
 * it came from, and whatever the guest asks for meanwhile.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { PreparedGuest } from "../../tools/compile/guest-module.js";
import { checkPrepared } from "../../tools/gate/check-guest.js";
import { firstRule, gateGuest, sourceOf, withSource } from "./gate-guests.js";

/** Guests by what they do, between the first items of their ends and their answer. */
const guests: Readonly<Record<string, string>> = {
  "an item, then that end's next": "ask.start(a.value); if (a.next()) n += a.value.length;",
  "an item, then every end's next": "ask.start(a.value); b.next(); a.next(); d.next();",
  "an item, while reads are in flight": "ask.start(a.value); a.start(); b.start(); if (b.next()) a.next();",
  "a string made of items": `ask.start(a.value + b.value.name); b.next(); a.next(); n += a.done ? 1 : 0;`,
  "a future's value": "ask.start(c.read()); c.drop(); a.next(); b.next();",
  "a list of two ends' strings, and a record":
    "const words = tell.words(); words.allocate(2); words[0] = a.value; words[1] = b.value.name; tell.start(words, b.value); a.next(); b.next();",
  "a list that is changed afterwards":
    "const words = tell.words(); words.allocate(1); words[0] = a.value; tell.start(words, b.value); words[0] = b.value.name; words.length = 0;",
  "a case with a string, and an option":
    "const what = say.what(); what.tag = Message.text; what.text = a.value; const how = say.how(); how.tag = OptionStaticArrayU8.none; say.start(what, how, 1); a.next(); b.next();",
  "a case with a list of records, and an option of a list":
    "const what = say.what(); what.tag = Message.tags; what.tags.allocate(1); what.tags[0] = b.value; const how = say.how(); how.tag = OptionStaticArrayU8.some; const bytes = new StaticArray<u8>(3); how.some = bytes; say.start(what, how, 1); bytes[0] = 9; b.next(); a.next();",
  "lists of lists":
    "const rows = nest.rows(); rows.allocate(1); rows[0].allocate(2); rows[0][0] = a.value; rows[0][1] = b.value.name; const few = nest.few(); few[0] = b.value.name; few[1] = a.value; nest.start(rows, few); a.next(); b.next(); n += nest.result().length;",
  "a record of numbers in an end's slot": "if (d.next()) { send.start(d.value); d.next(); }",
  "what another call has answered":
    "ask.start(a.value); const say_ = ask.result(); ask.start(say_); a.next(); b.next(); n += ask.result().length;",
  "calls while others go on":
    "ask.start(a.value); if (a.next()) { const words = tell.words(); words.allocate(1); words[0] = a.value; tell.start(words, b.value); b.next(); if (a.next()) { ask.drop(); ask.start(a.value); a.next(); } }",
  "a call that waits, while another goes on":
    "if (d.next()) { ask.start(a.value); a.next(); send.call(d.value); b.next(); }",
  "a call that is given up and begun again":
    "ask.start(a.value); const more = a.next(); if (ask.cancel()) n += ask.result().length; if (more) { ask.start(a.value); a.next(); b.next(); }",
};

function guestText(body: string): string {
  return `import { post } from "./bindings/post";
import { ask, tell, say, nest, send, Message, OptionStaticArrayU8 } from "./bindings/post-import";
export function run(task: post.Task): void {
  const a = task.a;
  const b = task.b;
  const c = task.c;
  const d = task.d;
  let n = 0;
  if (a.next() && b.next()) {
    ${body}
  }
  ask.drop();
  tell.drop();
  say.drop();
  nest.drop();
  send.drop();
  task.resolve(n.toString());
}
`;
}

async function guest(body: string): Promise<PreparedGuest> {
  const base = await gateGuest("pass-an-item-then-read-on");
  return { ...base, bindings: new Map([...base.bindings, [`${base.name}.ts`, guestText(body)]]) };
}

for (const [what, body] of Object.entries(guests))
  test(`passed to a call that goes on: ${what}`, async () => {
    const bounds = { items: 2, calls: 1, seconds: 60 };
    const { findings, forms } = await checkPrepared(await guest(body), bounds, ["announcing"]);
    assert.deepEqual(findings, []);
    assert.ok(forms[0]!.complete, "every schedule was run");
  });

/** What keeps it, and a guest that shows when that is missing. */
const keepers: Readonly<Record<string, readonly [file: string, find: string, guest: string]>> = {
  "a string is copied": [
    "bindings/post-import.ts",
    "    question = keep_array<string>(question);\n",
    "an item, then that end's next",
  ],
  "what a record points to is copied": [
    "bindings/post-import.ts",
    "    keep_items(kept_about, 2);\n",
    "a list of two ends' strings, and a record",
  ],
  "what a case points to is copied": [
    "bindings/post-import.ts",
    "      keep_items(kept_what + 4, 2);\n",
    "a case with a string, and an option",
  ],
  "a record that is passed by its address is copied": [
    "bindings/post-import.ts",
    "    what = changetype<Parcel>(SEND_KEPT);\n",
    "a record of numbers in an end's slot",
  ],
};

for (const [what, [file, find, name]] of Object.entries(keepers))
  test(`without that it is found: ${what}`, async () => {
    const whole = await guest(guests[name]!);
    const source = sourceOf(whole, file);
    assert.ok(source.includes(find));
    const found = await firstRule(withSource(whole, file, source.replaceAll(find, "")), {
      items: 2,
      calls: 1,
    });
    assert.ok(["arena-after-reset", "lent-twice", "lent-write"].includes(String(found)), String(found));
  });
