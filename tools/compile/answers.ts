/**
 * A task has to answer before it ends: whether each async function of a guest can come to its `task.return`.
 */
import { UserError } from "../errors/user-error.js";
import type { Explanation } from "./explain.js";
import type { PreparedGuest } from "./guest-module.js";
import { OwnPlaces } from "./own-places.js";

const lifted = /^\[async-lift\](?:(.*)#)?([^#]*)$/;

/** @throws UserError that names a function which resolves its task on no path */
export function requireAnswers(guest: PreparedGuest, about: Explanation): void {
  const module = new OwnPlaces(about.text, about.isGenerated);
  for (const { internal, canonical, answers } of guest.exports) {
    const [, owner, func] = lifted.exec(canonical) ?? [];
    if (!answers || func === undefined) continue;
    const answer = module.imported(`[export]${owner ?? "$root"}`, `[task-return]${func}`);
    // What never comes to its end owes no answer: `throw new Error("not implemented")`.
    const calls = (name: string): boolean => name === answer || module.endsInTrap(name);
    if (module.leadsTo(`rill-entry/${internal}`, calls)) continue;
    throw new UserError(
      `${answers.where}: ${answers.name} never answers its caller; call task.resolve(), once, before it ends`,
    );
  }
}
