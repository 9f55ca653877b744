// as-pect's settings: which specs, and the scripted host that answers the canonical built-ins they import.
import { ScriptedHost } from "./dist/dev/aspect/scripted-host.js";

export default {
  // dev/aspect/main.ts names the specs: as-pect would add these to the ones that are asked for.
  entries: [],
  include: ["tests/unit/**/*.include.ts"],
  disclude: [/node_modules/],
  async instantiate(memory, createImports, instantiate, binary) {
    const host = await ScriptedHost.forModule(binary);
    const instance = await instantiate(binary, createImports({ env: { memory }, ...host.imports }));
    host.exports = instance.exports;
    return instance;
  },
  outputBinary: false,
};
