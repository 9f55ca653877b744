/** Imported before anything else: from here on a guest is prepared with the change that is on. */
import { register } from "node:module";

register("./module-hooks.js", import.meta.url);
