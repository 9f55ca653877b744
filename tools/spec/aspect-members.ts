/**
 * The two members by which as-pect compares and prints the objects of a class, for every class of a program.
 *
 * as-pect's own transform finds classes by NodeKind numbers of asc 0.27 that are compiled in, and brings that
 * asc with it. This one asks for the classes of the asc that ships, and lets asc parse the members' text.
 */
import * as assemblyscript from "assemblyscript";
import {
  ClassDeclaration,
  FieldDeclaration,
  InterfaceDeclaration,
  MethodDeclaration,
  NamespaceDeclaration,
  Parser,
  Range,
  Source,
  type Statement,
} from "assemblyscript";

/** asc's own numbers: its types call this an enum of constants alone, and it is there when asc runs. */
const { Instance, Get } = (
  assemblyscript as unknown as Record<"CommonFlags", Record<"Instance" | "Get", number>>
).CommonFlags;

/** Adds them to all classes of `parser`'s sources, which are parsed and not resolved yet. */
export function addAspectMembers(parser: Parser): void {
  for (const source of parser.sources) addMembers(source.statements);
}

function addMembers(statements: readonly Statement[]): void {
  for (const statement of statements) {
    if (statement instanceof NamespaceDeclaration) addMembers(statement.members);
    if (!(statement instanceof ClassDeclaration) || statement instanceof InterfaceDeclaration) continue;
    statement.members.push(...membersOf(statement));
  }
}

function membersOf(declaration: ClassDeclaration): ClassDeclaration["members"] {
  const names = comparedNames(declaration);
  const parameters = declaration.typeParameters?.map(({ name }) => name.text) ?? [];
  const generic = parameters.length > 0 ? `<${parameters.join(", ")}>` : "";
  const type = `${declaration.name.text}${generic}`;
  const hashes = `StaticArray.concat(ignore, [${names.map(hashOf).join(", ")}] as StaticArray<i64>)`;
  const text = `class Members${generic} {
  __aspectStrictEquals(rawRef: Object, stack: Array<usize>, cache: Array<usize>, ignore: StaticArray<i64>): bool {
    if (!(rawRef instanceof ${type})) return false;
    const ref = rawRef as ${type};
    ${names.map((name) => `if (!ignore.includes(${hashOf(name)}) && Reflect.equals(this.${name}, ref.${name}, stack, cache) == Reflect.FAILED_MATCH) return false;`).join("\n")}
    if (isDefined(super.__aspectStrictEquals)) {
      if (!super.__aspectStrictEquals(ref, stack, cache, ${hashes})) return false;
    }
    return true;
  }
  __aspectAddReflectedValueKeyValuePairs(reflectedValue: i32, seen: Map<usize, i32>, ignore: StaticArray<i64>): void {
    if (isDefined(super.__aspectAddReflectedValueKeyValuePairs)) {
      super.__aspectAddReflectedValueKeyValuePairs(reflectedValue, seen, ${hashes});
    }
    ${names.map((name) => `if (!ignore.includes(${hashOf(name)})) { __aspectPushReflectedObjectKey(reflectedValue, Reflect.toReflectedValue("${name}", seen)); __aspectPushReflectedObjectValue(reflectedValue, Reflect.toReflectedValue(this.${name}, seen)); }`).join("\n")}
  }
}`;
  const parser = new Parser([]);
  parser.parseFile(text, "members.ts", true);
  const { members } = parser.sources[0]!.statements[0] as ClassDeclaration;
  moveTo(declaration.name.range, members, new Set());
  return members;
}

/** Gives all nodes in `part` the place `range`, in the source that asc compiles. */
function moveTo(range: Range, part: unknown, seen: Set<unknown>): void {
  if (part === null || typeof part !== "object" || seen.has(part) || part instanceof Source) return;
  seen.add(part);
  if (part instanceof Range)
    Object.assign(part, { start: range.start, end: range.end, source: range.source });
  else for (const inner of Object.values(part)) moveTo(range, inner, seen);
}

/** Fields and getters of the objects. */
function comparedNames({ members }: ClassDeclaration): string[] {
  return members
    .filter((member) => member.is(Instance))
    .filter(
      (member) =>
        member instanceof FieldDeclaration || (member instanceof MethodDeclaration && member.is(Get)),
    )
    .map(({ name }) => name.text);
}

/** A number for a name: as-pect passes on what subclasses have compared already. */
function hashOf(name: string): number {
  let hash = 5381;
  for (const char of name) hash = Math.imul(hash, 33) + char.codePointAt(0)!;
  return hash >>> 0;
}
