/** The pages of the site: the Markdown of this repository, except the API's, which TypeDoc makes itself. */
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { packageRoot } from "../../tools/package-root.js";

/** One page. */
export interface Page {
  /** Its file, below the repository, with `/`. */
  readonly path: string;
  /** Where it is on the site, without `.html`. */
  readonly url: string;
  readonly title: string;
  /** Its heading in the navigation. */
  readonly group: string;
}

/** The page that the site opens with. */
export const HOME = "docs/README.md";

/** Every page but the first, in the order of the navigation: that of the first page's links. */
export function sitePages(): Page[] {
  const home = readFileSync(join(packageRoot, HOME), "utf8");
  const linked = [...home.matchAll(/\]\(([^)]+)\)/g)].map(([, to]) => `docs/${to!}`);
  const place = (path: string): number => (linked.indexOf(path) + linked.length + 1) % (linked.length + 1);
  const markdown = (folder: string): string[] => markdownIn(folder).sort((a, b) => place(a) - place(b));
  const overview = "docs/gate/README.md";
  const pages = [...markdown("docs"), overview].filter((path) => path !== HOME);
  const rules = markdownIn("docs/gate").filter((path) => path !== overview);
  return [
    ...pages.map((path) => page(path, "Pages")),
    ...markdown("docs/guide").map((path) => page(path, "Guides")),
    ...rules.map((path) => page(path, "Rules of the gate")),
    ...["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "SECURITY.md"].map((path) =>
      page(path, "About as-rill"),
    ),
  ];
}

/** The text of the page at `path` for TypeDoc. Links to what the site does not have become their text. */
export function pageText(path: string, all: readonly Page[]): string {
  const text = readFileSync(join(packageRoot, path), "utf8");
  const known = new Set([HOME, ...all.map((one) => one.path)]);
  const linked = text.replaceAll(
    /(!?)\[([^\]]*)\]\(([^):#\s]+)(#[^)]*)?\)/g,
    (link, image, says: string, to: string) => {
      const target = posix.join(posix.dirname(path), to);
      // Of the API's pages there is one that lists all.
      if (target === "docs/api/README.md") return `[${says}](modules.html)`;
      return image === "!" || known.has(target) ? link : says;
    },
  );
  const own = all.find((one) => one.path === path);
  // The first page has the name of the site above it.
  return own === undefined
    ? linked.replace(/^# .*\n/m, "")
    : `---\ntitle: ${JSON.stringify(own.title)}\ngroup: ${own.group}\n---\n${linked}`;
}

function page(path: string, group: string): Page {
  const title = /^# (.*)$/m.exec(readFileSync(join(packageRoot, path), "utf8"))![1]!.replaceAll("`", "");
  const url = path
    .replace(/^docs\//, "")
    .replace(/(?:\/README)?\.md$/, "")
    .toLowerCase();
  return { path, url, title, group };
}

function markdownIn(folder: string): string[] {
  return readdirSync(join(packageRoot, folder))
    .filter((name) => name.endsWith(".md"))
    .sort()
    .map((name) => `${folder}/${name}`);
}
