/** What the guests of this folder and the shipped ones have to write and answer, item by item. */
import type { Value } from "../../tools/host/values/value.js";
import type { Contents } from "../../tools/gate/model/contents.js";
import { sampleItem } from "../../tools/gate/model/sample-values.js";
import type { ValueType } from "../../tools/wit/model.js";

type Item = (index: number) => Value | undefined;
type Result = (params: readonly Value[], moved: readonly number[]) => Value | undefined;

/** Contents from functions by the names that traces give streams, and by function names. */
function contents(
  items: Readonly<Record<string, Item>>,
  results: Readonly<Record<string, Result>> = {},
): Contents {
  return {
    item: (what, index) => items[what]?.(index),
    result: (name, params, moved) => results[name]?.(params, moved),
  };
}

const u8 = { kind: "u8" } as const;
const u16 = { kind: "u16" } as const;
const u32 = { kind: "u32" } as const;
const u64 = { kind: "u64" } as const;
const string = { kind: "string" } as const;

/** Item `index` of a stream of numbers that is parameter number `param`. */
const number = (type: ValueType, index: number, param = 0): number =>
  sampleItem(type, index, param) as number;
const text = (index: number, param = 0): string => sampleItem(string, index, param) as string;

const echo = contents({ "the result of `pass`": (index) => number(u16, index) });

const reading: Item = (index) => {
  const level = number(u16, index >> 1);
  const value = sampleItem(
    {
      kind: "record",
      fields: [
        { name: "at", type: u64 },
        { name: "level", type: u16 },
        { name: "flag", type: { kind: "bool" } },
      ],
    },
    index >> 1,
    0,
  ) as Record<string, Value>;
  return index % 2 === 0 ? { ...value, level: level >> 1, flag: value.flag !== true } : value;
};

/** What `move-bytes-in-an-array` does, on an array that the language itself moves. */
function moved(length: number): number[] {
  const space = 48;
  const bytes = Uint8Array.from({ length: space }, (_, i) => i + length);
  for (const [to, from, count] of [
    [3, 0, 8],
    [20, 16, 13],
    [12, 14, 12],
    [32, 40, 4],
    [44, 40, 4],
    [0, 1, 2],
    [24, 4, 7],
  ] as const)
    bytes.copyWithin(to, from, from + count);
  return Array.from(bytes, (byte, i) => byte ^ bytes[space - 1 - i]!);
}

/** The sum of all items of the first stream that have arrived. */
const sumOfItems: Result = (_, [moved]) =>
  Array.from({ length: moved! }, (_item, index) => number(u32, index)).reduce((sum, item) => sum + item, 0);

const sideBySide = contents({
  "the result of `pair`": (index) => ({
    name: text(index),
    numbers: sampleItem({ kind: "list", element: u64 }, index, 1),
  }),
});

