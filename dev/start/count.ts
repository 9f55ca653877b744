/** A number with its thousands apart: `108,000`. @param digits behind the point */
export function count(value: number, digits = 0): string {
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
