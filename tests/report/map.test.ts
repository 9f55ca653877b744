/** The map of the file: what ships, boxes by their authors' names, search; and memory by source file. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { packageRoot } from "../../tools/package-root.js";
import { authorName } from "../../tools/report/forms/author-name.js";
import { sourceFunctions } from "../../tools/source/source-functions.js";
import { startBrowser, violations } from "./browser.js";
import { rustModules } from "./corpus.js";
import { analysed, file, folder, guest, reportOf, rill, sum, wat } from "./rill.js";

const ecg = await guest("examples/ecg/ecg.ts", "examples/ecg/ecg.wit");
const report = reportOf(ecg);
let browser: Browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

async function open(core: string, ...flags: string[]): Promise<Page> {
  const path = join(folder, "map.html");
  assert.equal(rill("report", core, "--html", path, ...flags).code, 0);
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  await page.goto(pathToFileURL(path).href);
  await page.waitForSelector("html[data-ready]");
  return page;
}

const status = (page: Page): Promise<string | null> => page.locator("#treemap .status").textContent();
const says = async (page: Page): Promise<string[]> =>
  page.locator("#treemap .box").evaluateAll((all) => all.map((box) => box.getAttribute("aria-label")!));

test("the whole file or what ships: the figures of the report, in every view", async () => {
  const page = await open(ecg);
  for (const by of ["authors", "functions", "sources"]) {
    await page.locator(`input[name=treemap-by][value=${by}]`).check();
    for (const [of, bytes] of [
      ["shipped", report.stripped_bytes],
      ["file", report.file_bytes],
    ] as const) {
      await page.locator(`input[name=treemap-of][value=${of}]`).check();
      assert.equal(await status(page), `ecg.core.wasm: ${bytes.toLocaleString("en")} bytes, 100.0 %`, by);
      assert.equal(
        (await says(page)).some((text) => text.startsWith("custom: ")),
        of === "file",
      );
    }
  }
  await page.close();
  const bare = await open(file("bare.wasm", readFileSync(ecg).subarray(0, 8)));
  assert.equal(await bare.locator("input[name=treemap-of]").count(), 0, "nothing to choose");
  await bare.close();
});

test("boxes have the names that authors wrote, with the module's name and the place beside them", async () => {
  const page = await open(ecg);
  const authors = await says(page);
  for (const name of ["filter", "decide", "accept", "StreamWriter#writeOne", "async-lifted function beats"])
    assert.ok(
      authors.some((text) => text.startsWith(`${name}: `)),
      name,
    );
  assert.ok(authors.some((text) => /^accept: 104 bytes, [\d.]+ %, qrs-detector\.ts:\d+$/.test(text)));
  await page.locator("input[name=treemap-by][value=functions]").check();
  const functions = await says(page);
  const [accept] = functions.filter((text) => text.startsWith("accept: "));
  assert.match(accept!, /^accept: 108 bytes, [\d.]+ %, qrs-detector\/accept, qrs-detector\.ts:174$/);
  await page.close();
  const stripped = await open(
    file(
      "stripped.wasm",
      wat('(module (func (export "[async-lift]a:b/c#go")) (func (export "x:y/z#stop")))'),
    ),
    "--no-source-map",
  );
  const names = (await says(stripped)).map((text) => text.split(": ")[0]);
  await stripped.close();
  assert.ok(names.includes("go") && names.includes("stop"), names.join());
});

test("search finds boxes by name, marks them, goes to each, and says how much they are", async () => {
  const page = await open(rustModules().find((path) => path.endsWith("wasm-tools.core.wasm"))!);
  const find = page.locator(".find input");
  await find.fill("FUNC[12");
  const count = page.locator(".found-count");
  const [, boxes] = /^([\d,]+) boxes, [\d,]+ bytes; Enter goes to the next$/.exec(
    (await count.textContent())!,
  )!;
  assert.ok(Number(boxes) > 3);
  assert.ok((await page.locator("#treemap .found").count()) > 0);
  assert.deepEqual(await violations(page), []);
  for (const step of [1, 2]) {
    await find.press("Enter");
    assert.match((await count.textContent())!, new RegExp(`^${step} of ${boxes}: .*func\\[12.*bytes`, "i"));
    assert.match((await page.locator('#treemap [tabindex="0"]').getAttribute("aria-label"))!, /func\[12/);
    assert.equal(await page.locator('#treemap [tabindex="0"].found').count(), 1);
  }
  await find.fill("no such name");
  assert.equal(await count.textContent(), "no box has that name");
  assert.equal(await page.locator("#treemap .found").count(), 0);
  await find.fill("");
  assert.equal(await count.textContent(), "");
  await page.emulateMedia({ media: "print" });
  assert.equal(await find.isVisible(), false);
  await page.close();
});

test("a function is named by its brackets: methods, accessors, statics, arrows, what is inside of it", () => {
  const of = (text: string, name = "a.ts"): (string | null)[] => {
    const at = sourceFunctions(name, text);
    return text.split("\n").map((_, index) => at(index + 1));
  };
  const text = `const A = "} {"; // function no() {
@decorated({ a: "{" })
class Reader<T> extends Base {
  private x: i32 = 0;
  constructor(y: { z: i32 }) {
    super();
  }
  @inline static of<T>(): Reader<T> { return { a: 1 }; }
  get value(): T {
    if (this.x) {
      /* } */ return 1;
    }
    for (let i = 0; i < 3; i++) { y(); }
    return call((n) => { return n; }, \`}\`);
  }
}
namespace N { export function inner(): void {
  } }
export const double = (x: i32): i32 => {
  return x;
};
function outer(a: i32 = max({ a: 1 }, 2)): void {
  const f = function () {
    g();
  };
}
let last = 1;`;
  assert.deepEqual(
    of(text).map((name) => name ?? "-"),
    // prettier-ignore
    ["-", "-", "-", "-", "Reader#constructor", "Reader#constructor", "Reader#constructor", "Reader.of",
     "Reader#value", "Reader#value", "Reader#value", "Reader#value", "Reader#value", "Reader#value", "Reader#value", "-",
     "N.inner", "N.inner", "double", "double", "double", "outer", "f", "f", "f", "outer", "-"],
  );
  assert.deepEqual(of("function f() {\n}\n}"), [null, null, null], "brackets that do not match name nothing");
  assert.deepEqual(of("fn f() {\n}", "a.rs"), [null, null]);
  const start = performance.now();
  for (const deep of [
    "function f(){".repeat(200_000),
    "f(".repeat(500_000),
    "a<".repeat(300_000),
    "`".repeat(400_001),
  ])
    assert.deepEqual(of(deep), [null]);
  assert.ok(performance.now() - start < 10_000, "no text takes longer than its length");
  for (const path of ["examples/ecg/qrs-detector.ts", "assembly/stream/reader.ts", "assembly/arena.ts"])
    assert.ok(new Set(of(readFileSync(join(packageRoot, path), "utf8"))).size > 5, path);
});

