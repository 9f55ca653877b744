/** `npm run docs:plot`: draws docs/ecg.svg anew. */
import { writeFileWhole } from "../../tools/files/write-whole.js";
import { drawEcg, picturePath } from "./draw-ecg.js";

writeFileWhole(picturePath, await drawEcg());
process.stdout.write(`${picturePath}\n`);
