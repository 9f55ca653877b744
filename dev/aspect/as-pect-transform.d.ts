/** The two member builders of @as-pect/transform, which ships no types. */
declare module "@as-pect/transform/lib/*" {
  import type { ClassDeclaration, DeclarationStatement } from "assemblyscript";
  /** Builds the member by which as-pect compares two instances. */
  export function createStrictEqualsMember(declaration: ClassDeclaration): DeclarationStatement;
  /** Builds the member by which as-pect prints an instance. */
  export function createAddReflectedValueKeyValuePairsMember(
    declaration: ClassDeclaration,
  ): DeclarationStatement;
}
