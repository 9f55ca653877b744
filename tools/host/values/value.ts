/**
 * Values of the Component Model as the host has them in JavaScript.
 *
 * | type | value |
 * |---|---|
 * | bool | `boolean` |
 * | u8, u16, u32, s8, s16, s32, f32, f64 | `number`; every NaN is the one NaN |
 * | u64, s64 | `bigint` |
 * | char | `string` of one code point |
 * | string | `string`; a lone surrogate is lowered as U+FFFD |
 * | list, tuple | array |
 * | record | object with the WIT's field names |
 * | variant | object with one key, the case's name; its value is the payload or `null` |
 * | enum | the label |
 * | flags | object with a boolean for every label |
 * | option | `null` or `{ some: value }` |
 * | result | `{ ok: value }` or `{ error: value }`, `null` where there is no payload |
 * | own, borrow | the resource's representation: a number for the guest's resources, anything for the host's
 * | | stream, future | `SharedStream`, `SharedFuture` |
 */
export type Value =
  boolean | number | bigint | string | null | readonly Value[] | { readonly [label: string]: Value } | object;

/** A value whose type is a record, variant, option, result or flags. */
export type LabelledValue = Readonly<Record<string, Value>>;

/** A text that values have in common that are the same, and no others of their type. */
export function valueKey(value: Value | readonly Value[]): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === "bigint") return `${part}n`;
    // JSON does not tell these from others.
    const isSpecial = typeof part === "number" && (!Number.isFinite(part) || Object.is(part, -0));
    return isSpecial ? `${1 / part} ${part}` : part;
  });
}

/** The case that a variant's, option's, result's or enum's value names, and its payload. */
export function caseOf(value: Value): { label: string; payload: Value } {
  if (value === null) return { label: "none", payload: null };
  if (typeof value === "string") return { label: value, payload: null };
  const [entry] = Object.entries(value as LabelledValue);
  if (entry === undefined) throw new TypeError("a variant's value needs one key, the name of its case");
  return { label: entry[0], payload: entry[1] };
}

/** The value of a case with this payload, in the form that the type's kind asks for. */
export function caseValue(
  kind: "variant" | "enum" | "option" | "result",
  label: string,
  payload: Value,
): Value {
  if (kind === "enum") return label;
  if (kind === "option" && label === "none") return null;
  return { [label]: payload };
}
