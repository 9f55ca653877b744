/** What a firmware's refusals mean, where its own line has no room to say it. */
import type { BoardError } from "./serial-link.js";

const MEANINGS: Readonly<Record<string, string>> = {
  native: "the image holds machine code, and this firmware was built without RILL_ALLOW_NATIVE",
  cpu: "the image holds machine code for another core; pack it for this one's, with --cpu",
  version:
    "this firmware does not know the image's version: it is older than this rill, or takes no machine code",
  truncated: "the image is longer than the flash that the firmware keeps for images",
  pool: "an instance needs more RAM than the firmware has",
};

/** The error in one line. */
export function boardErrorText({ code, word, text }: BoardError): string {
  return `error ${code} (${word}): ${text === "" ? (MEANINGS[word] ?? "the firmware refuses the image") : text}`;
}
