/**
 * `new StaticArray<u8>(4096)` at the top of a guest's file: static memory of zeros, as the literal of as many
 * zeros is. asc would call the allocator when the module starts, which a guest has no use for.
 */
import {
  BinaryExpression,
  type Expression,
  IdentifierExpression,
  IntegerLiteralExpression,
  NamedTypeNode,
  NewExpression,
  Node,
  ParenthesizedExpression,
  type VariableDeclaration,
  VariableStatement,
  operatorTokenToString,
} from "assemblyscript";

/** Bytes of each element type that such an array may have. */
const ELEMENT_BYTES: Readonly<Record<string, number>> = {
  bool: 1,
  i8: 1,
  u8: 1,
  i16: 2,
  u16: 2,
  i32: 4,
  u32: 4,
  f32: 4,
  isize: 4,
  usize: 4,
  i64: 8,
  u64: 8,
  f64: 8,
};

/** Bytes of the longest array: the memory of a guest with one that is longer is a mistake. */
const MOST_BYTES = 1 << 24;

/** A source as asc has parsed it. */
interface ParsedSource {
  readonly normalizedPath: string;
  readonly statements: readonly unknown[];
}

/** Rewrites the declarations of `sources` that are the guest's, in place. */
export function placeStaticArrays(sources: readonly ParsedSource[]): void {
  for (const { normalizedPath, statements } of sources) {
    if (normalizedPath.startsWith("~lib/")) continue;
    const declarations = statements
      .filter((statement) => statement instanceof VariableStatement)
      .flatMap((statement) => statement.declarations);
    const constants = new Map(declarations.map((declaration) => [declaration.name.text, declaration]));
    for (const declaration of declarations) placeArray(declaration, constants);
  }
}

type Constants = ReadonlyMap<string, VariableDeclaration>;

function placeArray(declaration: VariableDeclaration, constants: Constants): void {
  const { initializer } = declaration;
  if (!(initializer instanceof NewExpression) || initializer.typeName.identifier.text !== "StaticArray")
    return;
  const [element] = initializer.typeArguments ?? [];
  const [length, ...more] = initializer.args;
  if (!(element instanceof NamedTypeNode) || !length || more.length > 0) return;
  const bytes = ELEMENT_BYTES[element.name.identifier.text];
  const items = valueOf(length, constants);
  if (bytes === undefined || items === null || items < 0 || items * bytes > MOST_BYTES) return;
  const { range, typeName, typeArguments } = initializer;
  declaration.type ??= Node.createNamedType(typeName, typeArguments, false, range);
  const zero = Node.createOmittedExpression(range) as unknown as Expression;
  declaration.initializer = Node.createArrayLiteralExpression(Array<Expression>(items).fill(zero), range);
}

/** The value of a length: numbers, constants of the same file, and sums and products of them; else null. */
function valueOf(expression: Expression, constants: Constants, depth = 0): number | null {
  if (depth > constants.size) return null; // constants that name each other
  if (expression instanceof IntegerLiteralExpression) return Number(String(expression.value));
  if (expression instanceof ParenthesizedExpression) return valueOf(expression.expression, constants, depth);
  if (expression instanceof IdentifierExpression) {
    const initializer = constants.get(expression.text)?.initializer;
    return initializer ? valueOf(initializer, constants, depth + 1) : null;
  }
  if (!(expression instanceof BinaryExpression)) return null;
  const left = valueOf(expression.left, constants, depth);
  const right = valueOf(expression.right, constants, depth);
  if (left === null || right === null) return null;
  switch (operatorTokenToString(expression.operator)) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    default:
      return null;
  }
}
