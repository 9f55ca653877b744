/** `--source-url`: lines of the user's own files are links; names and templates lead nowhere else. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { folder, guest, rill } from "./rill.js";

const ecg = await guest("examples/ecg/ecg.ts", "examples/ecg/ecg.wit");
const TEMPLATE = "https://git.example/o/r/blob/abc/examples/ecg/{file}#L{line}";
const OURS = "https://git.example/o/r/blob/abc/examples/ecg/";

function page(name: string, ...flags: string[]): string {
  const path = join(folder, `${name}.html`);
  const { code, stderr } = rill("report", ecg, "--html", path, ...flags);
  assert.equal(code, 0, stderr);
  return readFileSync(path, "utf8");
}

function links(html: string): string[] {
  return [...html.matchAll(/<a href="([^"#][^"]*)"/g)].map(([, href]) => href!);
}

test("the page and the Markdown link lines of the user's files, and of no others", () => {
  const html = page("links", "--source-url", TEMPLATE);
  const found = links(html);
  assert.ok(found.includes(`${OURS}qrs-detector.ts#L174`));
  assert.ok(html.includes(`(loop at <a href="${OURS}`), "the worst case's loop");
  assert.ok(found.length > 50);
  assert.ok(found.every((link) => /\/(ecg|qrs-detector)\.ts#L\d+$/.test(link) && link.startsWith(OURS)));
  const { stdout } = rill("report", ecg, "--markdown", "--source-url", TEMPLATE);
  assert.ok(stdout.includes(`| [\`qrs-detector.ts:174\`](<${OURS}qrs-detector.ts#L174>) |`));
  assert.match(stdout, /\| `~lib\/as-rill\/assembly\/operation\.ts:\d+` \|/);
});

test("without it there is no link", () => {
  assert.deepEqual(links(page("no-links")), []);
  assert.doesNotMatch(rill("report", ecg, "--markdown").stdout, /\]\(/);
});

test("names of files cannot choose where a link leads, nor end it", () => {
  const map = JSON.parse(readFileSync(`${ecg}.map`, "utf8")) as { sources: string[] };
  const hostile = [
    'a"onclick="alert(1)"/b|c`d>e)f#g?h\\i%2e.ts',
    "javascript:alert(1)//x.ts",
    "//evil.example/x.ts",
    "/etc/passwd",
    "../../up.ts",
    "a/../b.ts",
    "node_modules/other/index.ts",
    "{line}{file}$&.ts",
  ];
  const sources = map.sources.map((source, index) => hostile[index] ?? source);
  const path = join(folder, "hostile.map");
  writeFileSync(path, JSON.stringify({ ...map, sources }));
  const html = page("hostile-sources", "--source-map", path, "--source-url", TEMPLATE);
  const found = links(html);
  const quoted = `${OURS}a%22onclick%3D%22alert(1)%22/b%7Cc%60d%3Ee)f%23g%3Fh%5Ci%252e.ts#L`;
  assert.ok(found.some((link) => link.startsWith(quoted)));
  assert.ok(found.every((link) => link.startsWith(OURS) && /#L\d+$/.test(link)));
  assert.ok(
    found.every((link) => new URL(link).href.startsWith(OURS)),
    "no dots that lead out",
  );
  assert.doesNotMatch(found.join("\n"), /evil|etc|up\.ts|b\.ts|node_modules|javascript/);
  assert.doesNotMatch(html, /<[^>]* onclick=/);
});

test("a template that leads nowhere, elsewhere than to http, or to a host by a file's name: exit 2, no page", () => {
  const path = join(folder, "never.html");
  for (const [template, says] of [
    ["https://x/{line}", /\{file\} is missing/],
    ["{file}", /it is not a URL/],
    ["javascript:alert('{file}')", /only http: and https: are linked to/],
    ["file:///{file}", /only http/],
    ["https://{file}/x", /stand behind the host/],
    ["https://a.example:{line}/{file}", /stand behind the host/],
    ["https://me:secret@a.example/{file}", /it holds a password/],
  ] as const) {
    const { code, stderr } = rill("report", ecg, "--html", path, "--source-url", template);
    assert.equal(code, 2, template);
    assert.match(stderr, says);
    assert.match(stderr, /for example https:\/\/github\.com\/OWNER\/REPO\/blob\/SHA\/\{file\}#L\{line\}$/m);
    assert.throws(() => readFileSync(path));
  }
  // What a template may hold is escaped where it ends up.
  const odd = rill(
    "report",
    ecg,
    "--markdown",
    "--source-url",
    'http://h/{file}?a=|"><b>`\\&l={line}',
  ).stdout;
  assert.ok(odd.includes("(<http://h/qrs-detector.ts?a=%7C%22%3E%3Cb%3E%60%5C&l=174>)"), odd.slice(0, 2000));
});
