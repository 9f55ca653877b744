/*
 * Prints the frames that WAMR's fast interpreter gives calls of a module: it lays them out as it loads the code. A line
 * of bytes for each function, imports first.
 *
 *   rill-frames MODULE
 */
#include <stdio.h>
#include <stdlib.h>

#include "../desktop/start_wamr.h"
#include "wasm_interp.h"
#include "wasm_runtime.h"

#define POOL_BYTES (64u << 20)
/** A native's frame holds at least this many cells, for the result. */
#define LEAST_NATIVE_CELLS 2u

static void fail(const char *what, const char *detail)
{
    (void)fprintf(stderr, "rill-frames: %s: %s\n", what, detail);
    exit(2);
}

/** As wasm_interp_call_func_native has it. */
static uint32_t native_cells(const WASMFunctionImport *function)
{
    uint32_t cells = function->func_type->param_cell_num;

    return cells > LEAST_NATIVE_CELLS ? cells : LEAST_NATIVE_CELLS;
}

/** As wasm_interp_call_func_bytecode has it. */
static uint32_t own_cells(const WASMFunction *function)
{
    return (uint32_t)function->param_cell_num + function->local_cell_num + function->const_cell_num
           + function->max_stack_cell_num;
}

static void print_frame(uint32_t cells)
{
    printf("%u\n", (unsigned)wasm_interp_interp_frame_size(cells));
}

int main(int argc, char **argv)
{
    char error[160] = "";
    uint32_t length = 0;
    uint8_t *bytes;
    const WASMModule *module;
    uint32_t i;

    if (argc != 2) {
        fail("usage", "rill-frames MODULE");
    }
    bytes = read_whole_file(argv[1], &length);
    if (bytes == NULL) {
        fail("cannot be read", argv[1]);
    }
    if (!start_wamr(POOL_BYTES)) {
        fail("no memory", "for the runtime");
    }
    module = (const WASMModule *)wasm_runtime_load(bytes, length, error, sizeof error);
    if (module == NULL) {
        fail("the module does not load", error);
    }
    for (i = 0; i < module->import_function_count; i++) {
        print_frame(native_cells(&module->import_functions[i].u.function));
    }
    for (i = 0; i < module->function_count; i++) {
        print_frame(own_cells(module->functions[i]));
    }
    return 0;
}
