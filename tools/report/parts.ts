/** Cuts a module into named parts that cover it: each byte of the file in exactly one. */
import type { ByteRange, CoreModule, Section } from "../wasm/core-module.js";
import type { FunctionInfo } from "../wasm/function-space.js";
import { HEADER_BYTES } from "../wasm/read-module.js";
import type { Attribution, OriginBytes } from "../source/attribution.js";
import type { Part } from "./model.js";

/** An entry of a section, with the origins of its bytes. */
interface Entry extends ByteRange {
  readonly name: string;
  readonly origins: OriginBytes;
}

/** All parts of `module`. */
export function cutIntoParts(
  module: CoreModule,
  functions: readonly FunctionInfo[],
  code: Attribution,
): Part[] {
  return [
    { section: "header", name: "magic and version", bytes: HEADER_BYTES, origin: "structure" },
    ...module.sections.flatMap((section) =>
      sectionParts(section, entriesOf(section, module, functions, code)),
    ),
  ];
}

function sectionParts(section: Section, entries: readonly Entry[]): Part[] {
  if (section.id === 0) {
    return [{ section: "custom", name: section.name, bytes: section.end - section.start, origin: "custom" }];
  }
  const inside = entries.reduce((sum, { start, end }) => sum + end - start, 0);
  const rest = section.end - section.start - inside;
  const whole = entries.length === 0 ? section.name : "section header and count";
  return [
    { section: section.name, name: whole, bytes: rest, origin: "structure" },
    ...entries.flatMap(({ name, origins }) =>
      origins
        .filter(([, bytes]) => bytes > 0)
        .map(([origin, bytes]) => ({ section: section.name, name, bytes, origin })),
    ),
  ];
}

/** The entries of `section`. (A module has each section once; a second one of an id counts as structure.) */
function entriesOf(
  section: Section,
  module: CoreModule,
  functions: readonly FunctionInfo[],
  code: Attribution,
): Entry[] {
  const within = ({ start, end }: ByteRange): boolean => start >= section.start && end <= section.end;
  switch (section.name) {
    case "import":
      return module.imports
        .filter(within)
        .map((entry) => named(entry, `${entry.module} ${entry.field}`, entry.nameBytes));
    case "export":
      return module.exports.filter(within).map((entry) => named(entry, entry.name, entry.nameBytes));
    case "code":
      return functions
        .filter((info) => info.code && within(info.code))
        .map((info, index) => ({
          ...rangeOf(info.code!),
          name: info.name,
          origins: code.functions[index]!.origins,
        }));
    case "data":
      return module.data.filter(within).map((entry, index) => {
        const content = entry.content.end - entry.content.start;
        const head = entry.end - entry.start - content;
        const name = module.names.dataSegments.get(index) ?? `segment ${index}`;
        return {
          ...rangeOf(entry),
          name,
          origins: [
            ["data", content],
            ["structure", head],
          ],
        };
      });
    case "global":
      return module.globals
        .filter(within)
        .map((entry, index) => plain(entry, module.names.globals.get(index) ?? `global ${index}`));
    case "element":
      return module.elements
        .filter(within)
        .map((entry, index) => plain(entry, `segment ${index}, ${entry.functions.length} functions`));
    default:
      return [];
  }
}

function rangeOf({ start, end }: ByteRange): ByteRange {
  return { start, end };
}

function plain(range: ByteRange, name: string): Entry {
  return {
    ...rangeOf(range),
    name,
    origins: [["structure", range.end - range.start]],
  };
}

function named(range: ByteRange, name: string, nameBytes: number): Entry {
  const rest = range.end - range.start - nameBytes;
  return {
    ...rangeOf(range),
    name,
    origins: [
      ["names", nameBytes],
      ["structure", rest],
    ],
  };
}
