import assert from "node:assert/strict";
import { test } from "node:test";
import { hostFiles, mutantsOf, withMutant } from "./c-mutants.js";
import { functionsOf } from "./c-syntax.js";
import { mutantAt, schemaOf } from "./schema.js";

/** The changes of a function's one line, without file, function and line. */
function changesOf(line: string, type = "void"): string[] {
  return mutantsOf("x.c", `${type} f(int a, int b)\n{\n    ${line}\n}\n`).map(({ key }) =>
    key.slice(`x.c: f: ${line}: `.length),
  );
}

const classes: readonly (readonly [what: string, line: string, changes: readonly string[], type?: string])[] =
  [
    ["comparisons", "a = b < c;", ["removed", "< ⇒ <=", "< ⇒ >="]],
    ["equality", "a = b == c;", ["removed", "== ⇒ !="]],
    ["sums", "a = b + c;", ["removed", "+ ⇒ -"]],
    ["bits", "a = b & c;", ["removed", "& ⇒ |"]],
    ["shifts", "a = b << c;", ["removed", "<< ⇒ >>"]],
    ["assignments that compute", "a |= b;", ["removed", "|= ⇒ &="]],
    ["counting", "a++;", ["removed", "++ ⇒ --"]],
    ["negation", "a = !b;", ["removed", "! ⇒ nothing"]],
    ["numbers, with their suffix", "a = 15u;", ["removed", "15u ⇒ 16u"]],
    ["wide numbers", "a = UINT32_C(0x80);", ["removed", "UINT32_C(0x80) ⇒ + 1"]],
    [
      "names of constants, but not NULL",
      "a = b == NULL ? RILL_SET : c;",
      ["removed", "? : ⇒ RILL_SET", "? : ⇒ c", "== ⇒ !=", "RILL_SET ⇒ + 1"],
    ],
    ["true and false", "a = true;", ["removed", "true ⇒ false"]],
    ["conjuncts that are dropped", "a = b && c;", ["removed", "&& ⇒ ||", "&& c dropped", "&& b dropped"]],
    ["conditions", "if (a) { b(); }", ["a ⇒ true", "a ⇒ false", "removed"]],
    ["loops that are not entered", "while (a) { b(); }", ["a ⇒ false", "removed"]],
    ["answers", "return g(a);", ["g(a) ⇒ true", "g(a) ⇒ false"], "bool"],
    ["calls", "g(a);", ["removed"]],
    [
      "what ends a case",
      "switch (a) { case 1: g(); break; default: h(); }",
      ["removed", "removed #2", "removed #3"],
    ],
    ["nothing in what is never run", "(void)a; static const int t[2] = {1, 2}; int b[4];", []],
    ["nothing in sizeof and casts", "a = (uint32_t)sizeof(b[3]);", ["removed"]],
  ];

for (const [what, line, changes, type] of classes)
  test(`mutants of ${what}`, () => {
    assert.deepEqual(changesOf(line, type), changes);
  });

test("two statements change places, unless one plainly does not touch the other", () => {
  const orderOf = (line: string): string[] => changesOf(line).filter((change) => change.startsWith("after"));
  assert.deepEqual(orderOf("g(a); h(a);"), ["after h(a);"]);
  assert.deepEqual(orderOf("x->a = c; x->b = c;"), []);
  assert.deepEqual(orderOf("x->a = b; x->b = x->a;"), ["after x->b = x->a;"]);
  assert.deepEqual(orderOf("if (a) { return; } if (b) { return; }"), []);
});

test("a mutant's change alone, in parentheses where an operator may bind otherwise", () => {
  const source = "int f(int a)\n{\n    g(a);\n    h(a);\n    return a == 1 || a == 2 || a > 3;\n}\n";
  const texts = mutantsOf("x.c", source).map((mutant) =>
    withMutant(source, mutant).split("\n").slice(2, 5).join(""),
  );
  assert.ok(texts.includes("    h(a); g(a);    ;    return a == 1 || a == 2 || a > 3;"), texts.join("\n"));
  assert.ok(
    texts.some((text) => text.endsWith("return ((a == 1 || a == 2) && (a > 3));")),
    texts.join("\n"),
  );
});

test("a schema holds every mutant behind its number, inner ones inside of outer ones", () => {
  const source = "int f(int a)\n{\n    while (a) {\n        a = g(a) - 1;\n    }\n}\n";
  const mutants = mutantsOf("x.c", source).map((mutant, index) => [index + 1, mutant] as const);
  const schema = schemaOf(source, mutants, 1000);
  assert.deepEqual(
    mutants.map(([, { key }]) => key.replace(/.*: /, "")),
    ["a ⇒ false", "removed", "- ⇒ +", "1 ⇒ 2"],
  );
  assert.equal(
    schema.text,
    [
      "int f(int a)",
      "{ rill_reach(1001);",
      "    while ((rill_mutant == 1 ? (false) : (a))) { rill_turn();",
      "        if (rill_mutant == 2) { ; } else { a = (rill_mutant == 3 ? (g(a) + 1) : (g(a) - (rill_mutant == 4 ? (2) : (1)))); }",
      "    }",
      "}",
      "",
    ].join("\n"),
  );
  const line = schema.text.split("\n")[3]!;
  assert.equal(mutantAt(schema, 4, line.indexOf("g(a) + 1") + 1), 3);
  assert.equal(mutantAt(schema, 1, 1), undefined);
});

test("statements that change places have two parts in a schema", () => {
  const source = "void f(void)\n{\n    g();\n    h();\n}\n";
  const [swapped] = mutantsOf("x.c", source);
  assert.equal(
    schemaOf(source, [[7, swapped!]], 0).text,
    "void f(void)\n{ rill_reach(1);\n    if (rill_mutant == 7) { h(); } g();\n    if (rill_mutant == 7) { ; } else { h(); }\n}\n",
  );
});

test("the schema of each file of the C host holds every mutant of it", () => {
  for (const [file, source] of hostFiles()) {
    const mutants = mutantsOf(file, source).map((mutant, index) => [index + 1, mutant] as const);
    const held = new Set(schemaOf(source, mutants, 0).spans.map(({ number }) => number));
    assert.deepEqual(
      mutants.filter(([number]) => !held.has(number)).map(([, { key }]) => key),
      [],
    );
  }
});

test("every function of the C host is read", () => {
  const names = [...hostFiles()].flatMap(([, source]) => functionsOf(source).map(({ name }) => name));
  const written = [...hostFiles()].flatMap(([, source]) =>
    [...source.matchAll(/^(?:[A-Za-z][\w *]*?)?\b(\w+)\([^;{}]*\)\n\{$/gm)].map(([, name]) => name!),
  );
  assert.deepEqual(names, written);
  assert.ok(names.length > 150, `${names.length} functions`);
});

test("C that is not understood is not passed over", () => {
  assert.throws(() => functionsOf("void f(void)\n{\n    a b c;\n}\n"), SyntaxError);
  assert.throws(() => functionsOf("void f(void)\n{\n    g(;\n}\n"), SyntaxError);
  assert.throws(() => functionsOf("void f(void)\n{\n    g(`);\n}\n"), SyntaxError);
});
