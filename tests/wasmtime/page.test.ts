/** docs/running-on-wasmtime.md, followed word for word. */
import assert from "node:assert/strict";
import { dirname } from "node:path";
import { test } from "node:test";
import { wasmtime } from "../../tools/setup/wheels.js";
import { pathOf } from "./components.js";
import { followPage } from "./follow-page.js";

test(
  "each file is written, each command run, and each prints what the page shows",
  { timeout: 120_000 },
  async () => {
    const path = [dirname(pathOf(await wasmtime()))];
    assert.equal(await followPage("running-on-wasmtime", { path }), 2);
  },
);
