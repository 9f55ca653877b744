/**
 * The API reference: what a guest's author imports from `as-rill/assembly`, as
 * TypeDoc reads it from the doc comments.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Application, type TypeDocOptions } from "typedoc";
import { packageRoot } from "../../tools/package-root.js";

/** Folder of the pages. */
export const API_PAGES = join(packageRoot, "docs", "api");

/** Writes the pages into `out`, in place of what is there. */
export async function generateApi(out: string): Promise<void> {
  const options = {
    ...apiOptions(join(packageRoot, "build", "api")),
    plugin: ["typedoc-plugin-markdown"],
    readme: "none",
    name: "API of as-rill/assembly",
    hidePageHeader: true,
    hideBreadcrumbs: true,
    parametersFormat: "table",
    outputs: [{ name: "markdown", path: out }],
  };
  const app = await Application.bootstrapWithPlugins(options);
  const project = await app.convert();
  if (!project) throw new Error("TypeDoc cannot read the library");
  rmSync(out, { recursive: true, force: true });
  await app.generateOutputs(project);
}

/**
 * How TypeDoc reads the library.
 * @param work a folder for what it needs, which is made anew
 */
export function apiOptions(work: string): Partial<TypeDocOptions> {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(join(work, "types"), { recursive: true });
  writeFileSync(join(work, "entry.ts"), entry());
  writeFileSync(join(work, "types", "index.d.ts"), namedNumbers());
  const compilerOptions = {
    strict: true,
    noLib: true,
    module: "esnext",
    target: "esnext",
    typeRoots: ["."],
    types: ["types"],
  };
  writeFileSync(join(work, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["entry.ts"] }));
  return {
    entryPoints: [join(work, "entry.ts")],
    tsconfig: join(work, "tsconfig.json"),
    // asc checks the library; TypeScript does not know all of it.
    skipErrorChecking: true,
    disableSources: true,
    excludePrivate: true,
    githubPages: false,
    logLevel: "Error",
  };
}

/** The library's index without what is there for bindings of earlier releases alone. */
function entry(): string {
  const text = readFileSync(join(packageRoot, "assembly", "index.ts"), "utf8");
  const [current] = text.split("\n// Guests and bindings written before");
  return current!.replaceAll('"./', '"../../assembly/');
}

/**
 * AssemblyScript's declarations, in which a `u32` is a type of that name:
 * TypeScript would call each of them `number`.
 */
function namedNumbers(): string {
  const asc = dirname(createRequire(import.meta.url).resolve("assemblyscript/package.json"));
  const text = readFileSync(join(asc, "std", "assembly", "index.d.ts"), "utf8");
  return text.replaceAll(
    /^declare type (\w+) = (?:number|bigint|boolean \| number);$/gm,
    "declare interface $1 { readonly of_$1: never; }",
  );
}
