/*
 * How the test programs of this folder run: a sequence of calls of the host after the other, each in a world of its
 * own.
 */
#ifndef SEQUENCES_H
#define SEQUENCES_H

#include <stddef.h>
#include <stdio.h>

/** One sequence: `run` says what went otherwise, or NULL. */
struct sequence {
    const char *name;
    const char *(*run)(void);
};

/**
 * Runs each behind a `begin`. Prints a line `ok NAME` or `not ok NAME: what` for each.
 * @returns the program's exit code: 1 when one is not ok
 */
static int run_sequences(const struct sequence *sequences, size_t count, void (*begin)(void))
{
    size_t i;
    int failed = 0;

    for (i = 0; i < count; i++) {
        const char *wrong;

        begin();
        wrong = sequences[i].run();
        if (wrong == NULL) {
            printf("ok %s\n", sequences[i].name);
        } else {
            printf("not ok %s: %s\n", sequences[i].name, wrong);
            failed = 1;
        }
    }
    return failed;
}

#endif
