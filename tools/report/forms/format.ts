/** Numbers and shares as all forms write them. */

/** `12,345`. */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** `1,234 B`, or `65.4 KiB` and `3.3 MiB` beyond what one counts in bytes. */
export function bytes(value: number): string {
  if (value < 100_000) return `${count(value)} B`;
  if (value < 1024 * 1024) return `${(value / 1024).toFixed(1)} KiB`;
  return `${(value / 1024 / 1024).toFixed(1)} MiB`;
}

/** `12.3 %`; nothing for a share of nothing. */
export function percent(part: number, whole: number): string {
  return whole === 0 ? "" : `${((part / whole) * 100).toFixed(1)} %`;
}

/** `+12`, `−3` or `±0`. */
export function signed(value: number): string {
  if (value === 0) return "±0";
  return value > 0 ? `+${count(value)}` : `−${count(-value)}`;
}

/** A figure that may have decimals: `37`, `37.25`. */
export function figure(value: number): string {
  return Number.isInteger(value) ? count(value) : value.toLocaleString("en-US", { maximumFractionDigits: 2 });
}

/** A name cut in the middle to at most `length` characters. */
export function shorten(name: string, length: number): string {
  if (name.length <= length) return name;
  const head = Math.ceil((length - 1) / 2);
  return `${name.slice(0, head)}…${name.slice(name.length - (length - 1 - head))}`;
}

/** An address in memory: `0x0040`. */
export function address(value: number): string {
  return `0x${value.toString(16).padStart(4, "0")}`;
}
