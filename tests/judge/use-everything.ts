/**
 * asc compiles what a guest reaches, and no more: this makes it reach all that bindings declare. Each
 * function is called, each field read and written, each class's method called, the ends of streams and
 * futures used as their classes have it.
 */
import * as assemblyscript from "assemblyscript";

/**
 * The function that does so, at the end of each bindings file. It never runs:
 * nothing it does would make sense.
 */
export const USES = "judge_uses";

// asc declares its enums `const`, which isolated modules cannot read: these are
// their values in the asc that as-rill pins.
const STATIC = 32;
const PRIVATE = 512;
const GET = 2048;
const SET = 4096;
const READONLY = 64;
const DECLARE = 4;

/** A bindings file with such a function behind it. */
export function withUses(text: string): string {
  const parser = new assemblyscript.Parser();
  parser.parseFile(text, "bindings.ts", true);
  const source = parser.sources.find(({ normalizedPath }) => normalizedPath === "bindings.ts")!;
  const uses = new Uses();
  for (const statement of source.statements) uses.statement(statement, "");
  return `${text}
function judge_zero<T>(): T {
  if (isReference<T>()) return changetype<T>(0);
  return <T>0;
}
${endUses}export function ${USES}(): void {
${uses.lines.map((line) => `  ${line}\n`).join("")}}
`;
}

/** What is done with an end, by the words in its class's name. */
const uses: Readonly<Record<string, readonly string[]>> = {
  reader: ["next()", "value"],
  writer: ["writeOne(end.value)"],
  future_reader: ["read()", "value"],
  future_writer: ["write(end.value)"],
};
const endUses = Object.entries(uses)
  .map(([kind, calls]) => {
    const lines = [...calls, "cancel()", "drop()"].map((call) => `  end.${call};\n`);
    return `function judge_${kind}<T>(end: T): void {\n${lines.join("")}}\n`;
  })
  .join("");

type Member = assemblyscript.FunctionDeclaration | assemblyscript.FieldDeclaration;

class Uses {
  readonly lines: string[] = [];
  private variables = 0;

  /** @param path what stands in front of a name: a namespace and a dot */
  statement(statement: assemblyscript.Statement, path: string): void {
    if (statement instanceof assemblyscript.ClassDeclaration) this.class(statement, path);
    else if (statement instanceof assemblyscript.NamespaceDeclaration)
      for (const member of statement.members) this.statement(member, `${path}${statement.name.text}.`);
    else if (statement instanceof assemblyscript.VariableStatement)
      for (const { name } of statement.declarations) this.lines.push(`${path}${name.text};`);
    else if (statement instanceof assemblyscript.TypeDeclaration)
      this.result(`judge_zero<${path}${statement.name.text}>()`, statement.type);
    else if (statement instanceof assemblyscript.FunctionDeclaration && !statement.is(DECLARE))
      this.call(path + statement.name.text, statement);
  }

  private class(declaration: assemblyscript.ClassDeclaration, path: string): void {
    const type = path + declaration.name.text;
    const object = this.variable(`judge_zero<${type}>()`);
    for (const member of declaration.members) {
      const owner = member.is(STATIC) ? type : object;
      if (operator(member) === "[]") this.lines.push(`${object}[0];`);
      else if (operator(member) === "[]=") this.lines.push(`${object}[0] = ${object}[0];`);
      else if (!member.is(PRIVATE)) this.member(member as Member, `${owner}.${member.name.text}`);
    }
  }

  private member(member: Member, name: string): void {
    if (member instanceof assemblyscript.FieldDeclaration)
      this.lines.push(member.is(READONLY) ? `${name};` : `${name} = ${name};`);
    else if (member.is(GET)) this.result(name, member.signature.returnType);
    else if (member.is(SET)) this.lines.push(`${name} = ${zero(member.signature.parameters[0]!.type)};`);
    else this.call(name, member);
  }

  private call(name: string, { signature, ...rest }: assemblyscript.FunctionDeclaration): void {
    const generics = rest.typeParameters ?? [];
    // A readable end that may be handed on has a type parameter: with a default, or of a class of such ends.
    const isOfEnds = generics.some((parameter) => parameter.name.text.startsWith("E_"));
    const given = isOfEnds
      ? signature.parameters.filter(({ initializer }) => initializer === null)
      : signature.parameters;
    const args = given.map(({ type }) => {
      const text = type.range.toString();
      if (isOfEnds) return text.startsWith("E_") ? `judge_zero<${name.replace(/\.of$/, "")}>()` : zero(type);
      return generics.length > 0 ? "judge_zero<usize>()" : zero(type);
    });
    const explicit = generics.length > 0 && !isOfEnds ? "<usize>" : "";
    this.result(`${name}${explicit}(${args.join(", ")})`, signature.returnType);
  }

  /** Uses what an expression gives, when it is an end of a stream or future. */
  private result(expression: string, type: assemblyscript.TypeNode): void {
    const kind = endKind(type.range.toString());
    this.lines.push(kind ? `judge_${kind}(${expression});` : `${expression};`);
  }

  private variable(value: string): string {
    const name = `judge_${this.variables++}`;
    this.lines.push(`const ${name} = ${value};`);
    return name;
  }
}

/** `reader` of `StreamReader<…>` and `ArenaReader<…>`, `future_writer` of `FutureWriter<…>`. */
function endKind(type: string): string | null {
  const found = /^(?:Arena|Stream)*(Future)?(Reader|Writer)</.exec(type);
  return found ? `${found[1] === undefined ? "" : "future_"}${found[2]!.toLowerCase()}` : null;
}

function operator(member: assemblyscript.DeclarationStatement): string | null {
  const found = (member.decorators ?? []).find(({ name }) => name.range.toString() === "operator");
  return found ? (JSON.parse(found.args![0]!.range.toString()) as string) : null;
}

function zero(type: assemblyscript.TypeNode): string {
  return `judge_zero<${type.range.toString()}>()`;
}
