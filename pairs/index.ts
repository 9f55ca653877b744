/**
 * Streams and futures within a guest: `import { StreamF32 } from "as-rill/pairs"`.
 *
 * Both ends are the guest's. Here is every type of which it may copy items from itself to itself: numbers,
 * and no element type. The world need not name it; what is not used is not in the module.
 *
 * Written by `npm run pairs`: change the generator of bindings, not this file.
 */
// @ts-nocheck: AssemblyScript; asc checks it
export { Stream, StreamReader_, StreamWriter_ } from "./stream";
export { StreamU8, StreamU8Reader, StreamU8Writer } from "./stream-u8";
export { StreamI8, StreamI8Reader, StreamI8Writer } from "./stream-s8";
export { StreamU16, StreamU16Reader, StreamU16Writer } from "./stream-u16";
export { StreamI16, StreamI16Reader, StreamI16Writer } from "./stream-s16";
export { StreamU32, StreamU32Reader, StreamU32Writer } from "./stream-u32";
export { StreamI32, StreamI32Reader, StreamI32Writer } from "./stream-s32";
export { StreamU64, StreamU64Reader, StreamU64Writer } from "./stream-u64";
export { StreamI64, StreamI64Reader, StreamI64Writer } from "./stream-s64";
export { StreamF32, StreamF32Reader, StreamF32Writer } from "./stream-f32";
export { StreamF64, StreamF64Reader, StreamF64Writer } from "./stream-f64";
export { Future, FutureReader_, FutureWriter_ } from "./future";
export { FutureU8, FutureU8Reader, FutureU8Writer } from "./future-u8";
export { FutureI8, FutureI8Reader, FutureI8Writer } from "./future-s8";
export { FutureU16, FutureU16Reader, FutureU16Writer } from "./future-u16";
export { FutureI16, FutureI16Reader, FutureI16Writer } from "./future-s16";
export { FutureU32, FutureU32Reader, FutureU32Writer } from "./future-u32";
export { FutureI32, FutureI32Reader, FutureI32Writer } from "./future-s32";
export { FutureU64, FutureU64Reader, FutureU64Writer } from "./future-u64";
export { FutureI64, FutureI64Reader, FutureI64Writer } from "./future-s64";
export { FutureF32, FutureF32Reader, FutureF32Writer } from "./future-f32";
export { FutureF64, FutureF64Reader, FutureF64Writer } from "./future-f64";
