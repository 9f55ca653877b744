/*
 * The few C library functions that WAMR calls and that newlib would answer with kilobytes: formatted printing of error
 * texts (%s %d %i %u %x %c %p, no widths kept) and sorting (insertion sort, which leaves a sorted table untouched, so
 * that the table of natives may lie in flash). And copying, clearing and comparing in few bytes: newlib's take a
 * kilobyte on cores with unaligned access, and on Cortex-M0 copy a word byte by byte.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    char *at;
    size_t room;
    int length;
} text;

static void text_put(text *out, char c)
{
    if (out->room > 1u) {
        *out->at = c;
        out->at++;
        out->room--;
    }
    out->length++;
}

static void text_number(text *out, unsigned long value, unsigned base)
{
    char digits[11];
    unsigned count = 0u;

    do {
        unsigned digit = (unsigned)(value % base);
        digits[count] = (char)(digit < 10u ? '0' + digit : 'a' + (digit - 10u));
        count++;
        value /= base;
    } while (value != 0u);
    while (count != 0u) {
        count--;
        text_put(out, digits[count]);
    }
}

static void text_string(text *out, const char *string)
{
    while (*string != '\0') {
        text_put(out, *string);
        string++;
    }
}

static void text_signed(text *out, long value)
{
    if (value < 0) {
        text_put(out, '-');
        text_number(out, 0ul - (unsigned long)value, 10u);
    } else {
        text_number(out, (unsigned long)value, 10u);
    }
}

int vsnprintf(char *buffer, size_t size, const char *format, va_list arguments)
{
    text out = {buffer, size, 0};

    for (; *format != '\0'; format++) {
        if (*format != '%') {
            text_put(&out, *format);
            continue;
        }
        do {
            format++;
        } while (*format != '\0' && strchr("0123456789.#-l", *format) != NULL);
        switch (*format) {
        case 's':
            text_string(&out, va_arg(arguments, const char *));
            break;
        case 'c':
            text_put(&out, (char)va_arg(arguments, int));
            break;
        case 'd':
        case 'i':
            text_signed(&out, va_arg(arguments, int));
            break;
        case 'x':
        case 'p':
            text_number(&out, va_arg(arguments, unsigned), 16u);
            break;
        case 'u':
            text_number(&out, va_arg(arguments, unsigned), 10u);
            break;
        case '\0':
            format--;
            break;
        default:
            text_put(&out, *format);
            break;
        }
    }
    if (size != 0u) {
        *out.at = '\0';
    }
    return out.length;
}

int snprintf(char *buffer, size_t size, const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(buffer, size, format, arguments);
    va_end(arguments);
    return length;
}

static void swap_bytes(char *a, char *b, size_t size)
{
    while (size != 0u) {
        char kept = *a;
        *a = *b;
        *b = kept;
        a++;
        b++;
        size--;
    }
}

void qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    char *bytes = base;
    size_t i;
    size_t j;

    for (i = 1u; i < count; i++) {
        for (j = i; j != 0u && compare(bytes + (j - 1u) * size, bytes + j * size) > 0; j--) {
            swap_bytes(bytes + (j - 1u) * size, bytes + j * size, size);
        }
    }
}

void *bsearch(const void *key, const void *base, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    const char *at = base;
    size_t i;

    for (i = 0u; i < count; i++, at += size) {
        if (compare(key, at) == 0) {
            return (void *)(uintptr_t)at;
        }
    }
    return NULL;
}

/* Newlib's own errno drags in a kilobyte of RAM (its reentrancy structure). */
int *__errno(void);

int *__errno(void)
{
    static int number;

    return &number;
}

/* Newlib's assertions and exits end here: the fault handler restarts the chip. */
void abort(void)
{
    for (;;) {
        __builtin_trap();
    }
}

/** A word of whatever object is being copied or filled. */
typedef uint32_t __attribute__((may_alias)) any_word;

/* The compiler would make the loops below calls of the functions that they are in. */
#define ITS_OWN_LOOP __attribute__((optimize("no-tree-loop-distribute-patterns")))

/** From the first byte to the last. */
ITS_OWN_LOOP void *memcpy(void *to, const void *from, size_t length)
{
    uint8_t *at = to;
    const uint8_t *source = from;

    if ((((uintptr_t)at | (uintptr_t)source) & 3u) == 0u) {
        for (; length >= 4u; length -= 4u, at += 4, source += 4) {
            /* SAFETY: both are aligned to 4, and 4 bytes are left. */
            *(any_word *)(void *)at = *(const any_word *)(const void *)source;
        }
    }
    for (; length != 0u; length--) {
        *at = *source;
        at++;
        source++;
    }
    return to;
}

ITS_OWN_LOOP void *memmove(void *to, const void *from, size_t length)
{
    uint8_t *at = to;
    const uint8_t *source = from;

    /* Forwards reads each byte before it is overwritten, unless `to` lies in the range that is read. */
    if ((uintptr_t)at - (uintptr_t)source >= length) {
        return memcpy(to, from, length);
    }
    while (length != 0u) {
        length--;
        at[length] = source[length];
    }
    return to;
}

ITS_OWN_LOOP void *memset(void *to, int byte, size_t length)
{
    const uint8_t fill = (uint8_t)byte;
    uint8_t *at = to;

    if (((uintptr_t)at & 3u) == 0u) {
        const uint32_t word = fill * 0x01010101u;
        /* SAFETY: aligned to 4, and 32 bytes are left. */
        any_word *words = to;

        for (; length >= 32u; length -= 32u) {
            words[0] = words[1] = words[2] = words[3] = word;
            words[4] = words[5] = words[6] = words[7] = word;
            words += 8;
        }
        at = (uint8_t *)words;
    }
    for (; length != 0u; length--) {
        *at = fill;
        at++;
    }
    return to;
}

int strcmp(const char *a, const char *b)
{
    while (*a == *b && *a != '\0') {
        a++;
        b++;
    }
    return (unsigned char)*a - (unsigned char)*b;
}
