/**
 * The report as a comment of a pull request: the workflow's own step and script, against a server that keeps
 * comments as GitHub's API does.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { packageRoot } from "../../tools/package-root.js";
import { file, folder, guest } from "./rill.js";

const shared = join(packageRoot, "templates", "shared", ".github");
const script = join(shared, "report-comment.mjs");
const double = await guest("tests/guests/double/double.ts", "tests/guests/double/double.wit");
const ecg = await guest("examples/ecg/ecg.ts", "examples/ecg/ecg.wit");

interface Comment {
  readonly id: number;
  body: string;
  readonly user: { readonly login: string };
}

let comments: Comment[] = [];
let asked: string[] = [];
let refusal: number | null = null;
const BOT = { login: "github-actions[bot]" };

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const url = new URL(request.url!, "http://localhost");
    asked.push(`${request.method!} ${url.pathname}`);
    const answer = (status: number, value: unknown): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    };
    if (request.headers.authorization !== "Bearer secret") return answer(401, { message: "Bad credentials" });
    if (request.method !== "GET" && refusal !== null)
      return answer(refusal, { message: "Resource not accessible by integration" });
    if (url.pathname === "/repos/o/r/issues/7/comments" && request.method === "GET") {
      const [page, size] = ["page", "per_page"].map((name) => Number(url.searchParams.get(name)));
      return answer(200, comments.slice((page! - 1) * size!, page! * size!));
    }
    const { body } = JSON.parse(Buffer.concat(chunks).toString()) as { body: string };
    if (body.length > 65_536)
      return answer(422, { message: "body is too long (maximum is 65536 characters)" });
    if (url.pathname === "/repos/o/r/issues/7/comments") {
      comments.push({ id: 1000 + comments.length, body, user: BOT });
      return answer(201, { html_url: "https://github.example/c" });
    }
    const id = Number(/^\/repos\/o\/r\/issues\/comments\/(\d+)$/.exec(url.pathname)?.[1]);
    const comment = comments.find((each) => each.id === id);
    if (!comment) return answer(404, { message: "Not Found" });
    comment.body = body;
    return answer(200, { html_url: "https://github.example/c" });
  });
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
after(() => server.close());
beforeEach(() => {
  comments = [];
  asked = [];
  refusal = null;
});

const event = file("event.json", JSON.stringify({ pull_request: { number: 7 } }));
const env = {
  PATH: process.env["PATH"]!,
  GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  GITHUB_REPOSITORY: "o/r",
  GITHUB_TOKEN: "secret",
  GITHUB_EVENT_PATH: event,
};

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

function run(
  program: string,
  args: readonly string[],
  more: Record<string, string> = {},
  cwd = folder,
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, env: { ...env, ...more } });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.on("close", (code) => {
      resolve({ code, output });
    });
  });
}

const comment = (report: string, more: Record<string, string> = {}): Promise<Ended> =>
  run(process.execPath, [script, file("comment.md", report)], more);

const workflow = readFileSync(join(shared, "workflows", "report.yml"), "utf8");

/** The commands of the workflow's last step, as bash gets them. */
function lastStep(name: string): string {
  const [, block] = / {8}run: \|\n((?: {10}.*\n)+)$/.exec(workflow)!;
  return block!.replace(/^ {10}/gm, "").replaceAll("my-guest", name);
}

/** A checkout whose guest is built, with the script and `rill`. */
function checkout(name: string, core: string, budget: unknown): string {
  const path = join(folder, "job", name);
  mkdirSync(join(path, "build"), { recursive: true });
  mkdirSync(join(path, "node_modules", ".bin"), { recursive: true });
  cpSync(core, join(path, "build", "double.core.wasm"));
  cpSync(`${core}.map`, join(path, "build", "double.core.wasm.map"));
  cpSync(shared, join(path, ".github"), { recursive: true });
  symlinkSync(join(packageRoot, "bin", "rill.js"), join(path, "node_modules", ".bin", "rill"));
  writeFileSync(join(path, "budget.json"), JSON.stringify(budget));
  return path;
}

