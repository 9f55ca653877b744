/** Figures of a guest that does not exist. */
import type { Figures } from "../../bench/figures.js";

/** One guest, measured on one interpreter of the two. */
export const figures: Figures = {
  guest: "sample",
  file_bytes: 700,
  code_bytes: 200,
  linear_memory_bytes: 64,
  instructions_ready: 39,
  instructions_blocking: 51,
  host_calls_ready: 2,
  host_calls_blocking: 4,
  allocations: 0,
  classic: { instructions_ready: 2000, instructions_blocking: 3000, pool_bytes: 2700, further_bytes: 936 },
  fast: null,
  native: null,
};
