/** Pieces of SVG as text. */

type Attributes = Readonly<Record<string, string | number>>;

/** One element; numbers are rounded to a tenth, which no eye tells apart. */
export function element(name: string, attributes: Attributes, content?: string): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(attribute(value))}"`);
  return content === undefined
    ? `<${name}${written.join("")}/>`
    : `<${name}${written.join("")}>${content}</${name}>`;
}

/** A line of text. @param anchor what of it stands at `x` */
export function text(x: number, y: number, words: string, name: string, anchor = "start"): string {
  return element("text", { class: name, x, y, "text-anchor": anchor }, escaped(words));
}

function attribute(value: string | number): string {
  return typeof value === "number" ? String(Math.round(value * 10) / 10) : value;
}

function escaped(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
