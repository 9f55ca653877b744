/*
 * Shows mutants to a test program, whose main() is called witness() here: linked with a host that holds all of them
 * (schema.ts). Reads a line `MUTANT IN OUT` after the other, runs the program in a process of its own with that mutant
 * on, from the file IN, to the file OUT, and prints the exit code, or 128 and the signal that ended it. Without a
 * mutant, 0, the places of the functions that ran go to the file OUT.reached, a line each.
 */
#include "server.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/** Turns of the host's loops in one run: the longest one has some thousand. */
#define TURNS_MAX 3000000u
/** Seconds of the processor's: for a test program that goes round itself, because of what the host answers. */
#define SECONDS 5u
#define EXIT_ENDLESS 99
#define EXIT_SERVER 2

#define PLACES 20000u

int witness(int argc, char **argv);

unsigned rill_mutant;
static unsigned turns;

void rill_turn(void)
{
    if (++turns > TURNS_MAX) {
        _exit(EXIT_ENDLESS);
    }
}

static unsigned char is_reached[PLACES];

void rill_reach(unsigned place)
{
    is_reached[place] = 1;
}

static void write_reached(const char *out)
{
    char path[4200];
    FILE *file;
    unsigned place;

    (void)snprintf(path, sizeof path, "%s.reached", out);
    file = fopen(path, "w");
    for (place = 0; file != NULL && place < PLACES; place++) {
        if (is_reached[place] != 0) {
            (void)fprintf(file, "%u\n", place);
        }
    }
    if (file == NULL || fclose(file) != 0) {
        _exit(EXIT_SERVER);
    }
}

static void put_in_place(const char *path, int flags, int descriptor)
{
    const int opened = open(path, flags, 0600);

    if (opened < 0 || dup2(opened, descriptor) < 0) {
        _exit(EXIT_SERVER);
    }
    (void)close(opened);
}

static void run_witness(const char *in, const char *out, int argc, char **argv)
{
    const struct rlimit limit = {SECONDS, SECONDS};
    int code;

    put_in_place(in, O_RDONLY, STDIN_FILENO);
    put_in_place(out, O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
    put_in_place("/dev/null", O_WRONLY, STDERR_FILENO);
    (void)setrlimit(RLIMIT_CPU, &limit);
    code = witness(argc, argv);
    (void)fflush(stdout);
    if (rill_mutant == 0) {
        write_reached(out);
    }
    _exit(code);
}

/** Reads up to the end of a line, and no byte further. */
static int read_line(char *line, size_t room)
{
    size_t used = 0;

    while (used + 1u < room && read(STDIN_FILENO, line + used, 1) == 1) {
        if (line[used] == '\n') {
            line[used] = '\0';
            return 1;
        }
        used++;
    }
    return 0;
}

int main(int argc, char **argv)
{
    static char line[8192];
    static char in[4096];
    static char out[4096];

    while (read_line(line, sizeof line)) {
        int status = 0;
        pid_t child;

        if (sscanf(line, "%u %4095s %4095s", &rill_mutant, in, out) != 3) {
            return EXIT_SERVER;
        }
        child = fork();
        if (child == 0) {
            run_witness(in, out, argc, argv);
        }
        if (child < 0 || waitpid(child, &status, 0) != child) {
            return EXIT_SERVER;
        }
        printf("%d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
        (void)fflush(stdout);
    }
    return 0;
}
