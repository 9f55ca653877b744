/** What the set-up of a tool answers: where it is, or why it is not there and what to type. */

/** A tool that is ready. `path` is the program's or folder's absolute path. */
export interface Ready {
  readonly path: string;
}

/** A tool that is not there: `missing` names it and what it is for, `how` is the one line to type. */
export interface Missing {
  readonly missing: string;
  readonly how: string;
}

/** What every function of this folder promises. */
export type Tool = Ready | Missing;

/** Whether `tool` is not there. */
export function isMissing(tool: Tool): tool is Missing {
  return "missing" in tool;
}