const byGuest: Readonly<Record<string, Contents>> = {
  "start-poll-cancel-write-again": contents({ "the result of `pass`": (index) => number(u16, index) + 1 }),
  "read-into-then-write-from": echo,
  "collect-then-write-all": echo,
  "read-to-the-end": contents({}, { sum: sumOfItems }),
  "collect-then-resolve": contents({}, { sum: sumOfItems }),
  "mark-then-release": contents({
    "the result of `label`": (index) => `${text(index)}${2 * text(index).length + 3}`,
  }),
  "copy-arrays-behind-an-item": echo,
  "leave-while-writing": contents({ "the result of `count`": (index) => index }),
  "read-nothing-while-held": echo,
  "cancel-then-read-packed": contents({
    "the result of `tiny-one`": (index) =>
      sampleItem({ kind: "record", fields: ["a", "b", "c"].map((name) => ({ name, type: u8 })) }, index, 0),
  }),
  "move-bytes-in-an-array": contents({
    "the result of `move`": (index) =>
      moved((sampleItem({ kind: "list", element: u8 }, index, 0) as readonly number[]).length),
  }),
  "cancel-then-call-twice": contents({}),
  "read-ahead-while-writing": contents({
    "the result of `pass`": (index) => (index % 2 === 0 ? number(u16, index / 2) : 7),
  }),
  "drop-in-flight": contents({ "the result of `pass`": (index) => (index === 0 ? number(u16, 0) : 3) }),
  "records-in-place": contents({ "the result of `smooth`": reading }),
  "write-a-few": contents({ "the result of `count`": (index) => index }),
  "write-twice": contents({ "the result of `label`": (index) => text(index >> 1) }),
  "start-write-then-write": contents({ "the result of `oath`": () => number(u32, 0) + 1 }),
  "future-read-then-write": contents({ "the result of `oath`": () => 2 * number(u32, 0) }),
  "future-string-read-twice": contents({ "the result of `letter`": () => `${text(0)}!` }),
  "write-to-a-call-then-read": contents({ "`x`": (index) => index + 1 }),
  // Its caller gives up while it writes the first item: the second one is offered all the same.
  "write-to-a-call-then-read, called back": contents({ "`x`": (index) => (index === 0 ? undefined : 2) }),
  "write-joined-strings": contents({ "the result of `label`": (index) => `# ${text(index)}` }),
  "start-a-string-then-settle": contents({}),
  "read-two-then-write-record": sideBySide,
  "two-arena-reads-in-flight": sideBySide,
  "sync-call-between-reads": contents(
    { "the result of `join`": (index) => text(index) + text(index, 1) },
    { same: ([value]) => value },
  ),
  "start-call-then-read": contents(
    {},
    {
      gather: (_, [first, second]) => {
        const [a, b] = [first! > 1 ? text(1) : "-", second! > 0 ? text(0, 1) : "-"];
        return first === 0 ? "" : `a${a}${b}`;
      },
    },
  ),
  "read-on-while-asked-again": contents({
    "the result of `pair`": () => ({
      name: text(0),
      numbers: sampleItem({ kind: "list", element: u64 }, 1, 1),
    }),
  }),
  "call-with-strings": contents({}, { run: () => "a/a", twice: ([name]) => String(name) + String(name) }),
};

/** What a guest of `guests/` has to give; nothing is known of those that do not stand here. */
export function guestContents(name: string): Contents {
  return byGuest[name] ?? contents({});
}

/** The same where its caller may give up, in strategy `callback`. */
export function calledBackContents(name: string): Contents {
  return byGuest[`${name}, called back`] ?? guestContents(name);
}

const sumOf = (values: Value | undefined): number =>
  (values as readonly number[]).reduce((sum, value) => sum + value, 0);
const same: Result = ([value]) => value;

const byPath: Readonly<Record<string, Contents>> = {
  "tests/guests/double/double": contents({ "the result of `double`": (index) => 2 * number(u32, index) }),
  "examples/names/names": contents({ "the result of `label`": (index) => `# ${text(index)}` }),
  "tests/guests/lists/lists": contents({
    "the result of `sums`": (index) => sumOf(sampleItem({ kind: "list", element: u8 }, index, 0)),
    "the result of `same`": (index) => sampleItem({ kind: "list", element: u8 }, index, 0),
  }),
  "tests/guests/texts/texts": contents(
    {
      "the result of `texts`": (index) => `<${text(index)}>`,
      "the result of `zip`": (index) => `${text(index)}|${text(index, 1)}`,
    },
    {
      "same-text": same,
      "same-bytes": same,
      "same-wide": same,
      "same-entry": same,
      "same-note": same,
      "same-maybe": same,
      "same-lists": same,
      "same-three": same,
      length: ([x]) => (x as string).length,
      repeat: ([x, count]) => [
        Array.from({ length: count as number }, () => x!),
        (count as number) * (x as string).length,
      ],
      "later-text": ([x]) => String(x) + "!",
      "later-entry": ([x]) => ({ ...(x as object), name: `${(x as { name: string }).name}?` }),
      through: () => "a",
      asking: () => "a/a",
    },
  ),
  "tests/guests/values/values": contents({}, { "same-mixed": same, "same-one": same, "later-one": same }),
  "tests/guests/wide/wide": contents({}, { same }),
};

/** What a shipped guest has to give. @param path of its source, without extension */
export function shippedContents(path: string): Contents {
  return byPath[path] ?? contents({});
}
