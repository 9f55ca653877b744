/** The plans by which values of several core values are copied: tables in W_host.c, each type once. */
import { valuesDescriptor } from "../../c-host/flat-plan.js";
import { planText } from "../../c-host/type-text.js";
import { flatten, typeShape } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";

interface Known {
  readonly name: string;
  readonly type: ValueType;
  /** Whether its `struct rill_values` is asked for: else its parts alone are. */
  isUsed: boolean;
}

/** The tables that functions have asked for. */
export class CPlans {
  private readonly known = new Map<string, Known>();

  /** The address of a type's `struct rill_values`. */
  values(type: ValueType): string {
    const known = this.named(type);
    known.isUsed = true;
    return `&${known.name}`;
  }

  private named(type: ValueType): Known {
    const key = typeShape(type);
    const found = this.known.get(key) ?? { name: `values${this.known.size}`, type, isUsed: false };
    this.known.set(key, found);
    return found;
  }

  /** The values of a parameter list, or of a result, within a `struct rill_func`. */
  tuple(types: readonly ValueType[]): string {
    if (types.length === 0) return "{NULL, NULL, 0}";
    const { name } = this.named({ kind: "tuple", types });
    return `{&${name}_type, ${name}_flat, ${types.flatMap(flatten).length}}`;
  }

  /** Their definitions. */
  definitions(): string[] {
    return [...this.known.values()].flatMap(({ name, type, isUsed }) => {
      const { type: descriptor, flat, cells } = valuesDescriptor([type]);
      const { elemSize, alignment } = descriptor!;
      return [
        planText(`${name}_plan`, descriptor!),
        `static const uint16_t ${name}_flat[] = {${flat.join(", ")}};`,
        `static const struct rill_type ${name}_type = {${name}_plan, ${elemSize}u, ${alignment}, 0, 0};`,
        ...(isUsed
          ? [`static const struct rill_values ${name} = {&${name}_type, ${name}_flat, ${cells}};`]
          : []),
        "",
      ];
    });
  }
}
