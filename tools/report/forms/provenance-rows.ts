/** A module's provenance as rows of two cells, for every form. */
import type { Package } from "../../provenance/build-record.js";
import type { Report } from "../model.js";

/** Name and value; the first row is the hash. */
export function provenanceRows({ sha256, provenance }: Report): [name: string, value: string][] {
  const { producers, build } = provenance;
  const rows: [string, string][] = [["sha256", sha256]];
  for (const { field, name, version } of producers) rows.push([field, `${name} ${version}`.trim()]);
  if (!build) return [...rows, ["build", "the module does not say how it was built"]];
  return [
    ...rows,
    ["built from", `${build.entry}, ${build.wit}, world ${build.world}`],
    ["flags", flagsOf(build)],
    ...Object.entries(build.tools).map(([name, version]): [string, string] => ["with", `${name} ${version}`]),
    ["project", build.project ? packageText(build.project) : "no package.json"],
    ["lock file", build.lock ? `${build.lock.file}, sha256 ${build.lock.sha256}` : "none"],
    ...build.packages.map((own): [string, string] => ["compiled in", packageText(own)]),
  ];
}

function packageText({ name, version, license }: Package): string {
  return `${name} ${version}, licence ${license ?? "not stated"}`;
}

function flagsOf(build: NonNullable<Report["provenance"]["build"]>): string {
  const { wait, backpressure, features, arena, ends, call_places: places, tasks } = build;
  return [
    `--wait ${wait}`,
    ...(backpressure === true ? ["--backpressure"] : []),
    ...(features === "all" ? ["--all-features"] : features.map((name) => `--features ${name}`)),
    ...(arena === null ? [] : [`--arena ${arena}`]),
    ...(ends === null ? [] : [`--ends ${ends}`]),
    ...(places === null ? [] : [`--call-places ${places}`]),
    ...(tasks === null ? [] : [`--tasks ${tasks}`]),
  ].join(" ");
}
