#include "start_wamr.h"

#include "wasm_export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool start_wamr(uint32_t pool_bytes)
{
    RuntimeInitArgs init;
    void *pool = calloc(1, pool_bytes);

    memset(&init, 0, sizeof init);
    init.mem_alloc_type = Alloc_With_Pool;
    init.mem_alloc_option.pool.heap_buf = pool;
    init.mem_alloc_option.pool.heap_size = pool_bytes;
    return pool != NULL && wasm_runtime_full_init(&init);
}

uint8_t *read_whole_file(const char *path, uint32_t *byte_length)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = NULL;
    long size = -1;

    if (file == NULL) {
        return NULL;
    }
    if (fseek(file, 0, SEEK_END) == 0) {
        size = ftell(file);
    }
    if (size >= 0 && (uint64_t)size <= UINT32_MAX) {
        rewind(file);
        bytes = malloc((size_t)size + 1);
    }
    if (bytes != NULL && fread(bytes, 1, (size_t)size, file) != (size_t)size) {
        free(bytes);
        bytes = NULL;
    }
    (void)fclose(file);
    *byte_length = (uint32_t)size;
    return bytes;
}
