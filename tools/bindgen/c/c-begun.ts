/** Async functions whose calls go on side by side: the firmware begins each, and gives its memory. */
import { componentName } from "../../wit/function-name.js";
import type { FunctionType } from "../../wit/model.js";
import {
  type Answering,
  answer,
  argumentSteps,
  asks,
  cellCount,
  chain,
  exportIndex,
  givers,
  givesEnds,
  isAsking,
  isEntered,
  isInMemory,
  lowering,
  passesGuests,
  refusedWhen,
  settlesCancelled,
} from "./c-calls.js";
import { ENDS, flowArgs, flowCells, flowParams } from "./c-flows.js";
import { type CParam, freeName, hasSpace, paramsOf, prototype } from "./c-function.js";
import { GUESTS, handleSteps } from "./c-handles.js";
import { flowsOf } from "./c-kept.js";
import { holdsHandles, isDeep, isFlow, isOneCell, isView } from "./c-kinds.js";
import type { CPlans } from "./c-plans.js";
import { FAIL } from "./c-serve.js";
import { docComment, wrapped } from "./c-text.js";
import type { CFunction, CWorld } from "./c-world.js";

/** The struct of a call. */
export function begunStruct(world: CWorld, item: CFunction): string[] {
  const { func } = item;
  const flows = flowsOf(func, true);
  const kept = [...argumentMembers(world, func), ...resultMembers(world, func)];
  const group = (name: string, lines: readonly string[], says: string): string[] =>
    lines.length === 0
      ? []
      : ["    struct {", ...lines.map((line) => `        ${line}`), `    } ${name};${says}`];
  return [
    ...docComment([
      `A call of \`${componentName(func)}\` that goes on beside others: memory of the firmware's, zero before its first use.`,
    ]),
    `struct ${world.begunName(item)} {`,
    "    struct rill_begun call; /* first: rill_begun_how_far says how far it has come */",
    `    uint64_t cells[${cellCount(func)}]; /* private */`,
    ...group("args", kept, " /* private */"),
    ...group(
      "flows",
      flows.map((name) => `struct rill_flow ${name};`),
      " /* of what the guest reads: set `is_over` behind the last item */",
    ),
    "};",
    "",
  ];
}

/** Arguments that are kept until the call starts: what is one core value is in its cell already. */
function argumentMembers(world: CWorld, func: FunctionType): string[] {
  return keptParams(func).flatMap((param) => declared(world, param).map((text) => `${text};`));
}

function keptParams(func: FunctionType): CParam[] {
  return paramsOf(func).filter(({ type }) => !isFlow(type) && isEntered(func, type));
}

/** A parameter as a variable. */
function declared({ types }: CWorld, { name, type, length }: CParam): string[] {
  if (length !== null) return [`const ${types.item(type)} *${name}`, `uint32_t ${length}`];
  return [isOneCell(type) ? `${types.value(type)} ${name}` : `const ${types.value(type)} *${name}`];
}

function resultMembers({ types }: CWorld, func: FunctionType): string[] {
  const { result } = func;
  const space = hasSpace(func) ? ["struct rill_space *space;"] : [];
  if (result === null) return space;
  if (isFlow(result)) return [...space, "struct rill_ring *result;"];
  return isView(result)
    ? [...space, `${types.item(result)} *result;`, "uint32_t result_room;", "uint32_t *result_length;"]
    : [...space, `${types.value(result)} *result;`];
}

/** Everything about a call. */
export function begunCall(world: CWorld, plans: CPlans, item: CFunction): string[] {
  const { func } = item;
  const lower = lowers(world, plans, item);
  const ended = ends(world, item);
  const name = (verb: string): string => world.begunFunction(item, verb);
  return [
    ...givers(world, item),
    ...lower,
    ...answer(world, plans, item, answering(world, item)),
    "",
    ...ended,
    `static const struct rill_begun_func ${name("begun")} = {${exportIndex(world, func, "lift")}, ` +
      `${lower.length === 0 ? "NULL" : name("lower")}, ${name("answered")}, ${ended.length === 0 ? "NULL" : name("ended")}};`,
    "",
    ...begins(world, plans, item),
  ];
}

