import type { Report } from "../model.js";
export async function htmlForm(report: Report): Promise<string> {
  await Promise.resolve();
  return JSON.stringify(report);
}
