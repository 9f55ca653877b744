/** What is around every page: style, contents and scripts, all in the one file. */
import { version } from "../../version.js";
import type { PageData } from "./page-data.js";
import { chartLibrary, clientScript } from "./client-script.js";
import { html, jsonForScript, Markup } from "./markup.js";
import { pageStyle } from "./page-style.js";

/** Nothing may be fetched; what runs and what styles is in the page. */
const POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:";

/** A page. */
export interface Page {
  readonly title: string;
  readonly body: Markup;
  /** What its charts draw. */
  readonly data: PageData;
  /** The last line, behind the version. */
  readonly footer: string;
}

/** Draws the page. */
export function pageFrame({ title, body, data, footer }: Page): string {
  const page = html`<!doctype html>
    <html lang="en" data-theme="auto">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <style>
          ${new Markup(pageStyle)}
        </style>
      </head>
      <body>
        <a class="skip" href="#main">Skip to the report</a>
        <main id="main">${contents(body)} ${body}</main>
        <footer>as-rill ${version}, ${footer}</footer>
        <script type="application/json" id="page-data">
          ${jsonForScript(data)}
        </script>
        <script>
          ${new Markup(chartLibrary())};
        </script>
        <script type="module">
          ${new Markup(clientScript())};
        </script>
      </body>
    </html> `;
  return page.text;
}

/** Links to the page's sections. */
function contents({ text }: Markup): Markup {
  const titles = [...text.matchAll(/<h2 id="([\w-]+)">\s*([^<]*?)\s*<\/h2>/g)];
  const links = titles.map(([, id, title]) => html`<li><a href="#${id!}">${new Markup(title!)}</a></li>`);
  return html`<nav class="contents" aria-label="Contents">
    <ul>
      ${links}
    </ul>
  </nav>`;
}
