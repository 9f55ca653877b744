import assert from "node:assert/strict";
import { test } from "node:test";
import { brokenContracts } from "./c-contracts.js";
import { otherDialect } from "./c-comments.js";
import { undocumented } from "./undocumented.js";
import { unmarkedUnsafe } from "./unmarked-unsafe.js";
import { unexplainedSteps } from "./unsafe-steps.js";

test("a bare export, a bare member and a bare export in a namespace are found", () => {
  const text = [
    "export const a = 1;",
    "/** Documented. */",
    "export class C {",
    "  field: u32;",
    "  /** Documented. */",
    "  @inline get value(): u32 { return 0; }",
    "  private hidden(): void {}",
    "  constructor() {}",
    "}",
    "/** Documented. */",
    "export namespace n { export function f(): void {} function g(): void {} }",
    "function local(): void {}",
  ].join("\n");
  assert.deepEqual(undocumented("a.ts", text), ["1: a", "4: field", "11: f"]);
});

test("a decorator does not hide a doc comment", () => {
  assert.deepEqual(
    undocumented("a.ts", '/** Doc. */\n@external("a", "b")\nexport declare function f(): void;'),
    [],
  );
});

for (const step of ["changetype<Slot>(p)", "load<u32>(p)", "store<u32>(p, 1)", "memory.copy(a, b, 4)"]) {
  test(`${step.split(/[<(]/)[0]!} without a reason is found`, () => {
    const name = step.split(/[<(]/)[0]!;
    assert.deepEqual(unexplainedSteps("a.ts", `function f(): void {\n  ${step};\n}`), [`2: ${name}`]);
  });
}

test("an address that is computed without a reason is found, a distance and a count are none", () => {
  for (const [text, found] of [
    ["function f(ptr: usize): usize { return ptr + 4; }", ["1: an address from an address"]],
    ["function f(ptr: usize): usize { return ptr - 4; }", ["1: an address from an address"]],
    ["store(changetype<usize>(a) + 4);", ["1: store", "1: an address from an address"]],
    ["function f(ptr: usize, to: usize): usize { return ptr - to; }", []],
    ["function f(byteLength: usize): usize { return byteLength + 4; }", []],
    ["// SAFETY: it is there\nfunction f(ptr: usize): usize { return ptr + 4; }", []],
  ] as const)
    assert.deepEqual(unexplainedSteps("a.ts", text), found, text);
});

test("taking an address, and calling a class without state, is no unsafe step", () => {
  assert.deepEqual(unexplainedSteps("a.ts", "changetype<usize>(x); changetype<Ops>(0).read();"), []);
  assert.deepEqual(unexplainedSteps("a.ts", "changetype<Ops>(8).read();"), ["1: changetype"]);
});

for (const [where, text] of [
  ["on its own line", "load<u32>(p); // SAFETY: p is a slot"],
  ["in front of the statement", "// SAFETY: p is a slot\nlet x = 1 + load<u32>(p);"],
  ["in front of the statement around it", "// SAFETY: p is a slot\nif (a) { load<u32>(p); }"],
  ["in the function's comment", "/** SAFETY: p is a slot */\nfunction f(): u32 { return load<u32>(p); }"],
  [
    "in the member's comment",
    "class C {\n  /** SAFETY: p is a slot */\n  f(): u32 { return load<u32>(p); }\n}",
  ],
] as const) {
  test(`a reason ${where} is within reach`, () => {
    assert.deepEqual(unexplainedSteps("a.ts", text), []);
  });
}

test("a reason in front of the whole class, or in another statement, is too far", () => {
  const far = "/** SAFETY: all is well */\nclass C {\n  f(): u32 { return load<u32>(p); }\n}";
  assert.deepEqual(unexplainedSteps("a.ts", far), ["3: load"]);
  assert.deepEqual(unexplainedSteps("a.ts", "// SAFETY: a\nlet a = 1;\nload<u32>(p);"), ["3: load"]);
});

test("an address that is taken without the decorator, or without what the caller must do, is found", () => {
  const must = "/** Caller must: own it. */";
  for (const [text, found] of [
    ["export function f(ptr: usize): void {}", ["1: f"]],
    [`${must}\nexport function f(ptr: usize): void {}`, ["2: f"]],
    ["/** @unsafe Caller must: own it. */\nexport function f(table: usize): void {}", ["2: f"]],
    ["/** Takes it. */\n@unsafe\nexport function f(ptr: usize): void {}", ["2: f"]],
    [`${must}\n@unsafe\nexport function f(ptr: usize): void {}`, []],
    [`${must}\n@unsafe\n@inline\nexport function f(ptr: usize): void {}`, []],
    [`export class C {\n  f(region: usize): void {}\n  private g(ptr: usize): void {}\n}`, ["2: f"]],
    [`export class C {\n  ${must}\n  @unsafe\n  f(region: usize): void {}\n}`, []],
    ["export function f(byteLength: usize, stride: usize, length: u32): void {}", []],
    ["function f(ptr: usize): void {}", []],
  ] as const)
    assert.deepEqual(unmarkedUnsafe("a.ts", text), found, text);
});

test("a C comment of another dialect is found, and what is in a string is none", () => {
  const good = '/// Name ///\n/* why */\n/** What.\n * @param a it\n * @returns it */\nchar *s = "// no";';
  assert.deepEqual(otherDialect("a.c", good), []);
  for (const [text, found] of [
    ["int a; // why", "1: //"],
    ["int a;\nint b; /**< why */", "2: /**<"],
    ["/*! What. */", "1: /*!"],
    ["/** What. @return it */", "1: @return"],
    ["/** \\brief What. */", "1: \\brief"],
  ] as const)
    assert.deepEqual(otherDialect("a.c", text), [found], text);
});

const SECTION = "/// Built-ins ///\n/*\n * @param host the guest\n * @returns false for a trap\n */\n\n";
const DECLARED = "bool f(struct rill_host *host, uint32_t ptr, uint32_t length);\n";
const CONTRACT = [
  "@param ptr    an address",
  "@param length elements",
  "Lends: the range",
  "Traps: a bad range",
  "Spec:  CanonicalABI.md, Loading; Storing",
];

function contract(lines: readonly string[], declared = DECLARED, sources: readonly string[] = []): string[] {
  return brokenContracts(`${SECTION}/**\n * What.\n * ${lines.join("\n * ")}\n */\n${declared}`, sources);
}

test("a contract that is whole has no fault; its section may say what many share", () => {
  assert.deepEqual(contract(CONTRACT), []);
});

for (const [at, found] of [
  [0, "no @param ptr"],
  [1, "no @param length"],
  [2, "no Lends:"],
  [3, "no Traps:"],
  [4, "no Spec:"],
] as const) {
  test(`a contract is found to have ${found}`, () => {
    assert.deepEqual(contract(CONTRACT.filter((_line, index) => index !== at)), [`14: f: ${found}`]);
  });
}

test("what a contract should not say is found", () => {
  for (const [line, found] of [
    ["@param size bytes", "@param size is none"],
    ["Spec: CanonicalABI.md, Lodaing", 'no heading "Lodaing"'],
  ] as const)
    assert.deepEqual(contract([...CONTRACT, line]), [`16: f: ${found}`]);
  assert.deepEqual(contract(["@param length elements", "@param ptr address", ...CONTRACT.slice(2)]), [
    "15: f: @param in another order",
  ]);
  assert.deepEqual(contract(["@param ptr address", "@param length how many", ...CONTRACT.slice(2)]), [
    "15: f: @param length without what it counts",
  ]);
  assert.deepEqual(brokenContracts("/** What. @returns it */\nvoid f(void);", []), [
    "2: f: @returns of nothing",
  ]);
});

test("a function without a doc comment, one that keeps a pointer, and one that a member points to are found", () => {
  assert.deepEqual(brokenContracts("/* What. */\nint f(void);\n", []), ["2: f: no doc comment"]);
  const keeps = "/** What. @param to it */\nvoid f(struct a *to);\n";
  assert.deepEqual(brokenContracts(keeps, ["void f(struct a *to)\n{\n    *to = 0;\n}\n"]), []);
  assert.deepEqual(brokenContracts(keeps, ["void f(struct a *to)\n{\n    all->one = to;\n}\n"]), [
    "2: f: no Lends:",
  ]);
  const member = "struct a {\n    /** What. */\n    bool (*f)(void *to);\n};\n";
  assert.deepEqual(brokenContracts(member, []), ["3: f: no @param to", "3: f: no @returns"]);
});
