/**
 * An async function as the entry exports it: the lifted function that runs a
 * task to its end, and its callback.
 */
import { callbackName, exportPath, liftName } from "../../wit/canonical-names.js";
import { componentName } from "../../wit/function-name.js";
import type { FunctionType } from "../../wit/model.js";
import type { BindingPart } from "../bound-world.js";
import { bindExported } from "../functions/exported-function.js";
import { type EntryModules, type EntryPart, importAs } from "./entry-part.js";
import { type Guest, findTask } from "./find-implementation.js";
import { liftedParams } from "./lifted-params.js";
import { afterTask, beforeTask, type MemoryUse } from "./memory-use.js";

/**
 * Joins an async function with the guest's function that takes its `Task`.
 * @param number the function's place among those that the world exports
 * @throws UserError when the guest has none, or it does not fit
 */
export function taskEntry(
  func: FunctionType,
  part: BindingPart,
  number: number,
  guest: Guest,
  modules: EntryModules,
  memory: MemoryUse,
): EntryPart {
  const bound = bindExported(func, part.owner, part.classes);
  const canonical = exportPath(part.owner, componentName(func));
  const found = findTask(func, part, guest);
  const [lift, callback] = [`lift${number}`, `callback${number}`];
  const [bindings, called] = [`entry_bindings${number}`, `entry_guest${number}`];
  const { params, taken } = liftedParams(func, bound);
  const statements = [
    ...beforeTask(memory),
    ...taken,
    "// SAFETY: a Task holds no state of its own; its parts lie in the static frame.",
    `const entry_task = changetype<${bindings}.Task>(0);`,
    `entry_task.enter(${bound.coreParams.map(({ name }) => name).join(", ")});`,
    `${called}(entry_task);`,
    "entry_task.exit();",
    ...afterTask(memory),
    "return 0;",
  ];
  return {
    imports: [
      importAs(part.classes.functionName(func), bindings, `${modules.bindings}/${part.file}`),
      importAs(found.name, called, modules.guest),
    ],
    text: `
/** ${canonical} */
export function ${lift}(${params}): i32 {
${statements.map((line) => `  ${line}\n`).join("")}}
/** Never called: the lifted function waits inside and always answers EXIT. */
export function ${callback}(event: i32, waitable: i32, payload: i32): i32 {
  return unreachable();
}`,
    exports: [
      {
        internal: lift,
        canonical: liftName(canonical, true),
        answers: {
          where: `${guest.path}:${found.line}:${found.column}`,
          name: found.name,
        },
      },
      { internal: callback, canonical: callbackName(canonical) },
    ],
  };
}
