/*
 * Modules and instances on WAMR, from its pool. Whatever fails ends the program.
 */
#ifndef INSTANCE_WAMR_H
#define INSTANCE_WAMR_H

#include "wasm_export.h"

#include <stdint.h>

/** The bytes that the pool has free. */
uint32_t pool_free(void);

/** Loads the module of a file, all of whose imports have natives. */
wasm_module_t load_module(const char *path);

/** Makes an instance with `stack_bytes` of operand stack. */
wasm_module_inst_t make_instance(wasm_module_t module, uint32_t stack_bytes);

#endif
