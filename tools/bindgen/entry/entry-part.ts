/** What one export of a world adds to the module that asc compiles. */

/** An AssemblyScript export and the name that the Component Model gives it. */
export interface EntryExport {
  readonly internal: string;
  readonly canonical: string;
  /**
   * The guest's function behind it, where it has to answer: its name, and its place as `FILE:LINE:COLUMN`.
   */
  readonly answers?: { readonly where: string; readonly name: string };
}

/** One function or destructor of the entry. */
export interface EntryPart {
  readonly imports: readonly string[];
  readonly text: string;
  readonly exports: readonly EntryExport[];
}

/** Where the entry imports from. */
export interface EntryModules {
  /** The guest's file. */
  readonly guest: string;
  /** The bindings' folder. */
  readonly bindings: string;
}

/** A name from a module, under one that nothing else in the entry has. */
export function importAs(name: string, local: string, module: string): string {
  return `import { ${name} as ${local} } from "${module}";`;
}
