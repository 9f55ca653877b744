/** The report as JSON. */
import { visibleJson } from "../../errors/visible-text.js";
import type { Report } from "../model.js";

/** One JSON document, with a line end. */
export function jsonForm(report: Report): string {
  return `${visibleJson(report)}\n`;
}
