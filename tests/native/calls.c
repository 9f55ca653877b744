/*
 * Calls exports of translated modules as it is told, a line each: `MODULE` makes an instance of a module, in place of
 * one that there is; `MODULE EXPORT CELL...` calls, the arguments in hex; `MODULE m` asks for a sum over its memory.
 * Answers `ok CELL...` or `trap TEXT`.
 */
#include "calls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CELLS 1024

static struct rill_native *instances[MODULES];

static const struct rill_port port = {NULL, NULL};
static struct rill_end ends[1];
static struct rill_stream streams[1];

#define LINE_MAX_LENGTH (1u << 16)

#ifdef CALLS_ORDERS
/* Where nothing can be told while it runs, the lines are compiled in. */
extern const char *const orders[];

static bool next_line(char *line)
{
    static size_t at;

    if (orders[at] == NULL) {
        return false;
    }
    strcpy(line, orders[at]);
    at++;
    return true;
}
#else
static bool next_line(char *line)
{
    return fgets(line, LINE_MAX_LENGTH, stdin) != NULL;
}
#endif

static bool start(unsigned long index)
{
    const struct native_module *module = modules[index];
    bool is_started;

    free(instances[index]);
    instances[index] = malloc(module->instance_bytes);
    if (instances[index] == NULL) {
        abort();
    }
    memset(instances[index], 0x5a, module->instance_bytes);
    rill_host_init(&instances[index]->host, ends, 1, streams, 1, &port, NULL);
    is_started = module->init(instances[index]);
    return is_started;
}

static bool call(unsigned long index, const struct native_export *export, uint64_t *cells)
{
    /* A guest of ours never goes on after a trap; the specification's tests do. */
    instances[index]->host.trap = NULL;
    return export->call(instances[index], cells);
}

static size_t answer(bool is_done, unsigned long index, const char *results, const uint64_t *cells)
{
    const size_t count = strlen(results);
    size_t i;

    if (!is_done) {
        printf("trap %s\n", instances[index]->host.trap);
        return 0;
    }
    printf("ok");
    for (i = 0; i < count; i++) {
        printf(" %llx", (unsigned long long)cells[i]);
    }
    printf("\n");
    return count;
}

/** FNV-1a of an instance's memory. */
static uint64_t memory_sum(unsigned long index)
{
    const struct rill_host *host = &instances[index]->host;
    uint32_t sum = UINT32_C(0x811c9dc5);
    uint32_t i;

    for (i = 0; i < host->memory_bytes; i++) {
        sum = (sum ^ host->memory[i]) * UINT32_C(0x01000193);
    }
    return sum;
}

int main(void)
{
    static char line[LINE_MAX_LENGTH];
    static uint64_t cells[CELLS];

    while (next_line(line)) {
        char *at = line;
        const unsigned long index = strtoul(at, &at, 10);
        size_t count = 0;

        if (*at == '\n') {
            (void)answer(start(index), index, "", cells);
        } else if (at[1] == 'm') {
            cells[0] = memory_sum(index);
            (void)answer(true, index, "I", cells);
        } else {
            const struct native_export *export = &modules[index]->exports[strtoul(at, &at, 10)];

            memset(cells, 0, sizeof cells);
            while (*at == ' ') {
                cells[count++] = strtoull(at, &at, 16);
            }
            (void)answer(call(index, export, cells), index, strchr(export->signature, ')') + 1, cells);
        }
    }
    (void)fflush(stdout);
    return 0;
}
