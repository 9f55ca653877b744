/** The C of a guest in an image: its functions, its instance, and the entry that a firmware calls. */
import { builtins, type GuestDescriptor, type ImportDescriptor } from "../c-host/descriptor.js";
import { importEntry } from "../pack/image.js";
import type { GuestModule } from "./guest-module.js";
import { head, translateModule } from "./translate-module.js";

const STRUCT = "struct image_guest";

/** What the code is made from. */
export interface ImageGuest {
  readonly module: GuestModule;
  /** Index of the function that the firmware calls; its parameters are words. */
  readonly entry: number;
  readonly paramCount: number;
  readonly descriptor: GuestDescriptor;
}

/** Writes it. @throws UserError for what is not translated */
export function imageSource({ module, entry, paramCount, descriptor }: ImageGuest): string {
  const code = translateModule(module, [entry], STRUCT);
  const args = Array.from({ length: paramCount }, (_, index) => `arguments[${index}]`);
  const imports = code.imports.flatMap((index) => importFunction(module, index, descriptor));
  return `${[
    '#include "rill_native_integers.h"',
    '#include "rill_native_memory.h"',
    ...(module.usesFloats && !module.usesDoubles ? ['#include "rill_native_floats.h"'] : []),
    ...(module.usesDoubles ? ['#include "rill_native_doubles.h"'] : []),
    "",
    ...(code.isRecursive ? ["#define RILL_NATIVE_DEPTH 16u", ""] : []),
    `${STRUCT} {`,
    "    struct rill_image_instance base;",
    `    uint8_t memory[${Math.max(module.memoryBytes, 1)}] RILL_NATIVE_ALIGNED;`,
    ...code.fields.map((field) => `    ${field}`),
    "};",
    "/* The linker's script keeps it, and the tools read it. */",
    `const uint32_t rill_image_instance_bytes __attribute__((section(".facts"), used)) = sizeof(${STRUCT});`,
    ...code.definitions,
    ...imports,
    "",
    '__attribute__((section(".entry"), used)) void rill_image_enter(struct rill_image_instance *instance,',
    "                                                               const uint32_t *arguments)",
    "{",
    `    ${STRUCT} *guest = (${STRUCT} *)(void *)instance;`,
    "",
    "    if (arguments == NULL) {",
    ...code.initialization.map((line) => `    ${line}`),
    "    } else {",
    `        (void)${module.functionName(entry)}(${["guest", ...args].join(", ")});`,
    "    }",
    "}",
  ].join("\n")}\n`;
}

/** The function that stands for an import: a call of the firmware's. */
function importFunction(module: GuestModule, index: number, descriptor: GuestDescriptor): string[] {
  const { signature } = module.functions[index]!;
  const { params, results } = signature;
  if (params.some((type) => type !== "i32") || params.length > 3)
    throw module.refusal(`imports ${descriptor.imports[index]!.name} with another signature`);
  const item = descriptor.imports[index]!;
  const entry = `${importEntry(item)}u`;
  const args = [0, 1, 2].map((at) => (at < params.length ? `l${at}` : "0u"));
  const call = `guest->base.calls->call(&guest->base, ${entry}, ${args.join(", ")})`;
  const [result] = results;
  const statement =
    result === undefined ? `(void)${call};` : `return ${result === "i32" ? "(uint32_t)" : ""}${call};`;
  return [
    "",
    head(module, module.functionName(index), signature, STRUCT),
    "{",
    ...(isCopy(item)
      ? [
          "    if (l2 == 1u) {",
          `        return guest->base.calls->copy_one(&guest->base, ${entry}, l0, l1);`,
          "    }",
        ]
      : []),
    `    ${statement}`,
    "}",
  ];
}

/** Whether an import is a stream's read or write that does not wait. */
function isCopy({ builtin, async, future }: ImportDescriptor): boolean {
  return async && !future && ["read", "write"].includes(builtins[builtin]!);
}
