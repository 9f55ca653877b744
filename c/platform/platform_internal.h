/*
 * WAMR's platform types for bare-metal parts: no operating system, no threads, no files, no heap but the caller's pool.
 * WAMR includes this file by its fixed name; rill_platform.c holds the functions.
 */
#ifndef RILL_PLATFORM_INTERNAL_H
#define RILL_PLATFORM_INTERNAL_H

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// One thread ///

typedef uintptr_t korp_thread;
typedef uintptr_t korp_tid;
typedef uint8_t korp_mutex;
typedef uint8_t korp_cond;
typedef uint8_t korp_sem;
typedef uint8_t korp_rwlock;

#define BH_APPLET_PRESERVED_STACK_SIZE 0
#define BH_THREAD_DEFAULT_PRIORITY 0

#define OS_THREAD_MUTEX_INITIALIZER 0

/// No log: with an empty inline function in place of WAMR's log, its texts do not reach the flash ///

#define BH_LOG rill_wamr_log

static inline void rill_wamr_log(uint32_t level, const char *file, int line, const char *format, ...)
{
    (void)level;
    (void)file;
    (void)line;
    (void)format;
}

/// No files: types that WAMR's headers name and no linked code uses ///

typedef int os_file_handle;
typedef void *os_dir_stream;
typedef int os_raw_file_handle;
typedef int os_poll_file_handle;
typedef unsigned int os_nfds_t;
typedef int os_timespec;

static inline os_file_handle os_get_invalid_handle(void)
{
    return -1;
}

/// Memory ///

/**
 * The granularity of linear memories, in bytes.
 *
 * WAMR rounds the *bound* it checks a guest's accesses against up to this number, but not the memory it allocates.
 * Anything above the pool's own alignment would let a guest read the host's bytes behind its memory, so this is 8: the
 * pool's blocks are 8-aligned and os_mmap rounds up alike.
 */
static inline int os_getpagesize(void)
{
    return 8;
}

#endif
