/** Who a process has started, as Linux tells it; empty elsewhere. */
import { readdirSync, readFileSync } from "node:fs";

/** The processes below `pid`, at any depth. */
export function descendants(pid: number): number[] {
  const all = processes();
  const below = (parent: number): number[] =>
    all.flatMap(({ pid: child, ppid }) => (ppid === parent ? [child, ...below(child)] : []));
  return below(pid);
}

/** Whether it runs: one that has ended and waits to be asked how does not. */
export function isRunning(pid: number): boolean {
  const found = processes().find((one) => one.pid === pid);
  return found !== undefined && found.state !== "Z";
}

function processes(): { readonly pid: number; readonly ppid: number; readonly state: string }[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const text = readFileSync(`/proc/${name}/stat`, "utf8");
      const [state, ppid] = text.slice(text.lastIndexOf(")") + 2).split(" ");
      return [{ pid: Number(name), ppid: Number(ppid), state: state! }];
    } catch {
      return []; // it has just ended
    }
  });
}
