/** Where a source line can be read: a template of the user's, filled with what reports call `file:line`. */
import { UserError } from "../errors/user-error.js";
import { originOfSource } from "../source/origin.js";

/** How the template must look. */
const EXAMPLE = "https://github.com/OWNER/REPO/blob/SHA/{file}#L{line}";

/**
 * The template, checked.
 * @throws UserError when it leads nowhere, anywhere but to http(s), or lets a file's name choose the host
 */
export function sourceUrl(template: string): string {
  const refuse = (why: string): never => {
    throw new UserError(`--source-url ${template}: ${why}; for example ${EXAMPLE}`);
  };
  if (!template.includes("{file}")) refuse("{file} is missing, which stands for the file's path");
  const parse = (file: string): URL => {
    try {
      return new URL(fill(template, file, "1"));
    } catch {
      return refuse("it is not a URL");
    }
  };
  const [one, other] = [parse("a"), parse("b")];
  if (one.protocol !== "https:" && one.protocol !== "http:") refuse("only http: and https: are linked to");
  if (one.username !== "" || one.password !== "") refuse("it holds a password, which everybody would see");
  if (one.origin !== other.origin || one.origin !== new URL(fill(template, "a", "2")).origin)
    refuse("{file} and {line} stand behind the host");
  return template;
}

/**
 * The address of `source` (`file:line`); null where nobody named a template, and for files that are not the
 * user's own: outside the project, generated, or a library's.
 */
export function linkOf(template: string | null, source: string | null): string | null {
  if (template === null || source === null) return null;
  const [, file, line] = /^([^]+):(\d+)$/.exec(source) ?? [];
  if (file === undefined || !isOfProject(file)) return null;
  const path = file.split("/").map(encodeURIComponent).join("/");
  // A table cell of Markdown ends at |, code at `, and \ escapes.
  return new URL(fill(template, path, line!)).href.replace(/[|`\\]/g, (char) => encodeURIComponent(char));
}

function fill(template: string, file: string, line: string): string {
  return template.replaceAll("{file}", () => file).replaceAll("{line}", () => line);
}

function isOfProject(file: string): boolean {
  if (/^[/~\\]|^[a-z][a-z0-9+.-]*:/i.test(file) || file.includes("node_modules/")) return false;
  if (/\p{Surrogate}/u.test(file) || file.split("/").some((part) => part === ".." || part === "."))
    return false;
  return originOfSource(file, "") === "user";
}
