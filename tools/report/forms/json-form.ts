/** The report as JSON. */
import type { Report } from "../model.js";

/** One JSON document, with a line end. */
export function jsonForm(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
