/** `rill report --trend DIR`: what became of a module's figures over the reports in a folder. */
import { dirname, resolve } from "node:path";
import { visible, visibleDocument, visibleJson } from "../../errors/visible-text.js";
import { UserError } from "../../errors/user-error.js";
import { replaceFile } from "../../files/write-whole.js";
import { readReports } from "./read-reports.js";
import { trendPage } from "./trend-page.js";
import { trendMarkdown, trendText } from "./trend-text.js";
import { trendOf } from "./trend.js";

/** The flags that go with `--trend`. */
export interface TrendFlags {
  readonly trend: string;
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly html?: string;
  readonly all?: boolean;
}

/** Reads, then prints one form. */
export function runTrend({ trend: folder, json, markdown, html, all }: TrendFlags): void {
  if (html?.endsWith(".json") && resolve(dirname(html)) === resolve(folder))
    throw new UserError(`--html ${html} would be among the reports of ${folder}; write it elsewhere`);
  const document = trendOf(readReports(folder));
  const trend = visibleDocument(document);
  if (html !== undefined) replaceFile(html, trendPage(trend));
  if (json) process.stdout.write(`${visibleJson(document)}\n`);
  else if (markdown) process.stdout.write(trendMarkdown(trend));
  else if (html === undefined) process.stdout.write(trendText(trend, all ?? false));
  else process.stdout.write(`${visible(html)} written\n`);
}
