/** Traps unless `holds`: Wasmtime then exits with a backtrace that leads here. */
export function expect(holds: bool): void {
  if (!holds) unreachable();
}
