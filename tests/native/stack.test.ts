/**
 * The stack that a guest as C is said to take: frames as GCC tells them, and never less than what a
 * run leaves marks in.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import { fitNativeOn } from "../../tools/boards/fit-native.js";
import { buildGuestFirmware } from "../../tools/boards/firmware.js";
import { runOnQemu } from "../../tools/boards/qemu.js";
import { cIncludeFlags, cSources } from "../../tools/c-sources/c-sources.js";
import { boardGuest } from "../../tools/native/board-guest.js";
import { translateCore } from "../../tools/native/guest-of-core.js";
import { measureNative } from "../../tools/native/measure/measure-native.js";
import { findNativeCore, NATIVE_CORES, type NativeCore } from "../../tools/native/measure/native-cores.js";
import { stackOfElf } from "../../tools/native/stack/stack-of-elf.js";
import { findEmulatedBoard } from "../../tools/pack/board-table.js";
import { run } from "../../tools/setup/run.js";
import { isMissing } from "../../tools/setup/tool.js";
import { moduleWorld } from "../../tools/wit/module-world.js";
import { core, handMadeCore } from "../boards/guests.js";
import { atTier, isLong } from "../tier.js";

const folder = mkdtempSync(join(tmpdir(), "rill-stack-"));
after(() => {
  rmSync(folder, { recursive: true });
});

const FLAGS = ["-Os", "-std=c99", "-ffunction-sections", "-fdata-sections", "-fno-math-errno"];

async function must(command: string, args: readonly string[]): Promise<string> {
  const { code, output } = await run(command, args, { cwd: folder });
  assert.equal(code, 0, output);
  return output;
}

async function compilerOf(of: NativeCore): Promise<string> {
  const tool = await of.compiler();
  if (isMissing(tool)) throw new Error(tool.how);
  return tool.path;
}

const cores = NATIVE_CORES.filter(({ name }) => isLong || name === "cortex-m0" || name === "x86-64");
/** Cores, and what else their compilers are told: functions on the Uno share their prologues. */
const frames = [
  ...cores.map((of) => [of, [] as string[]] as const),
  [findNativeCore("atmega328p"), ["-mcall-prologues"]] as const,
];
for (const [of, more] of frames) {
  test(`${[of.name, ...more].join(" ")}: each frame of the host is as large as GCC says`, async () => {
    const gcc = await compilerOf(of);
    const flags = [...of.flags, ...more, ...(of.name === "rv32imac" ? [`-isystem${folder}`] : [])];
    writeFileSync(
      join(folder, "string.h"),
      "#include <stddef.h>\nvoid *memcpy(void *, const void *, size_t);\nvoid *memmove(void *, const void *, size_t);\nvoid *memset(void *, int, size_t);\n",
    );
    for (const source of cSources("HOST", "RINGS")) {
      const object = join(folder, `${of.name}-${basename(source, ".c")}.o`);
      await must(gcc, [...flags, ...FLAGS, "-fstack-usage", ...cIncludeFlags(), "-c", source, "-o", object]);
      const told = new Map(
        [...readFileSync(object.replace(/\.o$/, ".su"), "utf8").matchAll(/:(\w+)(?:\.\S+)?\t(\d+)\t/g)].map(
          ([, name, bytes]) => [name!, Number(bytes)] as const,
        ),
      );
      // On AVR calls and jumps within a function, and into a shared prologue, are told by where they go.
      const placed = of.name === "atmega328p" ? `${object}.elf` : object;
      if (placed !== object)
        await must(gcc, [
          ...[...flags, "-nostartfiles", "-Wl,-e,0,--unresolved-symbols=ignore-all"],
          ...[object, "-o", placed, "-lgcc"],
        ]);
      const { functions, frameOf, callBytes } = await stackOfElf(gcc.replace(/gcc$/, "objdump"), placed);
      for (const code of functions) {
        const bytes = told.get(code.name.replace(/\..*/, ""));
        const ours = frameOf(code);
        if (bytes !== undefined) assert.equal(ours! + callBytes, bytes, `${of.name} ${code.name}`);
      }
    }
  });
}

