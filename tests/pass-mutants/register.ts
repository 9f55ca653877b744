/** Imported before anything else: from here on the passes come with their mutants. */
import { register } from "node:module";
import "./remembered.js";
import "./switch.js";

register("./module-hooks.js", import.meta.url);
