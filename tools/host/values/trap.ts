/**
 * The guest broke a rule of the canonical ABI, or core code trapped. The component instance is dead
 * afterwards: every later entry traps too.
 */
export class Trap extends Error {
  override readonly name = "Trap";
  /** The instance that trapped, where several may be on the stack; null while none has been left. */
  instance: object | null = null;
}

/** Traps with `message`, which says what the guest did and what the rule wants, when `condition` holds. */
export function trapIf(condition: boolean, message: string): void {
  if (condition) throw new Trap(message);
}

/**
 * Runs core code and turns what it throws into a `Trap`: an engine's trap, an exhausted stack, a wasm
 * exception. Errors of the embedder's own functions pass through unchanged.
 */
export function trapOnThrow<R>(core: () => R): R {
  try {
    return core();
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError || isStackOverflow(error) || isWasmException(error)) {
      throw new Trap(error instanceof Error ? error.message : "uncaught wasm exception", { cause: error });
    }
    throw error;
  }
}

function isStackOverflow(error: unknown): error is RangeError {
  return error instanceof RangeError && error.message.includes("call stack");
}

function isWasmException(error: unknown): boolean {
  const { Exception } = WebAssembly as unknown as { Exception?: abstract new () => unknown };
  return Exception !== undefined && error instanceof Exception;
}

/**
 * Address of the word where a guest leaves the bytes that its arena lacks,
 * before it traps; 0 in every other trap.
 */
const ARENA_NEED = 0;

/** Adds what the guest said about its arena to a trap's message. @param memory the guest's */
export function withArenaNeed(trap: Trap, memory: ArrayBufferLike): Trap {
  const missing = new DataView(memory).getUint32(ARENA_NEED, true);
  if (missing === 0 || !trap.message.includes("unreachable")) return trap;
  const explained = new Trap(arenaNeed(missing), { cause: trap.cause });
  explained.instance = trap.instance;
  return explained;
}

/** What a guest lacks whose arena is too small by `missing` bytes. */
export function arenaNeed(missing: number): string {
  return `the arena is too small: ${missing.toLocaleString("en")} more bytes are needed here; build with a larger --arena, or give back what is done with: openScope()`;
}
