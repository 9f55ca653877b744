/**
 * What a named piece of static memory is for: as-rill's own names are
 * understood, others are shown as they are.
 */
import { EVENT_BYTES } from "../../source/library-layout.js";
import { CALLBACK_STACK, FURTHER_TASKS, type StaticPlace } from "../../source/static-places.js";

/** A whole piece of static memory, other pieces inside it included. */
export interface StaticObject {
  readonly kind: "frame" | "arena" | "event" | "stack" | "static";
  readonly label: string;
  readonly address: number;
  readonly bytes: number;
}

/** What the region of a task goes by. */
export const TASK_REGION_LABEL = "arena: task";

/** Describes `places`, lowest address first. */
export function staticObjects(places: readonly StaticPlace[]): StaticObject[] {
  return places.flatMap(describe).sort((x, y) => x.address - y.address);
}

function describe({ name, address, bytes }: StaticPlace): StaticObject[] {
  const own = name.slice(name.lastIndexOf("/") + 1);
  const at = { address, bytes };
  if (name.endsWith("/assembly/arena/TASK_REGION"))
    return [{ kind: "arena", label: TASK_REGION_LABEL, ...at }];
  if (name.endsWith("/assembly/task/waiting/EVENT"))
    return [
      { kind: "event", label: "event: waitable, payload", address, bytes: EVENT_BYTES },
      {
        kind: "static",
        label: "handle of the waitable set of imported calls",
        address: address + EVENT_BYTES,
        bytes: bytes - EVENT_BYTES,
      },
    ];
  if (name === CALLBACK_STACK)
    return [{ kind: "stack", label: "stack of the callback strategy: a task's locals", ...at }];
  if (name === FURTHER_TASKS)
    return [{ kind: "frame", label: "memory of all tasks but the first one", ...at }];
  if (!/^(bindings\/|rill-entry\/)/.test(name)) return [{ kind: "static", label: name, ...at }];
  const region = /^(.+?)_(stream|future)(\d+)_region$/i.exec(own);
  if (region)
    return [
      {
        kind: "arena",
        label: `arena: ${kebab(region[1]!)}, ${region[2]!.toLowerCase()} ${region[3]!}`,
        ...at,
      },
    ];
  const call = /^(.+)_REGION$/.exec(own);
  if (call) return [{ kind: "arena", label: `arena: calls of ${kebab(call[1]!)}`, ...at }];
  const frame = /^(.+)_FRAME$/.exec(own);
  return [{ kind: frame ? "frame" : "static", label: frame ? `frame: ${kebab(frame[1]!)}` : own, ...at }];
}

/** The WIT's way to write `LABEL_ALL` or `LabelAll`. */
function kebab(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replaceAll("_", "-")
    .toLowerCase();
}
