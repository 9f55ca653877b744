/**
 * What most programs for WASI 0.3 begin with: `import { print } from "as-rill/wasi"`.
 *
 * Each function is written with the guest's own bindings (`bindings/` here stands for theirs), so it takes
 * part in the build like a function of the guest: what is not called is not in the module, and what is called
 * asks the host only through what the world imports.
 */
// @ts-nocheck: AssemblyScript; asc checks it
export { answer, beginAnswer, endAnswer, sendBack } from "./answer";
export { openBody, readBody } from "./body";
export { copy } from "./copy";
export { args, env } from "./environment";
export { readFile, writeFile } from "./files";
export { closeAnswer, openAnswer } from "./exchange";
export { closeAnswer as endGet } from "./exchange";
export { get } from "./get";
export { addHeader } from "./headers";
export { awaitAnswer, beginRequest, post, sendStream } from "./request";
export { print, printError } from "./print";
export { sleep } from "./sleep";
export { writeText } from "as-rill/text";
