/*
 * Replays conformance scripts: a line `case` for each, then its answers up to a trap. Each guest step is a call through
 * a WebAssembly module, on WAMR or translated to C; each host step is a call of the host. Reads lines that
 * conform-commands.ts writes, answers each with one line; conform.ts compares.
 *
 *   rill-conform MODULE < commands > answers
 *   rill-conform < commands > answers             the module is C, and part of the program
 *
 * A copy of one element is tried both ways before, the short one and the long one, which must agree; how often the
 * short way took one is said on the standard error at the end.
 *
 * The module forwards each export to the import of the same name. Commands, words between blanks, numbers in decimal:
 *
 *   import NAME SIGNATURE BUILTIN TYPE ASYNC FUTURE    before all others, closed by `load`; on WAMR alone
 *   case async|sync|tasks BYTES FILL  a new instance
 *   type INDEX ID SIZE ALIGN NUMBER PLAN...   (or: type INDEX null)
 *   func INDEX params|result CELLS SIZE ALIGN LENGTH PLAN... LENGTH FLAT...   (SIZE 0: no values; nothing follows)
 *   call BLOCKED DURING FUNC CALL EXPORT RESULT CELLS...
 *        RESULT: v none, i i32, I i64, f f32, F f64; FUNC: 255 when no import of the host's is called; as many commands
 *        as DURING says follow, for the host's function, then as many as BLOCKED says, that run while the call blocks
 *   poke PTR HEX | drain SET PTR
 *   take TYPE FUTURE HANDLE END | give TYPE FUTURE END DEFERRED | back END
 *   read END LENGTH EAGER | write END LENGTH EAGER HEX SPACE | event END | cancel END | drop END | ack END
 *   start CALL | return CALL HEX SPACE | return-stream CALL TYPE END | cancelled CALL
 *   export TASK ARGUMENT | run TASK | cancel-task TASK
 *        then for each turn: body lines, each behind a line `body`; code N
 */
#include "../check/both_ways.h"
#include "conform.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NO_FUNC 255u
#define BLOCK_BYTES 1024u /* of memory, looked at at once */

struct conform conform;

static char line[LINE_BYTES];
static bool is_kept; /* the line is read again */
static uint16_t plans[TYPES][PLAN_WORDS];
static struct rill_type types[TYPES];
static uint32_t short_copies; /* that the short way has taken */

static struct rill_end *ends;
static struct rill_stream *streams;
static uint8_t buffers[HOST_ENDS][2][BUFFER_BYTES];
static uint8_t shadow[1u << 16];
static bool (*allocate_in_guest)(struct rill_host *host, uint32_t align, uint32_t byte_length, uint32_t *ptr);

void fail(const char *what)
{
    (void)fprintf(stderr, "rill-conform: %s\n", what);
    exit(2);
}

static bool read_line(void)
{
    size_t length;

    if (is_kept) {
        is_kept = false;
        return true;
    }
    if (fgets(line, sizeof line, stdin) == NULL) {
        return false;
    }
    length = strlen(line);
    if (length > 0 && line[length - 1] == '\n') {
        line[length - 1] = '\0';
    }
    return true;
}

/** The first word of the line at hand, which strtok has not seen yet. */
static bool is_first_word_pending;

bool next_line(void)
{
    if (conform.is_lost || !read_line()) {
        conform.is_lost = true;
        return false;
    }
    if (strncmp(line, "case ", 5) == 0) {
        is_kept = true;
        conform.is_lost = true;
        return false;
    }
    is_first_word_pending = true;
    return true;
}

char *word(void)
{
    char *found = strtok(is_first_word_pending ? line : NULL, " ");

    is_first_word_pending = false;
    if (found == NULL) {
        fail("a command ends too early");
    }
    return found;
}

uint32_t number(void)
{
    return (uint32_t)strtoul(word(), NULL, 10);
}

uint32_t hex(const char *text, uint8_t *to, uint32_t room)
{
    uint32_t length = text[0] == '-' ? 0 : (uint32_t)(strlen(text) / 2);
    uint32_t i;

    if (length > room) {
        fail("a buffer is too small");
    }
    for (i = 0; i < length; i++) {
        char digits[3] = {text[2 * i], text[2 * i + 1], '\0'};

        to[i] = (uint8_t)strtoul(digits, NULL, 16);
    }
    return length;
}

void print_hex(const uint8_t *from, uint32_t length)
{
    uint32_t i;

    for (i = 0; i < length; i++) {
        printf("%02x", from[i]);
    }
    if (length == 0) {
        printf("-");
    }
}

/// Answers ///

void note(const char *format, ...)
{
    const size_t used = strlen(conform.notes);
    va_list values;

    va_start(values, format);
    (void)vsnprintf(conform.notes + used, NOTE_BYTES - used, format, values);
    va_end(values);
}

void answer(bool done)
{
    if (done) {
        printf("ok");
    } else {
        printf("trap %s", CONFORM_HOST->trap);
    }
}