/** As long as this nothing of the stack is left in the marks by chance. */
const HOLDING = { policy: "hold", rate: 1000, items: 500, shift: 10 } as const;

const onBoards = [
  ["ecg", "lm3s811evb"],
  ["double", "uno"],
  ["ecg", "uno"],
  ["double", "lm3s811evb"],
  ["double", "microbit"],
  ["ecg", "microbit"],
] as const;
for (const [guest, board] of onBoards.slice(0, atTier(2, 6)))
  test(`${guest} on ${board}: what a run marks of the stack is within what is stated`, async (context) => {
    const path = await core(guest);
    const bytes = readFileSync(path);
    const call = guest === "double" ? "my:test/i#double" : "rill:ecg/detector#beats";
    const translated = await boardGuest(
      "guest",
      bytes,
      moduleWorld("guest", bytes)!,
      call,
      findEmulatedBoard(board),
    );
    const { elf } = await buildGuestFirmware(findEmulatedBoard(board), translated);
    const report = await runOnQemu({
      ...{ board: findEmulatedBoard(board), elf, images: [], timeout: 90_000, ...HOLDING },
      stream: () => new Uint8Array(0),
    });
    const marked = report.ends[0]!.counts.stack!;
    const { guests } = await fitNativeOn(findEmulatedBoard(board), [path]);
    const stated = guests[0]!.stack_bytes!;
    context.diagnostic(`${marked} of ${stated}`);
    assert.ok(marked <= stated, `${marked} of ${stated}`);
    // An interrupt seldom strikes where the stack is deepest: what it takes is less than this.
    assert.ok(marked > stated - 240, `${marked} of ${stated}`);
  });

/** Runs `run_guest` on a stack of its own, full of marks, and tells how much of it was used. */
const PAINTING = `
#include <stdio.h>
#include <ucontext.h>
#define STACK 65536u
static _Alignas(16) unsigned char stack[STACK];
static ucontext_t here, there;
void run_guest(void);
const char *trap_of_guest(void);
int main(void)
{
    size_t untouched = 0;
    memset(stack, 0xa5, STACK);
    getcontext(&there);
    there.uc_stack.ss_sp = stack;
    there.uc_stack.ss_size = STACK;
    there.uc_link = &here;
    makecontext(&there, run_guest, 0);
    swapcontext(&here, &there);
    while (untouched < STACK && stack[untouched] == 0xa5) {
        untouched++;
    }
    printf("%lu %s", (unsigned long)(STACK - untouched), trap_of_guest());
    return 0;
}
`;

/** Feeds numbers, drops what comes. */
const RUNNING = `#include "guest.h"
#include "rill_rings.h"
static struct guest_guest guest;
static struct rill_end handles[5];
static struct rill_stream streams[2];
static uint32_t in_places[8], out_places[8];
static struct rill_ring in_ring = RILL_RING_ON(in_places), out_ring = RILL_RING_ON(out_places);
static struct rill_source source = {.ring = &in_ring};
static struct rill_sink sink = {.ring = &out_ring};
static uint32_t fed;
static void serve(void *context)
{
    uint8_t *item;
    (void)context;
    while (rill_ring_peek(&out_ring, &item) != 0) {
        rill_ring_skip(&out_ring, 1);
    }
    while (fed < 50u && rill_ring_put(&in_ring, &fed)) {
        fed++;
    }
    source.is_over = fed == 50u;
}
static void nothing(void)
{
}
static const struct rill_chip chip = {nothing, nothing, nothing, NULL, serve};
static struct rill_rings rings = {.host = &guest.base.host, .chip = &chip, .sources = &source, .sinks = &sink,
                                  .source_count = 1, .sink_count = 1};
static bool returned(struct rill_native *of, const uint64_t *values)
{
    (void)of;
    return rill_sink_open(&rings, &sink, &guest_types[0], (uint32_t)values[0]);
}
void run_guest(void);
const char *trap_of_guest(void);
void run_guest(void)
{
    uint32_t input = 0, code = 0;
    rill_host_init(&guest.base.host, handles, 5, streams, 2, &rill_rings_port, &rings);
    guest.base.returned = returned;
    (void)(guest_init(&guest) && rill_source_open(&rings, &source, &guest_types[0], &input)
           && guest_call_double(&guest, input, &code));
    rill_rings_close(&rings);
}
const char *trap_of_guest(void)
{
    return guest.base.host.trap == NULL ? "" : guest.base.host.trap;
}
${PAINTING.replace("#include <stdio.h>", "#include <stdio.h>\n#include <string.h>")}`;

