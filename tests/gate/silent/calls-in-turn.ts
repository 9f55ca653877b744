import { weigh } from "./bindings/errand-import";
import { errand } from "./bindings/errand";

/** Asks a call how far it is at every step, from before its start to after its result was taken. */
export function run(task: errand.Task): void {
  let total: u32 = 0;
  if (!weigh.poll()) unreachable();
  for (let i = 0; i < 2; i++) {
    weigh.start(task.n);
    if (weigh.started()) total++;
    if (weigh.poll() && weigh.started()) total++;
    if (i == 0 ? weigh.cancel() : true) total += weigh.result();
    if (weigh.started()) total++;
    if (!weigh.poll()) unreachable();
    weigh.drop();
  }
  task.resolve(total);
}
