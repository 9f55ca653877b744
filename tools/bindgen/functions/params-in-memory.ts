/**
 * Parameters that are too many for core parameters: they stand in memory, laid
 * out as a tuple, and a pointer is passed.
 */
import { recordLayout } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import type { Frame } from "./frame.js";

/** A parameter as it comes into the tuple. */
export interface ParamInMemory {
  readonly name: string;
  readonly type: ValueType;
  readonly typeName: string;
  readonly view: boolean;
  readonly lower: (value: string) => string[];
  readonly store: (address: string, offset: number, cores: readonly string[]) => string[];
}

/** The parameters of one function. */
export class ParamsInMemory {
  constructor(private readonly params: readonly ParamInMemory[]) {}

  /**
   * Puts the parameters where the callee finds them. One that is a view already is that memory itself.
   * @param body gets the statements that copy
   * @returns an expression for the pointer
   */
  lower(frame: Frame, at: (offset: number) => string, body: string[]): string {
    const [only, ...more] = this.params;
    if (only?.view && more.length === 0) return `changetype<usize>(${only.name})`;
    const types = this.params.map(({ type }) => type);
    const layout = recordLayout(types.map((type, index) => ({ name: String(index), type })));
    const start = frame.value({ kind: "tuple", types }, "the parameters");
    this.params.forEach((param, index) => {
      const place = at(start + layout.offsets[index]!);
      if (param.view)
        body.push(`copyElement<${param.typeName}>(${place}, changetype<usize>(${param.name}));`);
      else body.push(...param.store(place, 0, param.lower(param.name)));
    });
    return at(start);
  }
}
