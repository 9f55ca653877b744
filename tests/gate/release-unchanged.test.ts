import assert from "node:assert/strict";
import { test } from "node:test";
import ts from "typescript";
import { linkGuest } from "../../tools/compile/guest-module.js";
import { withModule } from "../../tools/compile/optimize.js";
import { gateGuest, sourceOf, withSource } from "./gate-guests.js";

/** A library file as if nobody had written the gate. */
function withoutAnnouncements(source: string): string {
  const tree = ts.createSourceFile("library.ts", source, ts.ScriptTarget.Latest, true);
  const edits: { from: number; to: number; text: string }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && /"\.\.?\/check"/.test(node.getText()))
      edits.push({ from: node.getStart(), to: node.end, text: "" });
    else if (ts.isExpressionStatement(node) && /^announce[A-Z]/.test(node.getText()))
      edits.push({ from: node.getStart(), to: node.end, text: "" });
    else if (ts.isCallExpression(node) && node.expression.getText().startsWith("announced"))
      edits.push({ from: node.getStart(), to: node.end, text: node.arguments[1]!.getText() });
    else ts.forEachChild(node, visit);
  };
  visit(tree);
  return edits.reduceRight(
    (text, { from, to, text: replacement }) => text.slice(0, from) + replacement + text.slice(to),
    source,
  );
}

for (const name of [
  "read-to-the-end",
  "records-in-place",
  "start-poll-cancel-write-again",
  "read-into-then-write-from",
  "merge-two-streams",
  "read-two-then-write-record",
  "call-with-strings",
  "mark-then-release",
  "resources-in-places",
  "../silent/nest",
]) {
  test(`the release of ${name} is byte for byte the same without the gate in the library's source`, async () => {
    const guest = await gateGuest(name);
    let bare = guest;
    for (const file of ["stream/reader.ts", "stream/writer.ts", "arena.ts", "ends.ts", "resource/place.ts"]) {
      const stripped = withoutAnnouncements(sourceOf(guest, file));
      assert.doesNotMatch(stripped, /announce/);
      bare = withSource(bare, file, stripped);
    }
    const [binary, bareBinary] = await Promise.all(
      [guest, bare].map(async (each) => withModule(await linkGuest(each), (module) => module.emitBinary())),
    );
    assert.deepEqual(binary, bareBinary);
  });
}

test("a release holds no announcement", async () => {
  assert.doesNotMatch(await linkGuest(await gateGuest("merge-two-streams")), /rill-check/);
});
