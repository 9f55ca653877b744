/*
 * WAMR's platform functions on bare metal. Everything lives in the pool that the firmware hands to
 * wasm_runtime_full_init (Alloc_With_Pool): nothing here allocates on its own.
 */
#include "platform_api_vmcore.h"
#include "platform_api_extension.h"
#include "wasm_export.h"

/// Start and end: nothing to set up ///

int bh_platform_init(void)
{
    return 0;
}

void bh_platform_destroy(void)
{
}

/// The system allocator: not there, so that a build that falls back to it fails at once ///

void *os_malloc(unsigned size)
{
    (void)size;
    return NULL;
}

void *os_realloc(void *ptr, unsigned size)
{
    (void)ptr;
    (void)size;
    return NULL;
}

void os_free(void *ptr)
{
    (void)ptr;
}

/// Linear memories, from the pool ///

void *os_mmap(void *hint, size_t size, int prot, int flags, os_file_handle file)
{
    size_t page = (size_t)os_getpagesize();
    size_t rounded = (size + page - 1u) & ~(page - 1u);
    void *memory;

    (void)hint;
    (void)prot;
    (void)flags;
    (void)file;
    if (rounded < size || rounded > UINT32_MAX) {
        return NULL;
    }
    memory = wasm_runtime_malloc((unsigned)rounded);
    if (memory != NULL) {
        (void)memset(memory, 0, rounded);
    }
    return memory;
}

void os_munmap(void *addr, size_t size)
{
    (void)size;
    wasm_runtime_free(addr);
}

/* Guests that could grow their memory are refused at build and pack time; here growing fails. */
void *os_mremap(void *old_addr, size_t old_size, size_t new_size)
{
    (void)old_addr;
    (void)old_size;
    (void)new_size;
    return NULL;
}

int os_mprotect(void *addr, size_t size, int prot)
{
    (void)addr;
    (void)size;
    (void)prot;
    return 0;
}

/// Output: WAMR's own messages are not wanted, the firmware reports codes ///

int os_printf(const char *format, ...)
{
    (void)format;
    return 0;
}

int os_vprintf(const char *format, va_list ap)
{
    (void)format;
    (void)ap;
    return 0;
}

/// Time and threads: one thread whose native stack the hardware guards (it ends at the bottom of RAM) ///

uint64 os_time_get_boot_us(void)
{
    return 0;
}

uint64 os_time_thread_cputime_us(void)
{
    return 0;
}

korp_tid os_self_thread(void)
{
    return 1;
}

uint8 *os_thread_get_stack_boundary(void)
{
    return NULL;
}

void os_thread_jit_write_protect_np(bool enabled)
{
    (void)enabled;
}

int os_mutex_init(korp_mutex *mutex)
{
    (void)mutex;
    return 0;
}

int os_mutex_destroy(korp_mutex *mutex)
{
    (void)mutex;
    return 0;
}

int os_mutex_lock(korp_mutex *mutex)
{
    (void)mutex;
    return 0;
}

int os_mutex_unlock(korp_mutex *mutex)
{
    (void)mutex;
    return 0;
}

/// References that WAMR's own build would satisfy with its C API, which no firmware here uses ///

void wasm_trap_delete(void *trap);

void wasm_trap_delete(void *trap)
{
    (void)trap;
}

void os_icache_flush(void *start, size_t len)
{
    (void)start;
    (void)len;
}

void os_dcache_flush(void)
{
}
