/**
 * Places of the reads and writes of fields that asc makes of itself: it gives them none, and an optimiser
 * that moves one gives it that of a neighbour, so that what the library does looks like the guest's doing.
 */

/** A function of the library that reads or writes a field: its file, and what it does. */
const FIELD =
  /^( \(func \$(~lib\/[\w/-]+)\/[^\s/#]+(?:<[^\s#]*>)?#[gs]et:\S+ .*\n)((?: {2}\(i(?:32|64)\.(?:load|store).*\n))/gm;

/** `text`, as asc makes it, with the library's file as the place of each of its fields. */
export function placeFields(text: string): string {
  return text.replace(
    FIELD,
    (_, head: string, file: string, access: string) => `${head}  ;;@ ${file}.ts:1:0\n${access}`,
  );
}
