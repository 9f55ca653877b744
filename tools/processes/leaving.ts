/**
 * What has to be done before this process goes, whichever way it goes: children
 * ended, folders removed, output kept.
 *
 * As long as there is nothing to do, signals are the system's: a process that
 * computes without a pause must not become deaf.
 */

/** Signals that ask a process to go. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
type Signal = (typeof SIGNALS)[number];

const duties = new Set<() => void>();

/** Has `duty` done when the process goes before `forget` is called. @returns forget */
export function whenLeaving(duty: () => void): () => void {
  if (duties.size === 0) watch();
  duties.add(duty);
  return () => {
    if (duties.delete(duty) && duties.size === 0) unwatch();
  };
}

function watch(): void {
  for (const signal of SIGNALS) process.on(signal, leave);
  process.on("exit", discharge);
}

function unwatch(): void {
  for (const signal of SIGNALS) process.off(signal, leave);
  process.off("exit", discharge);
}

/**
 * Does what is to be done, the latest first: a child is ended before the folder that it works in is removed.
 */
function discharge(): void {
  for (const duty of [...duties].reverse()) {
    duties.delete(duty);
    try {
      duty();
    } catch {
      // The other duties have to be done all the same; nobody is left to hear of this one.
    }
  }
}

/** What the first signal begins instead of the end; null when it is the end. */
let beginning: ((signal: Signal) => void) | null = null;

/**
 * Has `begin` called at the first signal that asks the process to go: it may come to its end then. It
 * goes at the second signal, or when it has not come to its end in time.
 * @param grace milliseconds
 * @returns to be called at the end; it goes as the signal says, if there was one
 */
export function whenAskedToGo(begin: () => void, grace: number): () => void {
  let asked: Signal | null = null;
  let timer: NodeJS.Timeout | undefined;
  const forget = whenLeaving(() => undefined);
  beginning = (signal) => {
    asked = signal;
    timer = setTimeout(leave, grace, signal);
    begin();
  };
  return () => {
    beginning = null;
    clearTimeout(timer);
    forget();
    if (asked !== null) leave(asked);
  };
}

/** Goes as the signal says: a shell sees 128 and the signal's number. */
function leave(signal: Signal): void {
  const begin = beginning;
  beginning = null;
  if (begin !== null) {
    begin(signal);
    return;
  }
  discharge();
  dieOf(signal);
}

/** Ends this process by `signal`, whatever listens to it. */
export function dieOf(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