test("names of compilers and of the canonical ABI become their authors'; what takes a demangler stays", () => {
  for (const [name, own] of [
    ["~lib/array/Array<~lib/string/String>#push", "Array<String>#push"],
    ["[callback][async-lift]my:test/i#double", "double"],
    ["wasi:cli/run@0.3.0#run", "run"],
    ["_ZN4core3fmt5write17h0123456789abcdefE", "core::fmt::write"],
    [
      "_ZN50_$LT$T$u20$as$u20$core..convert..Into$LT$U$GT$$GT$4into17h0123456789abcdefE",
      "<T as core::convert::Into<U>>::into",
    ],
    ["_Z3addii", "add"],
    ["_ZNSt3__112basic_stringIcE", "_ZNSt3__112basic_stringIcE"],
    ["_ZN99x", "_ZN99x"],
    ["_ZN" + "1".repeat(1500), "_ZN" + "1".repeat(1500)],
    ["core::fmt::write", "core::fmt::write"],
    ["func[3]", "func[3]"],
    ["/a/b", "/a/b"],
    ["[]", "[]"],
    ["", ""],
  ] as const)
    assert.equal(authorName(name), own);
});

test("memory by source file: what a file declares, else what its code touches; it adds up", async () => {
  assert.deepEqual(report.linear_memory.by_source[0], { file: "qrs-detector.ts", bytes: 64 });
  assert.ok(
    report.linear_memory.by_source.some(({ file: name }) => name === "bindings/rill-ecg-detector.ts"),
  );
  assert.match(
    rill("report", ecg).stdout,
    /^Linear memory by source file\n[^\n]+\n {5}64 +44\.4 % {2}qrs-detector\.ts$/m,
  );
  assert.match(rill("report", ecg, "--markdown").stdout, /^\| `qrs-detector\.ts` \| 64 \| 44\.4 % \|$/m);
  const page = await open(ecg);
  assert.equal(await page.locator("#memory-sources tbody tr").count(), report.linear_memory.by_source.length);
  await page.close();
  const names = await guest("examples/names/names.ts", "examples/names/names.wit");
  for (const path of [ecg, names, ...rustModules()])
    for (const { by_source: files, used_bytes: used } of (await analysed(path)).memories)
      assert.equal(
        sum(files, ({ bytes }) => bytes),
        used,
        path,
      );
});
