/** Results of specs in the XML that CI systems read: JUnit's. */
import { visible } from "../errors/visible-text.js";
import { escape } from "../report/html/markup.js";
import { type PlacedResult, type SpecResults, countResults } from "./results.js";

/** The whole document. */
export function junitXml(all: readonly SpecResults[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${counts(all)}>\n${all.map(suite).join("")}</testsuites>\n`;
}

function suite(spec: SpecResults): string {
  return `  <testsuite name=${quoted(spec.file)}${counts([spec])}>\n${spec.results.map((result) => testCase(spec.file, result)).join("")}  </testsuite>\n`;
}

function testCase(file: string, { path, outcome, message = "", places, logs }: PlacedResult): string {
  const inner = [
    ...(outcome === "failed"
      ? [
          `<failure message=${quoted(message)}>${text([message, ...places.map((place) => `at ${place}`)])}</failure>`,
        ]
      : []),
    ...(outcome === "todo" ? ["<skipped/>"] : []),
    ...(logs.length > 0 ? [`<system-out>${text(logs)}</system-out>`] : []),
  ];
  const start = `    <testcase name=${quoted(path.join(" "))} classname=${quoted(file)} file=${quoted(file)}`;
  if (inner.length === 0) return `${start}/>\n`;
  return `${start}>\n${inner.map((part) => `      ${part}\n`).join("")}    </testcase>\n`;
}

function counts(all: readonly SpecResults[]): string {
  const { passed, failed, todo } = countResults(all);
  return ` tests="${passed + failed + todo}" failures="${failed}" skipped="${todo}"`;
}

/** XML has no character for most controls: they are shown. */
function text(lines: readonly string[]): string {
  return lines
    .flatMap((line) => line.split("\n"))
    .map((line) => escape(visible(line)))
    .join("\n");
}

function quoted(value: string): string {
  return `"${escape(visible(value))}"`;
}
