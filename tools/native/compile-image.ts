/** Compiles and links the C of an image: machine code that is the same wherever it lies. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { must, needTool } from "../setup/build-tool.js";
import { cIncludeFlags, cRoot, cSources } from "../c-sources/c-sources.js";
import { CheckFailure } from "../errors/user-error.js";
import { inTemporaryFolder } from "../processes/temporary-folder.js";
import type { Core } from "./cores.js";
import { countedIn } from "./counted-calls.js";
import { stackOfElf } from "./stack/stack-of-elf.js";

const FLAGS = [
  ...["-std=c99", "-Os", "-ffunction-sections", "-fdata-sections", "-fomit-frame-pointer"],
  // No C library is there: neither its headers, nor what its functions are known to be but for these.
  ...["-ffreestanding", "-fbuiltin", "-fno-tree-loop-distribute-patterns"],
  ...["-fvisibility=hidden", "-fno-stack-protector", "-fno-math-errno"],
  ...["-Wall", "-Wextra", "-Wconversion", "-Werror"],
  "-DRILL_NATIVE_IMAGE",
];
const LINK_FLAGS = [
  ...["-nostdlib", "-nostartfiles", "-static", "-no-pie"],
  "-Wl,--gc-sections,-e,rill_image_enter,--build-id=none,--no-warn-rwx-segment",
];

/** All that the runtime takes from a C library. */
export const STRING_H = `#include <stddef.h>
void *memcpy(void *restrict, const void *restrict, size_t);
void *memmove(void *, const void *, size_t);
void *memset(void *, int, size_t);
`;

/** Where the code is linked for: two addresses that share no byte, far from zero and its short ways. */
const SLOTS = [0x1234_5600, 0x4567_8900] as const;

/** What an image holds in place of a module. */
export interface MachineCode {
  readonly bytes: Uint8Array;
  /** Bytes of an instance. */
  readonly instanceBytes: number;
  /** Bytes of stack that the code takes at most; what it calls in the firmware comes on top. */
  readonly stackBytes: number;
}

/**
 * Compiles `source` for `core`.
 * @throws UserError without a compiler, CheckFailure for code that has variables or is another at another
 *   address, and where its stack is open
 */
export async function compileImage(source: string, core: Core, name: string): Promise<MachineCode> {
  const gcc = needTool(await core.compiler());
  const objcopy = gcc.replace(/gcc$/, "objcopy");
  return inTemporaryFolder("rill-image-", async (folder) => {
    const guest = join(folder, "guest.c");
    await writeFile(guest, source);
    await writeFile(join(folder, "string.h"), STRING_H);
    const flags = [...core.flags, ...core.imageFlags, ...FLAGS, `-isystem${folder}`, ...cIncludeFlags()];
    const objects = await Promise.all(
      [guest, ...cSources("IMAGE_CODE")].map(async (file, index) => {
        const object = join(folder, `${index}.o`);
        await must(gcc, [...flags, "-c", file, "-o", object]);
        return object;
      }),
    );
    const section = async (elf: string, ...choice: readonly string[]): Promise<Buffer> => {
      const file = `${elf}.bin`;
      await must(objcopy, ["-O", "binary", ...choice, elf, file]);
      return readFile(file);
    };
    const link = async (slot: number): Promise<string> => {
      const elf = join(folder, `${slot}.elf`);
      const script = `-T${join(cRoot, "native", "image.ld")}`;
      await must(gcc, [
        ...[...core.flags, ...core.imageFlags, ...LINK_FLAGS, `-Wl,--defsym=SLOT=${slot}`, script],
        ...["-o", elf, ...objects, "-lgcc"],
      ]);
      return elf;
    };
    const stackOf = async (elf: string): Promise<number> => {
      const counted = countedIn(source);
      const facts = counted === null ? {} : { counted };
      const stack = (await stackOfElf(gcc.replace(/gcc$/, "objdump"), elf, facts)).from("rill_image_enter");
      if (stack.bytes === null) throw new CheckFailure(`${name}: its stack is open: ${stack.open!}`);
      return stack.bytes;
    };
    const [here, there] = [await link(SLOTS[0]), await link(SLOTS[1])];
    const bytes = await section(here, "-j", ".text");
    if (!bytes.equals(await section(there, "-j", ".text")))
      throw new CheckFailure(
        `${name}: what ${core.name}'s compiler made of it holds addresses, so it would not run at another slot; ` +
          "this is a fault of as-rill's: please report it with the guest",
      );
    const instanceBytes = (await section(here, "-j", ".facts")).readUInt32LE(0);
    return { bytes, instanceBytes, stackBytes: await stackOf(here) };
  });
}
