/**
 * Where a call's parameters begin in the arena: the host lowers a value's parts
 * after the block that names them.
 */
import { casesOf, flatten } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import { type CaseType, type FieldType, isAddressed, parts } from "../types/flat-values.js";
import { isView } from "../types/kinds.js";

/**
 * An expression for the lowest address that the core values of `types` name; 0 when they
 * name none. What is empty has a block too.
 * @param cores expressions for the core values, in order
 */
export function firstBlock(types: readonly ValueType[], cores: readonly string[]): string {
  const [first = "0", ...more] = blocks(types, cores);
  return more.reduce((lowest, address) => `lowerBlock(${lowest}, ${address})`, first);
}

/** Addresses, each 0 where the value's case has none. */
function blocks(types: readonly ValueType[], cores: readonly string[]): string[] {
  let from = 0;
  return types.flatMap((type) => {
    const own = cores.slice(from, (from += flatten(type).length));
    if (isAddressed(type)) return [`<usize>${own[0]!}`];
    if (!isView(type)) return [];
    if (type.kind === "variant" || type.kind === "option" || type.kind === "result")
      return caseBlocks(type, own);
    return blocks(
      parts(type as FieldType).map((part) => part.type),
      own,
    );
  });
}

function caseBlocks(type: CaseType, [tag, ...slots]: readonly string[]): string[] {
  return casesOf(type).flatMap((item, index) => {
    const inner = item.type === null ? [] : blocks([item.type], slots);
    return inner.map((address) => `(${tag!} == ${index} ? ${address} : 0)`);
  });
}
