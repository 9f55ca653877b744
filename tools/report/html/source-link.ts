/** Places in the source as the page shows them: links, where the user said what they lead to. */
import type { Report } from "../model.js";
import { linkOf } from "../source-url.js";
import { html, Markup } from "./markup.js";

/** What says where source lines can be read. */
export type Linked = Pick<Report, "source_url">;

/** `file:line`, linked; nothing for null. */
export function sourceLink({ source_url: template }: Linked, source: string | null): Markup | null {
  if (source === null) return null;
  const link = linkOf(template, source);
  return link === null ? html`${source}` : html`<a href="${link}" rel="noreferrer">${source}</a>`;
}

/** A sentence in which these places are linked. */
export function linkedText(report: Linked, text: string, places: readonly (string | null)[]): Markup {
  const place = places.find(
    (each) => each !== null && linkOf(report.source_url, each) !== null && text.includes(each),
  );
  if (place === undefined || place === null) return html`${text}`;
  const at = text.indexOf(place);
  const rest = places.filter((each) => each !== place);
  const [front, behind] = [text.slice(0, at), text.slice(at + place.length)];
  return html`${linkedText(report, front, rest)}${sourceLink(report, place)}${linkedText(report, behind, rest)}`;
}