/** Bytes that a run on this machine leaves marks in, and why the guest ended. */
async function marked(
  name: string,
  bytes: Uint8Array,
): Promise<{ readonly bytes: number; readonly trap: string }> {
  const of = findNativeCore("x86-64");
  const gcc = await compilerOf(of);
  const { header, source } = translateCore(
    { source: name, core: bytes, world: moduleWorld(name, bytes)!, name: "guest" },
    [],
  );
  const [h, c, main, program] = ["guest.h", "guest.c", "main.c", "program"].map((file) =>
    join(folder, file),
  ) as [string, string, string, string];
  writeFileSync(h, header);
  writeFileSync(c, source);
  writeFileSync(main, RUNNING);
  const sources = [c, main, ...cSources("HOST", "NATIVE", "RINGS")];
  await must(gcc, [
    ...[...of.flags, ...FLAGS, "-DRILL_NO_FUTURES", "-static", "-no-pie", "-D_GNU_SOURCE"],
    ...[...cIncludeFlags(), `-I${folder}`, ...sources, "-o", program],
  ]);
  const [, used, trap] = /^(\d+) (.*)$/.exec(await must(program, []))!;
  return { bytes: Number(used), trap: trap! };
}

async function stated(name: string, bytes: Uint8Array): Promise<number> {
  const guest = { source: name, core: bytes, world: moduleWorld(name, bytes)! };
  const { stack_bytes: found, stack_open: open } = await measureNative(guest, findNativeCore("x86-64"));
  assert.ok(found !== null, open!);
  return found;
}

test("double on this machine: what a run marks is within what is stated", async (context) => {
  const bytes = readFileSync(await core("double"));
  const used = await marked("double", bytes);
  const said = await stated("double", bytes);
  context.diagnostic(`${used.bytes} of ${said}`);
  assert.equal(used.trap, "");
  assert.ok(used.bytes <= said && used.bytes > said / 2, `${used.bytes} of ${said}`);
});

test("a guest that calls itself traps at the depth whose stack is stated", async (context) => {
  const bytes = await handMadeCore("(call $run (call $run (local.get $in)))");
  const used = await marked("recursive", bytes);
  const said = await stated("recursive", bytes);
  context.diagnostic(`${used.bytes} of ${said}`);
  assert.equal(used.trap, "call stack exhausted");
  assert.ok(used.bytes <= said && used.bytes > said / 4, `${used.bytes} of ${said}`);
});

test("a chain that a value decides is open, and says where", async () => {
  const gcc = await compilerOf(findNativeCore("x86-64"));
  const [source, elf] = [join(folder, "open.c"), join(folder, "open")];
  writeFileSync(
    source,
    "__attribute__((noinline)) void g(void *at) { *(volatile char *)at = 0; }\nvoid f(unsigned n) { g(__builtin_alloca(n)); }\nint h(int n) { return n == 0 ? 0 : h(n - 1) * h(n - 2) + 1; }\n",
  );
  await must(gcc, [
    "-Os",
    "-fno-optimize-sibling-calls",
    "-nostdlib",
    "-static",
    "-Wl,-e,f",
    source,
    "-o",
    elf,
  ]);
  const stack = await stackOfElf("objdump", elf);
  assert.match(stack.from("f").open!, /f takes as much stack as a value says/);
  assert.match(stack.from("h").open!, /h may call itself/);
});
