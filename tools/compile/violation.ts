/** A promise of a guest that its module breaks. */

/** One broken promise. `where` is a function or global, with its source position where it is known. */
export interface Violation {
  readonly rule:
    | "memory-grow"
    | "allocator"
    | "cabi-realloc"
    | "unknown-import"
    | "stack-pointer-guess"
    | "memory-not-shrinkable";
  readonly where: string;
  readonly what: string;
  readonly remedy: string;
}
