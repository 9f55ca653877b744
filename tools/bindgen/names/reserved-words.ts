/**
 * Words that cannot name what WIT names, because AssemblyScript, its standard
 * library or the guest library has them.
 */

/** Words of the language, and those of its built-ins that bindings call. */
const language =
  "abstract any anyref array as assert async await bool boolean break case catch char class const constructor continue debugger " +
  "declare default delete do else enum export extends external f32 f64 false finally for from function get global i8 i16 i32 i64 if " +
  "implements import in infer instanceof interface is isize keyof let load module namespace never new null number object of package " +
  "private protected public readonly return set static store string super switch symbol this throw true try type typeof u8 u16 u32 " +
  "u64 undefined unreachable usize v128 var void while with yield memory task result native changetype offsetof sizeof alignof " +
  "reinterpret unmanaged inline operator prototype externref funcref i31ref eqref structref arrayref stringref lazy unsafe final abort";

/**
 * Classes and namespaces of the standard library: a guest that has imported such
 * a name would lose the library's.
 */
const standardLibrary =
  "Array ArrayBuffer ArrayBufferView ArrayLike Atomics Bool Boolean CallableFunction Constructor DataView Date Error F32 F64 " +
  "Float32Array Float64Array Function I8 I16 I32 I64 IArguments IMath INativeMath Infinity Int8Array Int16Array Int32Array Int64Array " +
  "Isize Iterable Iterator JSMath Map Math Mathf NaN NativeMath NativeMathf NewableFunction NonNullable Number Object OmitThisParameter RangeError " +
  "Ref RefAny RefArray RefEq RefExtern RefFunc RefI31 RefString RefStringIter RefStringWTF16 RefStringWTF8 RefStruct RegExp ReturnType " +
  "Set StaticArray String Symbol SymbolConstructor SyntaxError TemplateStringsArray ThisParameterType TypeError TypedArray " +
  "TypedPropertyDescriptor U8 U16 U32 U64 URIError Uint8Array Uint8ClampedArray Uint16Array Uint32Array Uint64Array Usize V128";

/** What bindings import from the guest library, and `Task`, the class of every exported async function. */
const guestLibrary = [
  "ARENA_BYTES",
  "ArenaSubtask",
  "ArenaFutureReader",
  "ArenaReader",
  "END_PLACES",
  "FutureReader",
  "FutureWriter",
  "Handle",
  "Place",
  "StreamReader",
  "StreamWriter",
  "Subtask",
  "Task",
  "Unit",
  "awaitSubtask",
  "beginCall",
  "beginTask",
  "copyElement",
  "elemSize",
  "endCall",
  "endTask",
  "freeEnd",
  "liftPair",
  "loadElement",
  "lowerBlock",
  "mark",
  "reallocBlock",
  "releaseTo",
  "slotArray",
  "storeElement",
  "takeBlock",
  "takePlace",
  "useTaskRegion",
];

/** What bindings may import from the guest library, and what a guest may. */
export const libraryNames: readonly string[] = guestLibrary.filter((name) => name !== "Task");

/**
 * What bindings import under a name that WIT cannot have, and what the guest library calls it: names that
 * came later, which WIT's names need not stay clear of, so that bindings written before stay as they are.
 */
export const libraryAliases: Readonly<Record<string, string>> = {
  call_places: "CALL_PLACES",
  take_call: "takeCall",
  leave_call: "leaveCall",
  enter_region: "enterRegion",
  leave_region: "leaveRegion",
  take_region: "takeRegion",
  keep_array: "keepArray",
  keep_block: "keepBlock",
  keep_items: "keepItems",
  is_cancelled: "isCancelled",
  note_answered: "noteAnswered",
  ends_cancelled: "endsCancelled",
  end_cancelled: "endCancelled",
  Made_End: "Made",
  made_end: "made",
  await_or_cancel: "awaitSubtaskOrCancel",
};

const reserved = new Set([...language.split(" "), ...standardLibrary.split(" "), ...guestLibrary]);

/** Whether WIT's names stay clear of `name`. */
export function isReserved(name: string): boolean {
  return reserved.has(name);
}
