/**
 * Loops with results of imported functions. `back…` give them back with each turn; in `kept…` a turn leaves
 * something behind, or may, and they stay as they are written.
 */
import { pause } from "as-rill/assembly";
import { count } from "./bindings/test-loops-lines";
import * as source from "./bindings/test-loops-source";
import { Pair, Thing, fetch, getPlain as plain, line, post, say } from "./bindings/test-loops-source";

const buffer = new StaticArray<u8>(16);
let sum: u32 = 0;
let last: string = "";
let newest: Pair | null = null;
let address: usize = 0;

class Box {
  text: string = "";
  n: u32 = 0;
}

class Store {
  constructor(public text: string) {}
  keep(text: string): void {
    this.text = text;
  }
  get size(): i32 {
    last = line(1);
    return last.length;
  }
}

class Sink {
  constructor(public write: (text: string) => void) {}
}

// Given back.

export function backList(n: i32): void {
  for (let at = 0; at < n; at++) {
    const bytes = source.bytes(16);
    for (let i = 0; i < bytes.length; i++) sum += bytes[i];
  }
}

export function backStringUntilEmpty(n: i32): void {
  for (;;) {
    const text = line(n--);
    if (!text.length) break;
    if (text == "again") continue;
    sum += text.charCodeAt(0) + say(text);
  }
}

export function backRecord(n: i32): void {
  let at = 0;
  while (at < n) {
    const pair = source.getPair(at++);
    sum += pair.data.length + pair.name.length + pair.n;
  }
}

export function backTwoCalls(n: i32): void {
  do {
    const text = line(n);
    const bytes = source.bytes(8);
    buffer[0] = bytes[0];
    sum += text.length;
  } while (--n > 0);
}

function lengthOf(n: u32): u32 {
  const text = line(n);
  return text.length;
}

function joined(n: u32): string {
  return line(n) + "!";
}

export function backInHelper(n: i32): void {
  for (let at = 0; at < n; at++) sum += lengthOf(at) + joined(at).length;
}

export function backAwaited(n: i32): void {
  for (let at = 0; at < n; at++) {
    const text = fetch.call(at);
    sum += text.length + post.call(text);
    pause();
  }
}

export function backListOfStrings(n: i32): void {
  for (let at = 0; at < n; at++) {
    const all = source.rows(at);
    for (let i = 0; i < all.length; i++) sum += all[i].length;
  }
}

export function backOption(n: i32): void {
  for (let at = 0; at < n; at++) {
    const maybe = source.maybe(at);
    if (maybe.tag == 1) sum += maybe.some.length;
  }
}

export function backMethod(thing: Thing, n: i32): void {
  for (let at = 0; at < n; at++) sum += thing.label(at).length;
}

export function backInCondition(n: i32): void {
  while (line(n).length > 1) n--;
}

export function backReturned(n: i32): string {
  for (let at = 0; at < n; at++) {
    const text = line(at);
    if (text.startsWith("x")) return text;
  }
  return "";
}

export function backField(box: Box, n: i32): void {
  for (let at = 0; at < n; at++) box.n += line(at).length;
}

export function backInner(n: i32): void {
  let longest = "";
  for (let at = 0; at < n; at++) {
    longest = line(at);
    for (let i = 0; i < 100; i++) sum += source.bytes(16).length;
  }
  sum += longest.length;
}

// Kept.

/** What is stored in a variable of the function lives on. */
export function keptInVariable(n: i32): void {
  let longest = "";
  for (let at = 0; at < n; at++) {
    const text = line(at);
    if (text.length > longest.length) longest = text;
  }
  sum += longest.length;
}

/** And in one of the file. */
export function keptInGlobal(n: i32): void {
  for (let at = 0; at < n; at++) last = line(at);
}

/** And in a field. */
export function keptInField(box: Box, n: i32): void {
  for (let at = 0; at < n; at++) box.text = line(at);
}

/** And in an array. */
export function keptInElement(lines: StaticArray<string>, n: i32): void {
  for (let at = 0; at < n; at++) lines[at] = line(at);
}

/** And what a method of AssemblyScript's keeps. */
export function keptByPush(lines: Array<string>, n: i32): void {
  for (let at = 0; at < n; at++) lines.push(line(at));
}

/** And what one of the guest's own keeps. */
export function keptByMethod(store: Store, n: i32): void {
  for (let at = 0; at < n; at++) store.keep(line(at));
}

/** A getter may keep something too. */
export function keptByGetter(store: Store, n: i32): void {
  for (let at = 0; at < n; at++) sum += store.size + line(at).length;
}