test("the workflow's step: one comment with what changed, replaced by the next run; over budget it fails", async () => {
  rmSync(join(folder, "job"), { recursive: true, force: true });
  const now = checkout("now", ecg, { version: 1, limits: { bytes: 5000 } });
  const base = checkout("base", double, {});
  const summary = join(folder, "summary.md");
  const step = (): Promise<Ended> =>
    run(
      "bash",
      ["-e", "-c", lastStep("double")],
      { GITHUB_STEP_SUMMARY: summary, SOURCE: "https://github.com/o/r/blob/abc" },
      now,
    );
  const first = await step();
  assert.equal(first.code, 0, first.output);
  assert.match(first.output, /^wrote https:\/\/github\.example\/c$/m);
  assert.equal(comments.length, 1);
  const [{ body }] = comments as [Comment];
  assert.match(
    body,
    /^<!-- as-rill report of \S+ -->\n### `double\.core\.wasm`: [\d,]+ B\n\n\*\*Within budget\*\*/,
  );
  assert.match(body, /\nSince `double\.core\.wasm`:\n\n\| {2}\| before \| after \| change \|/);
  assert.ok(body.includes("](<https://github.com/o/r/blob/abc/qrs-detector.ts#L174>)"));
  assert.ok(readFileSync(summary, "utf8").startsWith("### `double.core.wasm`: "));

  writeFileSync(join(now, "budget.json"), JSON.stringify({ version: 1, limits: { bytes: 1 } }));
  rmSync(base, { recursive: true });
  const second = await step();
  assert.equal(second.code, 1, "the job fails, after the comment");
  assert.match(second.output, /^replaced https/m);
  assert.equal(comments.length, 1, "no second comment");
  assert.match(comments[0]!.body, /\*\*Over budget\*\*/);
  assert.doesNotMatch(comments[0]!.body, /Since/, "a base that does not build leaves the rest");
});

test("it finds its comment on a later page, and takes nobody else's for it", async () => {
  await comment("### `a.wasm`: 10 B\n\nold");
  const [own] = comments as [Comment];
  const others = Array.from({ length: 230 }, (_, id): Comment => ({
    id,
    body: own.body,
    user: { login: "someone" },
  }));
  comments = [...others, own];
  const { code, output } = await comment("### `a.wasm`: 12 B\n\nnew");
  assert.equal(code, 0, output);
  assert.equal(comments.length, 231);
  assert.match(own.body, /### `a\.wasm`: 12 B\n\nnew$/);
  assert.ok(others.every(({ body }) => body.includes("old")));
  await comment("### `b.wasm`: 12 B\n\nanother module");
  assert.equal(comments.length, 232, "another module has a comment of its own");
  await comment("### `a.wasm`: 13 B\n\nmine", { COMMENT_AUTHOR: "someone" });
  assert.match(others[0]!.body, /mine$/);
});

test("a report too long for a comment keeps whole blocks, and says where the rest is", async () => {
  const block = `<details><summary>x</summary>\n\n${"y".repeat(20_000)}\n\n</details>`;
  const summary = join(folder, "long-summary.md");
  const { code, output } = await comment(`### \`a\`: 1 B\n\nfirst\n\n${Array(5).fill(block).join("\n\n")}`, {
    GITHUB_STEP_SUMMARY: summary,
  });
  assert.equal(code, 0, output);
  const [{ body }] = comments as [Comment];
  assert.ok(body.length <= 65_536 && body.length > 60_000);
  assert.equal(body.split("<details>").length, body.split("</details>").length);
  assert.match(body, /<\/details>\n\n… The job's summary has the rest\.\n$/);
  assert.ok(readFileSync(summary, "utf8").length > 100_000);
});

test("what goes wrong is one line: no report, no pull request, no token, no server, refused", async () => {
  const report = "### `a`: 1 B";
  const empty = file("push.json", "{}");
  for (const [outcome, says] of [
    [() => comment("rill: error"), /comment\.md does not begin as rill report --markdown does/],
    [() => comment(report, { GITHUB_EVENT_PATH: empty }), /not of a pull request; say `on: pull_request`/],
    [() => comment(report, { GITHUB_TOKEN: "" }), /GITHUB_TOKEN .* not all set/],
    [() => comment(report, { GITHUB_TOKEN: "wrong" }), /GET …\/issues\/7\/comments\S*: 401 Bad credentials/],
    [() => comment(report, { GITHUB_API_URL: "http://127.0.0.1:1" }), /GET http:\/\/127\.0\.0\.1:1: /],
    [() => run(process.execPath, [script]), /name the report/],
  ] as const) {
    const { code, output } = await outcome();
    assert.equal(code, 1, output);
    assert.match(output, says);
    assert.match(output, /^report-comment: [^\n]*\n$/);
  }
  refusal = 403;
  const fork = await comment(report);
  assert.equal(fork.code, 0, "a pull request from a fork does not fail for it");
  assert.match(
    fork.output,
    /^::warning::The report is in the job's summary; a comment is not allowed: Resource/,
  );
  refusal = 500;
  assert.equal((await comment(report)).code, 1);
  assert.deepEqual(comments, []);
});

test("docs/report.md has the workflow as rill init writes it", () => {
  const page = readFileSync(join(packageRoot, "docs", "report.md"), "utf8");
  assert.ok(page.includes(`\`\`\`yaml\n${workflow}\`\`\``));
});
