/** Items of streams and futures with strings, lists or handles in them: what they need beside a ring. */
import { isPointerFree } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import { giveSteps, handleSteps } from "./c-handles.js";
import { holds, holdsHandles, isPlainItem } from "./c-kinds.js";
import { FAIL, TAKEN } from "./c-serve.js";
import type { CWorld } from "./c-world.js";

/** Whether a world has such items. */
export function hasItems({ elements }: CWorld): boolean {
  return !elements.every(isPlainItem);
}

/** The table by element type, and its functions. */
export function itemTables(world: CWorld): string[] {
  if (!hasItems(world)) return [];
  const { elements } = world;
  return [
    ...elements.flatMap((type, id) => (isPlainItem(type) ? [] : itemsOf(world, type, id))),
    `static const struct rill_items *const items[${elements.length}] = {`,
    ...elements.map((type, id) => `    ${isPlainItem(type) ? "NULL" : `&items${id}`},`),
    "};",
    "",
  ];
}

function itemsOf(world: CWorld, type: ValueType, id: number): string[] {
  const has = holdsHandles(type);
  const names = has ? `take_item${id}, give_item${id}` : "NULL, NULL";
  return [
    ...(has
      ? [
          ...way(world, type, `take_item${id}`, [
            ...handleSteps({ world, way: "take", fail: FAIL, lent: null, space: "space" }, type, "(*value)"),
            ...(holds(type, "own") ? [TAKEN] : []),
          ]),
          ...way(world, type, `give_item${id}`, giveSteps({ world, space: "space" }, type, "(*value)")),
        ]
      : []),
    `static const struct rill_items items${id} = {rill_items_go_on, ${names}, ${!isPointerFree(type)}};`,
    "",
  ];
}

function way(world: CWorld, type: ValueType, name: string, steps: readonly string[]): string[] {
  const { prefix, types } = world;
  return [
    `static bool ${name}(struct rill_bindings *bindings, void *item, struct rill_space *space)`,
    "{",
    "    /* SAFETY: the bindings are the first member of the world's struct. */",
    `    struct ${prefix} *host = (struct ${prefix} *)(void *)bindings;`,
    `    ${types.member(type)} *value = (${types.member(type)} *)item;`,
    "",
    "    (void)space;",
    ...steps,
    "    return true;",
    "}",
    "",
  ];
}
