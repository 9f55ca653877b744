/**
 * Places of the reads and writes of fields that asc makes of itself: it gives them none, and an optimiser
 * that moves one gives it that of a neighbour, so that what the library does looks like the guest's doing.
 * So each has a place while the optimiser is at work. Afterwards it has none again: fields at one offset are
 * one function then, of whichever class.
 */

/** The place of all of them. */
const PLACE = ";;@ ~lib/as-rill/a-field:1:0";

/** A function of a library that reads or writes a field: its head, and what it does. */
const FIELD =
  /^( \(func \$~lib\/[\w/-]+\/[^\s/#]+(?:<[^\s#]*>)?#[gs]et:\S+ .*\n)((?: {2}\(i(?:32|64)\.(?:load|store).*\n))/gm;

/** `text`, as asc makes it, with a place for each field of a library. */
export function placeFields(text: string): string {
  return text.replace(FIELD, (_, head: string, access: string) => `${head}  ${PLACE}\n${access}`);
}

/** `text`, as the optimiser has left it, without these places. */
export function forgetFields(text: string): string {
  return text.replaceAll(PLACE, ";;@");
}
