/**
 * node .github/report-comment.mjs REPORT.md
 *
 * Puts what `rill report --markdown` printed into one comment of the pull request that GitHub Actions
 * runs for: the comment that it wrote before is replaced. The job's summary gets the whole report, too.
 */
import { appendFileSync, readFileSync } from "node:fs";

/** GitHub takes no longer comment. */
const MOST_CHARACTERS = 65_536;
const PAGE = 100;
const NOTE = "\n\n… The job's summary has the rest.\n";

const {
  GITHUB_API_URL: api = "https://api.github.com",
  GITHUB_REPOSITORY: repository,
  GITHUB_TOKEN: token,
  GITHUB_EVENT_PATH: eventPath,
  GITHUB_STEP_SUMMARY: summary,
  // Who writes with the token that Actions give; with another token, whose that is.
  COMMENT_AUTHOR: author = "github-actions[bot]",
} = process.env;

/** Ends with one line that says what is wrong. */
function fail(message) {
  console.error(`report-comment: ${message}`);
  process.exit(1);
}

/** A call of GitHub's API. */
async function call(method, path, body) {
  const response = await fetch(`${api}/repos/${repository}/issues/${path}`, {
    method,
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${token}`,
      "x-github-api-version": "2022-11-28",
      ...(body && { "content-type": "application/json" }),
    },
    ...(body && { body: JSON.stringify(body) }),
  }).catch((error) => fail(`${method} ${api}: ${error.cause?.message ?? error.message}`));
  if (response.ok) return response.json();
  const says = await response.json().catch(() => ({}));
  if (response.status === 403 && method !== "GET") {
    // The token of a pull request from a fork may read only.
    console.log(`::warning::The report is in the job's summary; a comment is not allowed: ${says.message}`);
    process.exit(0);
  }
  return fail(`${method} …/issues/${path}: ${response.status} ${says.message ?? response.statusText}`);
}

/** The comment that an earlier run wrote, if there is one. */
async function earlier(number, marker) {
  for (let page = 1; ; page++) {
    const comments = await call("GET", `${number}/comments?per_page=${PAGE}&page=${page}`);
    const own = comments.find(({ body, user }) => user?.login === author && body?.startsWith(marker));
    if (own || comments.length < PAGE) return own ?? null;
  }
}

/** The report as it fits a comment: whole blocks, from the first on. */
function fitted(report, room) {
  if (report.length <= room) return report;
  const blocks = report.split(/\n\n(?=<details>|> )/);
  let text = blocks[0].slice(0, room - NOTE.length);
  for (const block of blocks.slice(1)) {
    if (text.length + block.length + 2 > room - NOTE.length) break;
    text += `\n\n${block}`;
  }
  return text + NOTE;
}

const [, , path] = process.argv;
if (path === undefined) fail("name the report: node .github/report-comment.mjs REPORT.md");
const report = readFileSync(path, "utf8").trim();
const [title] = /^### .+/.exec(report) ?? [];
if (title === undefined) fail(`${path} does not begin as rill report --markdown does`);
if (summary) appendFileSync(summary, `${report}\n`);
if (!repository || !token || !eventPath)
  fail("GITHUB_REPOSITORY, GITHUB_TOKEN and GITHUB_EVENT_PATH are not all set");
const { pull_request: pull } = JSON.parse(readFileSync(eventPath, "utf8"));
if (!pull) fail("this run is not of a pull request; say `on: pull_request`");

/** One comment for each module: its name without the size that changes. */
const marker = `<!-- as-rill report of ${encodeURIComponent(title.replace(/^### |: [^:]*$/g, "")).replaceAll("-", "%2D")} -->\n`;
const body = marker + fitted(report, MOST_CHARACTERS - marker.length);
const before = await earlier(pull.number, marker);
const { html_url: url } = before
  ? await call("PATCH", `comments/${before.id}`, { body })
  : await call("POST", `${pull.number}/comments`, { body });
console.log(`${before ? "replaced" : "wrote"} ${url}`);
