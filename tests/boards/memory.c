/*
 * The copying, clearing and comparing of c/platform/libc.c beside this machine's own, on ranges of all alignments. Each
 * case prints `ok NAME` or `not ok NAME`.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The file's functions under names of their own; its text goes first, so that it means these. */
#define memcpy own_memcpy
#define memmove own_memmove
#define memset own_memset
#define strcmp own_strcmp
#define vsnprintf own_vsnprintf
#define snprintf own_snprintf
#define qsort own_qsort
#define bsearch own_bsearch
#define abort own_abort
int own_snprintf(char *buffer, size_t size, const char *format, ...);
#include "libc.c"
#undef memcpy
#undef memmove
#undef memset
#undef strcmp
#undef vsnprintf
#undef snprintf
#undef qsort
#undef bsearch
#undef abort

#define ROUNDS 200000u
#define BYTES 160u

static uint32_t state = 1u;

/** A number below `bound`. */
static size_t any(size_t bound)
{
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % bound;
}

/** Two equal buffers, aligned to words. */
static union {
    uint32_t words[BYTES / 4u];
    uint8_t bytes[BYTES];
} ours, theirs;

static void scramble(void)
{
    size_t i;

    for (i = 0; i < BYTES; i++) {
        ours.bytes[i] = theirs.bytes[i] = (uint8_t)any(256);
    }
}

/** Half of all places are aligned to words. */
static size_t place(size_t bound)
{
    return any(2) == 0 ? any(bound) : any(bound) & ~(size_t)3;
}

static int copies(void)
{
    const size_t from = place(40);
    const size_t to = 80 + place(40);
    const size_t length = any(41);

    scramble();
    return own_memcpy(ours.bytes + to, ours.bytes + from, length) == ours.bytes + to
           && memcpy(theirs.bytes + to, theirs.bytes + from, length) != NULL
           && memcmp(ours.bytes, theirs.bytes, BYTES) == 0;
}

static int moves(void)
{
    const size_t from = place(80);
    const size_t to = place(80);
    const size_t length = any(81);

    scramble();
    return own_memmove(ours.bytes + to, ours.bytes + from, length) == ours.bytes + to
           && memmove(theirs.bytes + to, theirs.bytes + from, length) != NULL
           && memcmp(ours.bytes, theirs.bytes, BYTES) == 0;
}

static int fills(void)
{
    const size_t to = place(40);
    const size_t length = any(121);
    const int byte = (int)any(512);

    scramble();
    return own_memset(ours.bytes + to, byte, length) == ours.bytes + to
           && memset(theirs.bytes + to, byte, length) != NULL && memcmp(ours.bytes, theirs.bytes, BYTES) == 0;
}

static int sign(int value)
{
    return (value > 0) - (value < 0);
}

/** Strings of few letters, one above 127, so that many begin alike. */
static int compares(void)
{
    static const char letters[] = "ab\xE9";
    char a[5];
    char b[5];
    size_t i;

    for (i = 0; i < 4; i++) {
        a[i] = letters[any(3)];
        b[i] = letters[any(3)];
    }
    a[any(5)] = '\0';
    b[any(5)] = '\0';
    a[4] = b[4] = '\0';
    return sign(own_strcmp(a, b)) == sign(strcmp(a, b));
}

static const struct {
    const char *name;
    int (*holds)(void);
} cases[] = {{"memcpy", copies}, {"memmove", moves}, {"memset", fills}, {"strcmp", compares}};

int main(void)
{
    size_t i;
    int code = 0;

    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint32_t left = ROUNDS;

        while (left != 0 && cases[i].holds()) {
            left--;
        }
        printf("%s %s\n", left == 0 ? "ok" : "not ok", cases[i].name);
        code |= left != 0;
    }
    return code;
}
