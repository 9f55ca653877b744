#include "instance_wamr.h"

#include "../desktop/start_wamr.h"
#include "run.h"

uint32_t pool_free(void)
{
    mem_alloc_info_t info;

    return wasm_runtime_get_mem_alloc_info(&info) ? info.total_free_size : 0;
}

wasm_module_t load_module(const char *path)
{
    char error[160] = "";
    uint32_t length = 0;
    uint8_t *bytes = read_whole_file(path, &length);
    wasm_module_t module;

    if (bytes == NULL) {
        fail("cannot be read", path);
    }
    module = wasm_runtime_load(bytes, length, error, sizeof error);
    if (module == NULL) {
        fail("the module does not load", error);
    }
    if (!rill_wamr_is_linked(module)) {
        fail("an import of the module has no native", "");
    }
    return module;
}

wasm_module_inst_t make_instance(wasm_module_t module, uint32_t stack_bytes)
{
    char error[160] = "";
    wasm_module_inst_t instance = wasm_runtime_instantiate(module, stack_bytes, 0, error, sizeof error);

    if (instance == NULL) {
        fail("the module does not instantiate", error);
    }
    return instance;
}
