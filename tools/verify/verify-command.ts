/** `rill verify`: says whether sources give the module at hand. */
import { CheckFailure } from "../errors/user-error.js";
import { visible, visibleDocument, visibleJson } from "../errors/visible-text.js";
import { type Verification, verify } from "./verify.js";

/** The command's flags. */
export interface VerifyFlags {
  readonly source: string;
  readonly json?: boolean;
}

/** Runs the command. @throws CheckFailure when the bytes differ */
export async function runVerify(path: string, { source, json }: VerifyFlags): Promise<void> {
  const found = visibleDocument(await verify(path, source));
  if (json) process.stdout.write(`${visibleJson(found)}\n`);
  else if (found.same)
    process.stdout.write(
      `${found.file} is what ${visible(source)} builds: ${found.bytes.toLocaleString("en-US")} bytes, sha256 ${found.sha256}\n`,
    );
  if (!found.same) throw new CheckFailure(differenceText(found, visible(source)));
}

function differenceText(found: Verification, source: string): string {
  const { section, function: name, offset, core } = found.first_difference!;
  const where = [
    ...(core === null ? [] : [`core module ${core}`]),
    `section ${section}`,
    ...(name === null ? [] : [`function ${name}`]),
    `byte ${offset.toLocaleString("en-US")}`,
  ].join(", ");
  const lines = [
    `${found.file} is not what ${source} builds: first difference in ${where}`,
    `  it is   ${found.bytes.toLocaleString("en-US")} bytes, sha256 ${found.sha256}`,
    `  built   ${found.built_bytes.toLocaleString("en-US")} bytes, sha256 ${found.built_sha256}`,
  ];
  if (found.same_code_and_data) lines.push("  code and data are the same: what differs does not run");
  if (found.record_differs.length > 0)
    lines.push(`  the record of the build differs in: ${found.record_differs.join(", ")}`);
  return lines.join("\n");
}
