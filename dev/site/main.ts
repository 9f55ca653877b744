/** `npm run docs`: builds the site of the documentation, and says where it is. */
import { join } from "node:path";
import { buildSite, SITE } from "./build-site.js";

await buildSite(SITE);
process.stdout.write(`${join(SITE, "index.html")}\n`);
