/** `npm run docs:api`: writes `docs/api` anew from the doc comments of `assembly/`. */
import { API_PAGES, generateApi } from "./generate-api.js";

await generateApi(API_PAGES);