/** The function that begins one. */
function begins(world: CWorld, plans: CPlans, item: CFunction): string[] {
  const { func } = item;
  const { result } = func;
  const begun = freeName(func, "begun");
  const flows = paramsOf(func).filter(({ type }) => isFlow(type));
  const args = [
    ...keptParams(func).flatMap(({ name, length }) => (length === null ? [name] : [name, length])),
    ...(hasSpace(func) ? ["space"] : []),
    ...(result === null ? [] : isView(result) ? ["result", "result_room", "result_length"] : ["result"]),
  ];
  return [
    ...prototype(world, item, false),
    "{",
    `    uint64_t *cells = ${begun}->cells;`,
    ...(isAsking(func) ? ["    bool is_held = true;"] : []),
    "",
    ...refusedWhen(`!rill_begun_is_free(&host->base, &${begun}->call)`),
    `    (void)memset(cells, 0, sizeof ${begun}->cells);`,
    ...argumentSteps(plans, func),
    ...asks(world, func, ["return false;"]),
    ...(passesGuests(func) ? [`    rill_guest_resources_keep(${GUESTS});`] : []),
    ...(givesEnds(func) ? [`    rill_ends_keep(${ENDS});`] : []),
    ...(flowsOf(func, true).length === 0
      ? []
      : [`    (void)memset(&${begun}->flows, 0, sizeof ${begun}->flows);`]),
    ...flows.map(({ name }) => `    ${begun}->flows.${name}.ring = ${name};`),
    ...args.map((name) => `    ${begun}->args.${name} = ${name};`),
    `    return rill_begun_start(&host->base, &host->begun, &${begun}->call, &${world.begunFunction(item, "begun")}, cells);`,
    "}",
  ];
}

/** Locals by which a function knows the world's struct and its own. */
function known(world: CWorld, item: CFunction, of: string, call: string): string[] {
  const own = `struct ${world.begunName(item)}`;
  return [
    `    /* SAFETY: the call is the first member of its struct. */`,
    `    ${own} *${of} = (${own} *)(void *)${call};`,
  ];
}

function hostOf(world: CWorld, bindings: string): string[] {
  return [
    "    /* SAFETY: the bindings are the first member of the world's struct. */",
    `    struct ${world.prefix} *host = (struct ${world.prefix} *)(void *)${bindings};`,
  ];
}

/** The function that lowers its arguments; nothing where each is in its cell. */
function lowers(world: CWorld, plans: CPlans, item: CFunction): string[] {
  const { func } = item;
  const [bindings, begun, of] = ["bindings", "begun", "of"].map((name) => freeName(func, name));
  const { locals, gives, conditions, cells } = lowering(world, plans, item, begun!);
  const flows = flowParams(func);
  if (gives.length + conditions.length + flows.length === 0) return [];
  const opens = flows.map(
    ({ name, type, given }) =>
      `rill_flow_give(${flowArgs(world, type, `&${of!}->flows.${name}`)}, &${given})`,
  );
  return [
    `static bool ${world.begunFunction(item, "lower")}(struct rill_bindings *${bindings!}, struct rill_begun *${begun!})`,
    "{",
    ...hostOf(world, bindings!),
    ...known(world, item, of!, begun!),
    `    uint64_t *cells = ${of!}->cells;`,
    ...keptParams(func).flatMap((param) =>
      declared(world, param).map((text) => `    ${text} = ${of!}->args.${/\w+$/.exec(text)![0]};`),
    ),
    ...(paramsOf(func).some(({ type }) => isDeep(type))
      ? [`    struct rill_space *space = ${of!}->args.space;`]
      : []),
    ...flows.map(({ given }) => `    uint32_t ${given} = 0;`),
    ...locals,
    "    bool is_done;",
    "",
    ...chain(gives, [...opens, ...conditions]),
    ...flowCells(plans, func, isInMemory(func)),
    ...cells,
    "    return is_done;",
    "}",
    "",
  ];
}

/** How its result is taken. */
function answering(world: CWorld, item: CFunction): Answering {
  const result = "of->args.result";
  const own = known(world, item, "of", "begun");
  return {
    call: "begun",
    head: `static bool ${world.begunFunction(item, "answered")}(struct rill_bindings *bindings, struct rill_begun *begun, const uint64_t *values)`,
    host: hostOf(world, "bindings"),
    own,
    unused: ["    (void)bindings;", "    (void)begun;"],
    spare: ["    (void)bindings;"],
    kept: "of->flows.",
    ring: result,
    to: result,
    value: () => `*${result}`,
    view: {
      locals: [
        "    struct rill_space room = rill_bindings_space(of->args.result, (uint64_t)of->args.result_room * sizeof of->args.result[0]);",
      ],
      space: "&room",
      length: "of->args.result_length",
    },
    deep: { locals: [], to: result, space: "of->args.space" },
  };
}

