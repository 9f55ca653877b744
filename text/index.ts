/**
 * Text without an allocator: `import { writeText } from "as-rill/text"`.
 *
 * All of it is UTF-8 in memory that the guest's author gives, or goes straight into a stream of bytes. A
 * world without strings needs nothing more; what is not called is not in the module.
 */
// @ts-nocheck: AssemblyScript; asc checks it
export { keepText, keptText } from "./kept";
export { putDecimal, putHex, putText } from "./put";
export { TextBuilder } from "./builder";
export { writeDecimal, writeHex, writeText } from "./write";
