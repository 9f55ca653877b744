/**
 * as-pect's AST transform for the asc that ships with this repository.
 *
 * @as-pect/transform 8.1.0 gives each class the two members by which as-pect compares and prints it. It finds
 * classes by NodeKind numbers that are compiled in, and asc 0.28 has moved those by one: no
 * class gets the members and every spec ends with 'Property __aspectStrictEquals does not
 * exist'. This walk asks for asc's own classes.
 */
import { createAddReflectedValueKeyValuePairsMember } from "@as-pect/transform/lib/createAddReflectedValueKeyValuePairsMember.js";
import { createStrictEqualsMember } from "@as-pect/transform/lib/createStrictEqualsMember.js";
import {
  ClassDeclaration,
  InterfaceDeclaration,
  NamespaceDeclaration,
  type Parser,
  type Statement,
} from "assemblyscript";

/** Made by asc, which finds it through `as-pect.asconfig.json`. */
export default class AspectTransform {
  /** Called by asc when everything is parsed and nothing is resolved yet. */
  afterParse(parser: Parser): void {
    for (const source of parser.sources) addMembers(source.statements);
  }
}

function addMembers(statements: readonly Statement[]): void {
  for (const statement of statements) {
    if (statement instanceof NamespaceDeclaration) addMembers(statement.members);
    if (!(statement instanceof ClassDeclaration) || statement instanceof InterfaceDeclaration) continue;
    statement.members.push(createStrictEqualsMember(statement));
    statement.members.push(createAddReflectedValueKeyValuePairsMember(statement));
  }
}
