/** Which of WAMR's files as-rill builds: the interpreter, its pool allocator, and nothing that needs an operating system. */

/** Folders of WAMR's headers, below `core`. */
export const wamrIncludes: readonly string[] = [
  "iwasm/include",
  "iwasm/common",
  "iwasm/common/gc",
  "iwasm/interpreter",
  "shared/platform/include",
  "shared/utils",
  "shared/mem-alloc",
];

/** WAMR's files that every build needs, below `core`; the loader and the interpreter come on top. */
export const wamrSources: readonly string[] = [
  "iwasm/interpreter/wasm_runtime.c",
  "iwasm/common/wasm_application.c",
  "iwasm/common/wasm_blocking_op.c",
  "iwasm/common/wasm_exec_env.c",
  "iwasm/common/wasm_loader_common.c",
  "iwasm/common/wasm_memory.c",
  "iwasm/common/wasm_native.c",
  "iwasm/common/wasm_runtime_common.c",
  "shared/mem-alloc/mem_alloc.c",
  "shared/mem-alloc/ems/ems_alloc.c",
  "shared/mem-alloc/ems/ems_gc.c",
  "shared/mem-alloc/ems/ems_hmu.c",
  "shared/mem-alloc/ems/ems_kfc.c",
  "shared/utils/bh_assert.c",
  "shared/utils/bh_bitmap.c",
  "shared/utils/bh_common.c",
  "shared/utils/bh_hashmap.c",
  "shared/utils/bh_leb128.c",
  "shared/utils/bh_list.c",
  "shared/utils/bh_vector.c",
];
