/**
 * An error context: a debug message that travels with an error.
 *
 * Spec: CanonicalABI.md, "error-context.new" and what follows
 */
export class ErrorContext {
  constructor(readonly debugMessage: string) {}
}