/** The next byte of memory, from `at` on, that is not as it was after the last answer; memory's end without one. */
static uint32_t next_change(uint32_t at)
{
    const uint8_t *memory = CONFORM_HOST->memory;
    const uint32_t end = CONFORM_HOST->memory_bytes;

    while (at < end) {
        const uint32_t length = end - at < BLOCK_BYTES ? end - at : BLOCK_BYTES;

        if (memcmp(memory + at, shadow + at, length) != 0) {
            while (memory[at] == shadow[at]) {
                at++;
            }
            return at;
        }
        at += length;
    }
    return end;
}

void finish_answer(void)
{
    const uint8_t *memory = CONFORM_HOST->memory;
    const uint32_t end = CONFORM_HOST->memory_bytes;
    uint32_t from;
    uint32_t to;

    printf("%s", conform.notes);
    conform.notes[0] = '\0';
    for (from = next_change(0); from < end; from = next_change(to)) {
        for (to = from; to < end && memory[to] != shadow[to];) {
            to++;
        }
        printf(" mem %" PRIu32 " ", from);
        print_hex(memory + from, to - from);
        memcpy(shadow + from, memory + from, to - from);
    }
    printf("\n");
    (void)fflush(stdout);
}

/// Commands ///

static void poke(void)
{
    const uint32_t ptr = number();
    uint8_t *memory = CONFORM_HOST->memory;
    const uint32_t length = hex(word(), memory + ptr, CONFORM_HOST->memory_bytes - ptr);

    memcpy(shadow + ptr, memory + ptr, length);
    printf("ok");
}

static void drain(void)
{
    const uint32_t set = number();
    const uint32_t ptr = number();
    uint32_t argv[2];

    printf("ok events");
    for (;;) {
        argv[0] = set;
        argv[1] = ptr;
        if (!engine_call("waitable-set.poll.0", 2, argv)) {
            printf(" trap %s", engine_trap());
            return;
        }
        if (argv[0] == RILL_EVENT_NONE) {
            return;
        }
        printf(" %" PRIu32 ",%" PRIu32 ",%" PRIu32, argv[0], rill_load_word(CONFORM_HOST->memory + ptr),
               rill_load_word(CONFORM_HOST->memory + ptr + 4));
    }
}

static void print_result(char kind, const uint32_t *argv)
{
    switch (kind) {
    case 'i':
        printf(" ret %" PRIu32, argv[0]);
        break;
    case 'f':
        printf(" ret32 %08" PRIx32, argv[0]);
        break;
    case 'v':
        break;
    default:
        printf(" ret64 %08" PRIx32 "%08" PRIx32, argv[1], argv[0]);
        break;
    }
}

static void call(void)
{
    uint32_t argv[CALL_CELLS] = {0};
    uint32_t argc = 0;
    const uint32_t outer_blocked = conform.blocked_lines;
    const uint32_t outer_during = conform.during_lines;
    const uint32_t blocked = number();
    const uint32_t during = number();
    const uint32_t func = number();
    const uint32_t call_number = number();
    const char *name = word();
    const char result = word()[0];
    const char *next;

    for (next = strtok(NULL, " "); next != NULL && argc < CALL_CELLS; next = strtok(NULL, " ")) {
        argv[argc++] = (uint32_t)strtoul(next, NULL, 10);
    }
    if (func != NO_FUNC) {
        conform.func_at_hand = &conform.funcs[func];
        conform.call_at_hand = call_number;
    }
    conform.blocked_lines = blocked;
    conform.during_lines = during;
    if (engine_call(name, argc, argv)) {
        printf("ok");
        print_result(result, argv);
    } else {
        printf("trap %s", engine_trap());
    }
    if (conform.blocked_lines != 0 || conform.during_lines != 0) {
        printf(" unblocked");
        conform.is_lost = true;
    }
    conform.blocked_lines = outer_blocked;
    conform.during_lines = outer_during;
}

void run_command(void)
{
    const char *command = word();

    if (strcmp(command, "call") == 0) {
        call();
    } else if (strcmp(command, "drain") == 0) {
        drain();
    } else if (strcmp(command, "poke") == 0) {
        poke();
    } else if (strcmp(command, "body") == 0 || strcmp(command, "code") == 0) {
        printf("the script has a turn here");
        conform.is_lost = true;
    } else if (!run_end_command(command) && !run_call_command(command) && !run_task_command(command)) {
        fail("an unknown command");
    }
    finish_answer();
}

void run_commands(uint32_t count)
{
    for (; count > 0 && CONFORM_HOST->trap == NULL && next_line(); count--) {
        run_command();
    }
}

/** The port's wait: the host steps that the script gives for this block, all at once. */
static bool run_blocked(void *context)
{
    const uint32_t lines = conform.blocked_lines;

    (void)context;
    if (lines == 0 || conform.is_lost) {
        return false;
    }
    conform.blocked_lines = 0;
    printf("blocked\n");
    run_commands(lines);
    return true;
}

