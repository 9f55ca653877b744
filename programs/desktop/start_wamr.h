/*
 * What the desktop programs do with WAMR alike.
 */
#ifndef START_WAMR_H
#define START_WAMR_H

#include <stdbool.h>
#include <stdint.h>

/**
 * Starts WAMR with a pool of its own.
 * @returns false when there is no memory, or the pool is too small for the runtime
 */
bool start_wamr(uint32_t pool_bytes);

/** Reads a file whole, into memory that stays. @returns NULL when it cannot be read */
uint8_t *read_whole_file(const char *path, uint32_t *byte_length);

#endif
