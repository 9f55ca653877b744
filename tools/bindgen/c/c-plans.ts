/** The plans by which values of several core values are copied: tables in W_host.c, each type once. */
import { valuesDescriptor } from "../../c-host/flat-plan.js";
import { shape } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";

/** The tables that functions have asked for. */
export class CPlans {
  private readonly known = new Map<string, { readonly name: string; readonly type: ValueType }>();

  /** The address of a type's `struct rill_values`. */
  values(type: ValueType): string {
    const key = shape(type);
    const found = this.known.get(key) ?? { name: `values${this.known.size}`, type };
    this.known.set(key, found);
    return `&${found.name}`;
  }

  /** Their definitions. */
  definitions(): string[] {
    return [...this.known.values()].flatMap(({ name, type }) => {
      const { type: descriptor, flat, cells } = valuesDescriptor([type]);
      const { plan, elemSize, alignment } = descriptor!;
      return [
        `static const uint16_t ${name}_plan[] = {${plan.join(", ")}};`,
        `static const uint16_t ${name}_flat[] = {${flat.join(", ")}};`,
        `static const struct rill_type ${name}_type = {${name}_plan, ${elemSize}u, ${alignment}, 0, 0};`,
        `static const struct rill_values ${name} = {&${name}_type, ${name}_flat, ${cells}};`,
        "",
      ];
    });
  }
}
