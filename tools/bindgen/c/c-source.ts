/** `W_host.c`: from the firmware's types to core values and back. */
import { typeDescriptor } from "../../c-host/copy-plan.js";
import { planText, typeText } from "../../c-host/type-text.js";
import { begunBodies, begunCall } from "./c-begun.js";
import { dropCall, syncCall, taskCall } from "./c-calls.js";
import { counts } from "./c-counts.js";
import { banner } from "./c-header.js";
import { servedLater } from "./c-later.js";
import { hasItems, itemTables } from "./c-items.js";
import { CPlans } from "./c-plans.js";
import { served, servedDrop, servedOwn } from "./c-serve.js";
import { wrapped } from "./c-text.js";
import { wamrTables } from "./c-wamr-tables.js";
import type { CWorld } from "./c-world.js";

/** The source. */
export function sourceText(world: CWorld): string {
  const plans = new CPlans();
  const functions = [
    ...world.imports.flatMap((item) => [
      "",
      ...(item.func.async ? servedLater(world, plans, item) : served(world, plans, item)),
    ]),
    ...world.resources.flatMap((_, number) => ["", ...servedDrop(world, number)]),
    ...world.guestResources.flatMap((resource, number) => [
      ...["", ...servedOwn(world, number)],
      ...["", ...dropCall(world, resource, number)],
    ]),
    ...world.exports.flatMap((item) => [
      "",
      ...(world.begun.includes(item)
        ? begunCall(world, plans, item)
        : item.func.async
          ? taskCall(world, plans, item)
          : syncCall(world, plans, item)),
    ]),
    ...begunBodies(world),
  ];
  const text = [
    ...banner(world),
    `#define ${world.macro("SOURCE")}`,
    `#include "${world.prefix}.h"`,
    "",
    ...sizeChecks(world),
    ...typeTables(world),
    ...plans.definitions(),
    ...itemTables(world),
    ...initAndClose(world),
    ...functions,
    "",
    ...wamrTables(world),
  ];
  return `${text.flatMap(wrapped).join("\n")}\n`;
}

/** Structs are as long as in canonical layout, or the file does not compile. */
function sizeChecks({ types }: CWorld): string[] {
  const checks = types.sizes.map(
    ([name, bytes]) => `typedef char ${name}_is_canonical[sizeof(struct ${name}) == ${bytes} ? 1 : -1];`,
  );
  return checks.length === 0 ? [] : [...checks, ""];
}

function typeTables({ elements, prefix }: CWorld): string[] {
  if (elements.length === 0) return [];
  const known = elements.map(typeDescriptor);
  const plans = known.map((type, id) => planText(`plan${id}`, type));
  const rows = known.map((type, id) => `    ${typeText(`plan${id}`, type, id)},`);
  return [...plans, `const struct rill_type ${prefix}_types[${elements.length}] = {`, ...rows, "};", ""];
}

function initAndClose(world: CWorld): string[] {
  const { prefix } = world;
  const { sources, sinks } = counts(world);
  return [
    `bool ${prefix}_init(struct ${prefix} *host, const struct rill_engine *engine, struct rill_host *guest, ` +
      "const struct rill_chip *chip, void *context)",
    "{",
    ...(sources === 0 ? [] : ["    host->base.rings.sources = host->sources;"]),
    ...(sinks === 0 ? [] : ["    host->base.rings.sinks = host->sinks;"]),
    `    rill_host_init(guest, host->handles, ${world.macro("HANDLES")}, host->streams, ${world.macro("STREAMS")}, ` +
      "&rill_bindings_port, host);",
    ...(world.resources.length === 0
      ? []
      : [
          `    rill_resources_init(&host->resources, guest, host->resource_places, ${world.macro("RESOURCES")});`,
        ]),
    ...(world.guestResources.length === 0
      ? []
      : [
          `    rill_guest_resources_init(&host->guest_resources, guest, host->guest_resource_places, ` +
            `${world.macro("GUEST_RESOURCES")}, ${world.resources.length === 0 ? "0" : world.macro("RESOURCES")});`,
        ]),
    ...(hasItems(world) ? ["    host->base.items = items;"] : []),
    ...(world.hasEnds
      ? [`    rill_ends_init(&host->ends, &host->base, host->end_places, ${world.macro("ENDS")});`]
      : []),
    `    return rill_bindings_init(&host->base, engine, guest, chip, context)${world.begun.length === 0 ? "" : " && rill_begun_init(&host->base)"};`,
    "}",
    "",
    `void ${prefix}_close(struct ${prefix} *host)`,
    "{",
    ...closing(world),
    "}",
  ];
}

/** The end of a guest: what it still owns goes back to the firmware. */
function closing({ resources, guestResources, begun, hasEnds }: CWorld): string[] {
  const close = [
    "    rill_bindings_close(&host->base);",
    ...(begun.length === 0 ? [] : ["    rill_begun_forget(&host->base, &host->begun);"]),
    ...(guestResources.length === 0 ? [] : ["    rill_guest_resources_close(&host->guest_resources);"]),
    ...(hasEnds ? ["    rill_ends_close(&host->ends);"] : []),
  ];
  if (resources.length === 0) return close;
  return [
    "    uint8_t type = 0;",
    "    uint32_t index = 0;",
    "",
    ...close,
    "    while (rill_resources_end(&host->resources, &type, &index)) {",
    ...resources.flatMap(({ dropName }, number) => [
      `        ${number === 0 ? "if" : "} else if"} (type == ${number}u) {`,
      `            ${dropName}(host, index);`,
    ]),
    "        }",
    "    }",
  ];
}
