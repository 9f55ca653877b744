/** The site: every page of the documentation and the API, with search, in files that open as they are. */
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Application, DocumentReflection, PageEvent, type Reflection, StructureRouter } from "typedoc";
import { packageRoot } from "../../tools/package-root.js";
import { apiOptions } from "../api/generate-api.js";
import { accessible } from "./accessible.js";
import { HOME, type Page, pageText, sitePages } from "./pages.js";

/** Where `npm run docs` writes the site. */
export const SITE = join(packageRoot, "build", "site");
const work = join(packageRoot, "build", "site-pages");

/** Writes the site into `out`, in place of what is there. */
export async function buildSite(out: string): Promise<void> {
  const pages = sitePages();
  writePages(pages);
  const options = {
    ...apiOptions(join(packageRoot, "build", "site-api")),
    name: "as-rill",
    readme: join(work, HOME),
    projectDocuments: pages.map(({ path }) => join(work, path)),
    alwaysCreateEntryPointModule: false,
    router: "pages",
    customCss: join(packageRoot, "dev", "site", "site.css"),
    highlightLanguages: ["typescript", "javascript", "json", "c", "sh", "html", "css"],
    ignoredHighlightLanguages: ["wit", "text"],
    markdownItOptions: { html: true, linkify: false },
    searchInComments: true,
    searchInDocuments: true,
    includeHierarchySummary: false,
    hideGenerator: true,
    navigation: { includeGroups: true, includeCategories: false },
    groupOrder: [
      "Pages",
      "Guides",
      "Classes",
      "Functions",
      "Variables",
      "Rules of the gate",
      "About as-rill",
    ],
  };
  const app = await Application.bootstrapWithPlugins(options);
  app.renderer.defineRouter("pages", routerOf(pages));
  app.renderer.on(PageEvent.END, (page) => {
    page.contents = accessible(page.contents!);
  });
  const project = await app.convert();
  if (!project) throw new Error("TypeDoc cannot read the pages");
  rmSync(out, { recursive: true, force: true });
  await app.generateDocs(project, out);
  if (app.logger.hasErrors()) throw new Error("TypeDoc cannot write the site");
}

/** The pages as TypeDoc takes them, with their pictures. */
function writePages(pages: readonly Page[]): void {
  rmSync(work, { recursive: true, force: true });
  for (const path of [HOME, ...pages.map((page) => page.path)]) {
    mkdirSync(join(work, dirname(path)), { recursive: true });
    writeFileSync(join(work, path), pageText(path, pages));
  }
  cpSync(join(packageRoot, "docs", "ecg.svg"), join(work, "docs", "ecg.svg"));
}

/** Files are named for the pages' files, not for their titles; what is of the API is in a folder. */
function routerOf(pages: readonly Page[]): typeof StructureRouter {
  const urls = new Map(pages.map(({ title, url }) => [title, url]));
  return class extends StructureRouter {
    protected override getIdealBaseName(reflection: Reflection): string {
      return reflection instanceof DocumentReflection
        ? urls.get(reflection.name)!
        : `api/${super.getIdealBaseName(reflection)}`;
    }
  };
}
