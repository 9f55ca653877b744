/**
 * What a call that goes on by itself is passed: it is copied to where nobody else writes, for the callee may
 * read it long after the guest has asked for the next item, from which it came.
 */
import { alignment, elemSize, isPointerFree } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import type { ParamInMemory } from "./params-in-memory.js";
import type { Place } from "../refuse.js";
import { isPair } from "../types/kinds.js";
import { addressAt, walkValue } from "../types/walk-value.js";

/** Bytes of a code unit of a string. */
const CODE_UNIT_BYTES = 2;

/** Copies what a string or list points to, and leaves the copy's address where it stood. */
const keeping = {
  enters: (type: ValueType): boolean => !isPointerFree(type),
  visit: (type: ValueType, address: string, offset: number): string[] | null => {
    const pair = addressAt(address, offset);
    if (type.kind === "string") return [`keep_items(${pair}, ${CODE_UNIT_BYTES});`];
    if (type.kind !== "list" || type.length !== undefined || !isPointerFree(type.element)) return null;
    return [`keep_items(${pair}, ${elemSize(type.element)});`];
  },
  items: (pair: string, stride: number): string => `keep_items(${pair}, ${stride})`,
};

/** Where a function's parameters are kept, and how they come there. */
export interface KeptParams {
  /** Declarations of the static memory that this takes. */
  readonly places: readonly string[];
  /** Statements that put copies in the place of the parameters. */
  readonly statements: readonly string[];
  /** Whether they lie in a region of the arena. */
  readonly inRegion: boolean;
  /** Bytes of that memory, where it is no region. */
  readonly bytes: number | "region";
}

/**
 * @param params   the parameters that the callee reads when it starts
 * @param constant what names the memory
 * @param label    the function, for comments
 * @param only     whether a single parameter is passed by the address of the guest's own view
 */
export function keptParams(
  params: readonly ParamInMemory[],
  constant: string,
  label: string,
  only: boolean,
  place: Place,
): KeptParams {
  const pointing = params.filter(({ type }) => !isPointerFree(type));
  if (pointing.length > 0) {
    const note = `/** The part of the arena that holds what a call of \`${label}\` was passed that goes on by itself. */`;
    return {
      places: [`${note}\n@lazy\nconst ${constant}: usize = memory.data(<i32>ARENA_BYTES, 8);`],
      statements: [
        `enter_region(${constant});`,
        ...pointing.flatMap((param) => keep(param, place)),
        "leave_region();",
      ],
      inRegion: true,
      bytes: "region",
    };
  }
  const [single] = params;
  if (!only || !single?.view) return { places: [], statements: [], inRegion: false, bytes: 0 };
  const { name, type, typeName } = single;
  const bytes = String(elemSize(type));
  const note = `/** What a call of \`${label}\` was passed that goes on by itself: ${bytes} bytes. */`;
  return {
    places: [`${note}\n@lazy\nconst ${constant}: usize = memory.data(${bytes}, ${alignment(type)});`],
    statements: [
      `copyElement<${typeName}>(${constant}, changetype<usize>(${name}));`,
      `${name} = changetype<${typeName}>(${constant});`,
    ],
    inRegion: false,
    bytes: elemSize(type),
  };
}

function keep({ name, type, typeName }: ParamInMemory, place: Place): string[] {
  if (isPair(type)) return [`${name} = keep_array<${typeName}>(${name});`];
  const kept = `kept_${name}`;
  return [
    `const ${kept} = keep_block(changetype<usize>(${name}), ${elemSize(type)});`,
    ...walkValue(keeping, type, kept, 0, place),
    `${name} = changetype<${typeName}>(${kept});`,
  ];
}
