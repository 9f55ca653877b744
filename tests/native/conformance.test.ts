/**
 * The reference definition's scripts on the C host, with the scripted guest as C, under
 * AddressSanitizer and UBSan.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { conformOnNative } from "../../tools/conform/native/conform-on-native.js";
import { readScripts } from "../../tools/conform/script.js";
import type { NativeVariant } from "../../tools/native/native-program.js";
import { packageRoot } from "../../tools/package-root.js";
import { isLong } from "../tier.js";

/**
 * Scripts of each kind, and copies of one element that the short way takes: each comes to what the
 * long way does.
 */
const kinds = [
  ["streams-host", 520, 24],
  ["same-task", 480, 0],
  ["waitables", 480, 11],
  ["futures-host", 480, 0],
  ["subtasks", 480, 0],
  ["callback", 420, 12],
] as const;

const variants: readonly (readonly [name: string, variant: NativeVariant])[] = [
  ["sanitized", { sanitized: true }],
  ...(isLong
    ? ([
        ["optimized", {}],
        ["32 bit, sanitized", { sanitized: true, bits: 32 }],
      ] as const)
    : []),
];

for (const [name, variant] of variants)
  for (const [kind, count, shortOnes] of kinds)
    test(`${kind}, ${name}: every script`, async () => {
      const file = await readScripts(join(packageRoot, "tests", "conformance", "scripts", `${kind}.json.gz`));
      const { passed, failures, skipped, shortCopies } = await conformOnNative(file, variant);
      assert.deepEqual(failures, []);
      assert.equal(passed, count);
      assert.equal(skipped.size, 0);
      assert.ok(shortCopies >= shortOnes, `${shortCopies} copies went the short way`);
    });
