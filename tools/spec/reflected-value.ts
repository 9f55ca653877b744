/** Values as as-pect hands them to the host, and their text in a message. */

/** as-pect's numbers of what a value is. Source: ReflectedValueType.ts of @as-pect/assembly. */
const TYPE = { string: 2, arrayBuffer: 3, map: 4, set: 5, function: 6, float: 8, boolean: 9 } as const;

/** One value, with those in it. */
export interface ReflectedValue {
  readonly type: number;
  readonly typeName: string;
  readonly value: string | number | null;
  readonly keys: ReflectedValue[];
  readonly values: ReflectedValue[];
  readonly hasKeys: boolean;
  readonly hasValues: boolean;
}

/** Levels of values inside of each other that are shown. */
const MOST_LEVELS = 4;
/** Elements of one that are. */
const MOST_VALUES = 100;

/** The value in one line, as AssemblyScript writes it. */
export function shown(value: ReflectedValue, level = 0): string {
  const { type, typeName, keys, values, hasKeys, hasValues } = value;
  if (value.value === null) return "null";
  if (type === TYPE.string) return JSON.stringify(value.value);
  if (type === TYPE.boolean) return value.value === 0 ? "false" : "true";
  if (type === TYPE.function) return "function";
  if (!hasValues) return `${value.value}`;
  if (level === MOST_LEVELS) return `${typeName} …`;
  const parts = values.slice(0, MOST_VALUES).map((part, index) => {
    const text = shown(part, level + 1);
    const key = hasKeys ? keys[index] : undefined;
    return key === undefined ? text : `${keyText(key, type)}: ${text}`;
  });
  if (values.length > MOST_VALUES) parts.push(`… ${values.length - MOST_VALUES} more`);
  if (!hasKeys) return `[${parts.join(", ")}]`;
  return parts.length === 0 ? `${typeName} {}` : `${typeName} { ${parts.join(", ")} }`;
}

function keyText(key: ReflectedValue, type: number): string {
  return type === TYPE.map ? shown(key) : `${key.value}`;
}
