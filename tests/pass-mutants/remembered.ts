/** What Binaryen has made of texts, while the passes were as they are. */

const remembered = new Map<string, string>();
let isRemembering = false;

(globalThis as { rill_remembered?: unknown }).rill_remembered = (
  text: string,
  rounds: (text: string) => string,
): string => {
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const made = rounds(text);
  if (isRemembering) remembered.set(text, made);
  return made;
};

export function startRemembering(): void {
  isRemembering = true;
}

export function stopRemembering(): void {
  isRemembering = false;
}
