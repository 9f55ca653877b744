/*
 * What a compiler calls by itself, and guests of bulk memory: linked into an image that needs it, since an image has no
 * C library. Compiled with -fno-tree-loop-distribute-patterns, or each loop would become a call of itself.
 */
#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t length)
{
    unsigned char *at = to;
    const unsigned char *next = from;

    for (; length != 0u; length--) {
        *at++ = *next++;
    }
    return to;
}

void *memmove(void *to, const void *from, size_t length)
{
    unsigned char *at = to;
    const unsigned char *next = from;

    if (at <= next) {
        return memcpy(to, from, length);
    }
    for (; length != 0u; length--) {
        at[length - 1u] = next[length - 1u];
    }
    return to;
}

void *memset(void *to, int value, size_t length)
{
    unsigned char *at = to;

    for (; length != 0u; length--) {
        *at++ = (unsigned char)value;
    }
    return to;
}