/** What is done at its end: flows end, and what a call that never started was given goes back. */
function ends(world: CWorld, item: CFunction): string[] {
  const { func } = item;
  const flows = flowsOf(func, true).map((name) => `    rill_flow_end(bindings, &of->flows.${name});`);
  const each = (way: "drop" | "return"): string[] =>
    keptParams(func).flatMap(({ name, type }) =>
      holdsHandles(type)
        ? handleSteps(
            { world, way, fail: FAIL, lent: null, space: "of->args.space" },
            type,
            isOneCell(type) ? `of->args.${name}` : `(*of->args.${name})`,
          )
        : [],
    );
  const drops = each("drop");
  const returns = [...each("return"), ...settlesCancelled(world, func)];
  if (flows.length + drops.length + returns.length === 0) return [];
  return [
    `static void ${world.begunFunction(item, "ended")}(struct rill_bindings *bindings, struct rill_begun *begun)`,
    "{",
    ...(drops.length + returns.length === 0 ? [] : hostOf(world, "bindings")),
    ...known(world, item, "of", "begun"),
    "",
    ...flows,
    ...returns,
    ...(drops.length === 0
      ? []
      : ["    if (begun->has_started == 0u) {", ...drops.map((line) => `    ${line}`), "    }"]),
    "}",
    "",
  ];
}

/** What the firmware does with calls that it has begun. */
export function begunFunctions(world: CWorld): string[] {
  const { prefix } = world;
  if (world.begun.length === 0) return [];
  const trapped =
    "@returns false when the guest has trapped, with the reason in `host->base.rings.host->trap`";
  const host = `struct ${prefix} *host`;
  const each: readonly (readonly [string, string, readonly string[]])[] = [
    [
      `bool ${prefix}_run(${host});`,
      "Lets each call go on that can, once, and never sleeps: for a loop that does other things, too.",
      ["@param host the guest's", `${trapped}; also when its code runs`],
    ],
    [
      `bool ${prefix}_wait(${host});`,
      "Lets each call go on that can, once; where none can the core sleeps until something comes.",
      ["@param host the guest's", `${trapped}; also when its code runs`],
    ],
    [
      `bool ${prefix}_finish(${host}, struct rill_begun *call);`,
      "Lets all calls go on until one has ended; the core sleeps meanwhile.",
      [
        "@param host the guest's",
        "@param call that was begun",
        "@returns whether its result is there: RILL_BEGUN_DONE",
      ],
    ],
    [
      `bool ${prefix}_cancel(${host}, struct rill_begun *call);`,
      "Asks a call to give up: it is RILL_BEGUN_CANCELLED now, or later, or ends with its result all the same.",
      ["@param host the guest's", "@param call that was begun", `${trapped}; also when its code runs`],
    ],
  ];
  return [
    "/// Calls that were begun ///",
    "",
    ...each.flatMap(([head, says, tags]) => [...docComment([says, tags.join("\n")]), ...wrapped(head), ""]),
  ];
}

/** Their bodies. */
export function begunBodies(world: CWorld): string[] {
  const { prefix } = world;
  if (world.begun.length === 0) return [];
  const body = (head: string, call: string): string[] => ["", head, "{", `    return ${call};`, "}"];
  const host = `struct ${prefix} *host`;
  return [
    ...body(`bool ${prefix}_run(${host})`, "rill_begun_run(&host->base, &host->begun, false)"),
    ...body(`bool ${prefix}_wait(${host})`, "rill_begun_run(&host->base, &host->begun, true)"),
    ...body(
      `bool ${prefix}_finish(${host}, struct rill_begun *call)`,
      "rill_begun_finish(&host->base, &host->begun, call)",
    ),
    ...body(
      `bool ${prefix}_cancel(${host}, struct rill_begun *call)`,
      "rill_begun_cancel(&host->base, &host->begun, call)",
    ),
  ];
}