function noteLast(text: string): u32 {
  last = text;
  return text.length;
}

/** And so may a function. */
export function keptByHelper(n: i32): void {
  for (let at = 0; at < n; at++) sum += noteLast(line(at));
}

/** Text that grows from turn to turn. */
export function keptGrowing(n: i32): void {
  let all = "";
  for (let at = 0; at < n; at++) all += line(at);
  sum += all.length;
}

/** The head of a loop hands on what it has. */
export function keptInHead(n: i32): void {
  for (let text = line(n); text.length > 0; text = line(--n)) sum += text.length;
}

/** What was called before the loop begins lies in front of it, but a `for`'s own variables do not. */
export function keptOfHead(n: i32): void {
  for (const all = source.bytes(16); n > 0; n--) sum += all[0] + line(n).length;
}

/** A variable without a value may have that of the turn before. */
export function keptWithoutValue(n: i32): void {
  for (let at = 0; at < n; at++) {
    let text: string;
    if (at == 0) text = line(at);
    else text = "";
    sum += text.length;
  }
}

/** What `var` declares is there behind the loop. */
export function keptInVar(n: i32): void {
  do {
    var text = line(n);
    sum += text.length;
  } while (--n > 0);
  sum += text.length;
}

/** A block's variable of the same name is not the file's. */
export function keptBesideBlock(n: i32): void {
  for (let at = 0; at < n; at++) {
    last = line(at);
    const length = last.length;
    {
      let last = length;
      sum += ++last;
    }
  }
}

/** A field may hold a function. */
export function keptByField(n: i32): void {
  const sink = new Sink((text: string): void => {
    last = text;
  });
  for (let at = 0; at < n; at++) sink.write(line(at));
}

namespace notes {
  let newest = "";
  function note(text: string): void {
    newest = text;
  }
  export function write(text: string): u32 {
    note(text);
    return newest.length;
  }
}

function note(text: string): void {
  sum += text.length;
}

/** In a namespace a name may stand for another function. */
export function keptInNamespace(n: i32): void {
  for (let at = 0; at < n; at++) sum += notes.write(line(at));
  note("done");
}

/** And a namespace for a variable elsewhere. */
export function keptBesideVariable(n: i32): void {
  if (n > 1000) {
    const notes = n;
    sum += notes;
  }
  for (let at = 0; at < n; at++) sum += notes.write(line(at));
}

/** What a call is given that goes on, under a name that two turns of others have. */
export function keptByStartTwice(n: i32): void {
  for (let at = 0; at < n; at++) {
    if (at > 2) {
      const text = line(at);
      post.start(text);
    } else {
      const text = line(at + 1);
      sum += text.length;
    }
    sum += line(at).length;
    post.drop();
  }
}

/** What a call is given that goes on. */
export function keptByStart(n: i32): void {
  post.start("first");
  for (let at = 0; at < n; at++) {
    post.drop();
    post.start(line(at));
  }
}

/** An address is a number, and points there. */
export function keptAddress(n: i32): void {
  for (let at = 0; at < n; at++) address = changetype<usize>(source.bytes(at));
}

/** A closure may run whenever it likes. */
export function keptInFunction(n: i32): void {
  for (let at = 0; at < n; at++) {
    const length = (text: string): i32 => text.length;
    sum += length(line(at));
  }
}

/** A view lies where the next answer of its function will, and this one is used behind the loop. */
export function keptView(n: i32): void {
  const words = source.strings(0);
  for (let at = 0; at < n; at++) sum += source.strings(at).length;
  sum += words[0].length;
}

/** A name of the guest's own hides that of the bindings. */
export function keptHidden(line: (n: u32) => string, n: i32): void {
  for (let at = 0; at < n; at++) sum += line(at).length;
}

/** Nothing is given back where nothing is taken. */
export function keptNothing(n: i32): void {
  for (let at = 0; at < n; at++) sum += plain(at).a + say("hello");
}

export function runCount(task: count.Task): void {
  const n = <i32>task.n;
  const box = new Box();
  const thing = Thing.create("thing");
  backList(n);
  backStringUntilEmpty(n);
  backRecord(n);
  backTwoCalls(n);
  backInHelper(n);
  backAwaited(n);
  backListOfStrings(n);
  backOption(n);
  backMethod(thing, n);
  backInCondition(n);
  sum += backReturned(n).length;
  backField(box, n);
  sum += box.n;
  backInner(n / 100);
  thing.drop();
  const names = task.names;
  names.start();
  for (let at = 0; at < n; at++) sum += line(at).length;
  if (names.next()) sum += names.value.length;
  task.resolve(sum);
}
