/**
 * `npm run gate:long`: random schedules of every correct guest, with more items, streams and
 * calls than all schedules would allow. `RILL_SECONDS` for each guest, 60 when not given;
 * `RILL_SEED` to begin with a seed that was printed.
 */
import { textForm } from "../../tools/gate/check-command.js";
import { checkPrepared } from "../../tools/gate/check-guest.js";
import { everyGuest } from "./every-guest.js";

const seconds = Number(process.env.RILL_SECONDS ?? 60);
const first = Number(process.env.RILL_SEED ?? Math.floor(Date.now() / 1000));
const far = { items: 12, streams: 4, calls: 4, seconds: seconds / 2, schedules: Infinity };

let found = 0;
for (const { name, prepare, known } of everyGuest) {
  process.stdout.write(`${name}: seed ${first}\n`);
  const result = await checkPrepared(await prepare(), { ...far, ...known, seed: first });
  process.stdout.write(textForm(name, result));
  found += result.findings.length;
}
if (found > 0) process.exitCode = 1;