static const struct rill_port port = {run_blocked, NULL};

/// Cases ///

bool returned(struct rill_host *host, const uint64_t *values)
{
    if (conform.has_tasks) {
        return task_returned(host, values);
    }
    host->trap = "task.return has no task here";
    return false;
}

/** Calls the guest's allocator, and notes it. */
static bool allocate(struct rill_host *host, uint32_t align, uint32_t byte_length, uint32_t *ptr)
{
    if (!allocate_in_guest(host, align, byte_length, ptr)) {
        return false;
    }
    note(" realloc 0,0,%" PRIu32 ",%" PRIu32 ",%" PRIu32, align, byte_length, *ptr);
    return true;
}

static void begin_host(bool may_block)
{
    uint32_t i;

    free(ends);
    free(streams);
    ends = calloc(HANDLES, sizeof *ends);
    streams = calloc(STREAMS, sizeof *streams);
    if (ends == NULL || streams == NULL) {
        fail("out of memory");
    }
    rill_host_init(CONFORM_HOST, ends, HANDLES, streams, STREAMS, &port, NULL);
    rill_host_may_block(CONFORM_HOST, may_block);
    memset(conform.host_ends, 0, sizeof conform.host_ends);
    for (i = 0; i < HOST_ENDS; i++) {
        conform.buffers[i] = buffers[i][0];
        conform.spaces[i].bytes = buffers[i][1];
        conform.spaces[i].byte_length = BUFFER_BYTES;
        conform.spaces[i].encoding = RILL_UTF8;
    }
    engine_attach();
    allocate_in_guest = CONFORM_HOST->allocate;
    CONFORM_HOST->allocate = allocate;
    if (conform.has_tasks) {
        begin_tasks();
    }
}

static void begin_case(void)
{
    const char *task = word();
    const uint32_t bytes = number();
    const uint32_t fill = number();

    engine_instance();
    conform.has_tasks = strcmp(task, "tasks") == 0;
    conform.is_begun = true;
    conform.is_lost = false;
    conform.blocked_lines = 0;
    conform.during_lines = 0;
    conform.notes[0] = '\0';
    begin_host(strcmp(task, "sync") != 0);
    if (CONFORM_HOST->memory_bytes != bytes) {
        fail("the guest's memory has another size than the scripts'");
    }
    memset(CONFORM_HOST->memory, (int)fill, bytes);
    memset(shadow, (int)fill, bytes);
    printf("case\n");
}

static void set_type(void)
{
    const uint32_t at = number();
    const char *id = word();
    struct rill_type *type = &types[at];
    uint32_t i;
    const char *next;

    if (strcmp(id, "null") == 0) {
        conform.type_of[at] = NULL;
    } else {
        type->id = (uint16_t)strtoul(id, NULL, 10);
        type->elem_size = number();
        type->align = (uint8_t)number();
        type->is_number = (uint8_t)number();
        type->plan = plans[at];
        i = 0;
        for (next = strtok(NULL, " "); next != NULL && i < PLAN_WORDS; next = strtok(NULL, " ")) {
            plans[at][i++] = (uint16_t)strtoul(next, NULL, 10);
        }
        conform.type_of[at] = type;
    }
}

/// Both ways ///

void try_both_ways(enum rill_kind kind, const struct rill_type *element, uint32_t handle, uint32_t ptr, uint32_t length)
{
    struct rill_host *host = CONFORM_HOST;
    bool is_short = false;

    if (length != 1 || host->trap != NULL || host->is_allocating != 0) {
        return; /* the call may not go the short way */
    }
    if (!both_ways_agree(host, kind, element, handle, ptr, &is_short)) {
        fail("the short way and the long way differ");
    }
    short_copies += is_short ? 1u : 0u;
}

int main(int argc, char **argv)
{
    if (argc != 1 + engine_argument_count) {
        fail("usage: rill-conform MODULE < commands > answers, without MODULE when it is C");
    }
    while (read_line()) {
        const bool is_case = strncmp(line, "case ", 5) == 0;

        if (!is_case && conform.is_begun && (CONFORM_HOST->trap != NULL || conform.is_lost)) {
            continue; /* the case is over */
        }
        is_first_word_pending = true;
        if (is_case) {
            (void)word();
            begin_case();
        } else if (strncmp(line, "import ", 7) == 0) {
            (void)word();
            engine_import();
        } else if (strcmp(line, "load") == 0) {
            engine_load(argv + 1);
        } else if (strncmp(line, "type ", 5) == 0) {
            (void)word();
            set_type();
        } else if (strncmp(line, "func ", 5) == 0) {
            (void)word();
            set_func();
        } else {
            run_command();
        }
    }
    (void)fprintf(stderr, "%" PRIu32 "\n", short_copies);
    return 0;
}
