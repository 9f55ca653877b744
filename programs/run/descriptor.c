/*
 * rill-run: reads what to do from a descriptor that run.ts writes.
 *
 * Lines, words between blanks; a path is the rest of its line:
 *   type ID SIZE ALIGN NUMBER PLAN...                          NUMBER: 1 a number, 2 with strings or lists
 *   import MODULE NAME SIGNATURE BUILTIN TYPE ASYNC FUTURE     TYPE: index of a type line, -1 none
 *   func IMPORT LOWERED ASYNC CELLS RESULTS [DESTRUCTOR]       core values of an imported function; LOWERED: the guest
 *                                                              has declared it async, ASYNC: its type is
 *   imports DESCRIPTOR                                         where its calls go: the socket of remote.h
 *   entry SYNC CALLBACK RESULTS (PARAMS EXPORT                 in place of `call` and all behind it: a function that is
 *                                                              called when remote.h says so; a letter a core value
 *   rests DESCRIPTOR                                           where it is told how far the guests are: rests.c
 *   encoding N | call EXPORT | callback | sync | blocking | ready | limit N
 *   params TYPE CELLS COUNT FLAT... PATH                       the parameters, a tuple; COUNT words of a flat plan
 *   stream OFFSET TYPE PATH | future OFFSET TYPE PATH          an input, whose handle stands at an offset among them
 *   units OFFSET N | unit-future OFFSET                        an input without element type
 *   unit-stream OFFSET PATH                                    the same, an item for each byte of a file
 *   result TYPE CELLS COUNT FLAT... PATH                       the result, a tuple of one
 *   output stream TYPE PATH | output future TYPE PATH          instead of it a readable end; TYPE -1: no element type
 *   piped OFFSET TYPE | output piped TYPE                      of guests in a row: from the one before, to the next one
 *
 * A path `#N` is the descriptor N, open already.
 */
#include "run.h"

#include <stdlib.h>
#include <string.h>

#define MAX_PLAN_WORDS 65535u

#ifdef RUN_IMPORTS
#define HAS_ENTRIES (job.entry_count != 0)
#else
#define HAS_ENTRIES false
#endif

int rests_descriptor;

static const char *word(void)
{
    const char *found = strtok(NULL, " \n");

    if (found == NULL) {
        fail("a descriptor line ends too early", "");
    }
    return found;
}

static uint32_t number(void)
{
    return (uint32_t)strtoul(word(), NULL, 10);
}

static char *copy_text(const char *text)
{
    const size_t length = strlen(text) + 1;
    char *copy = malloc(length);

    if (copy == NULL) {
        fail("out of memory", "");
    }
    memcpy(copy, text, length);
    return copy;
}

/** The path at the end of a line, NULL when there is none. */
static const char *last_path(void)
{
    const char *rest = strtok(NULL, "\n");

    return rest != NULL ? copy_text(rest) : NULL;
}

static const char *path_word(void)
{
    const char *path = last_path();

    if (path == NULL) {
        fail("a descriptor line ends without a path", "");
    }
    return path;
}

static uint16_t *copy_plan(const uint16_t *words, uint32_t count)
{
    /* Never for 0 bytes: malloc may answer NULL to that. */
    uint16_t *plan = malloc((count + 1u) * sizeof *plan);

    if (plan == NULL) {
        fail("out of memory", "");
    }
    memcpy(plan, words, count * sizeof *plan);
    return plan;
}

static uint16_t plan_words[MAX_PLAN_WORDS];

static void read_type(void)
{
    struct rill_type *type = &job.types[job.type_count];
    uint32_t length = 0;
    const char *next;

    if (job.type_count == MAX_TYPES) {
        fail("too many types", "");
    }
    type->id = (uint16_t)number();
    type->elem_size = number();
    type->align = (uint8_t)number();
    type->is_number = (uint8_t)number();
    job.has_texts[job.type_count++] = type->is_number == 2u;
    type->is_number = type->is_number == 1u;
    for (next = strtok(NULL, " \n"); next != NULL; next = strtok(NULL, " \n")) {
        if (length == MAX_PLAN_WORDS) {
            fail("the plan of a type is too long", "");
        }
        plan_words[length++] = (uint16_t)strtoul(next, NULL, 10);
    }
    type->plan = copy_plan(plan_words, length);
}

static const struct rill_type *type_word(void)
{
    const long index = strtol(word(), NULL, 10);

    return index < 0 || (unsigned long)index >= job.type_count ? NULL : &job.types[index];
}

#ifndef RUN_NATIVE

static void read_import(void)
{
    struct rill_import *import = &job.imports[job.import_count];
    const char *module = word();

    if (job.import_count++ == MAX_IMPORTS) {
        fail("too many imports", "");
    }
    /* Runs of one module's imports share its name's address: rill_wamr_register goes by that. */
    if (job.import_count > 1 && strcmp(import[-1].module, module) == 0) {
        import->module = import[-1].module;
    } else {
        import->module = copy_text(module);
    }
    import->name = copy_text(word());
    import->signature = copy_text(word());
    import->builtin = (uint8_t)number();
    import->element = type_word();
    import->is_async = (uint8_t)number();
    import->is_future = (uint8_t)number();
}

#endif

static uint16_t *read_flat(void)
{
    const uint32_t count = number();
    uint32_t i;

    if (count > MAX_PLAN_WORDS) {
        fail("a flat plan is too long", "");
    }
    for (i = 0; i < count; i++) {
        plan_words[i] = (uint16_t)number();
    }
    return copy_plan(plan_words, count);
}

static void read_values(struct file_values *values)
{
    values->type = type_word();
    values->cells = number();
    values->flat = read_flat();
    values->path = path_word();
}

#ifdef RUN_IMPORTS

#ifndef RUN_NATIVE
static const struct rill_func shapes[2] = {{{NULL, NULL, 0}, {NULL, NULL, 0}}, {{NULL, NULL, 0}, {NULL, NULL, 1}}};
#endif

static void read_func(void)
{
    const uint32_t at = number();
    struct imported_function *function = calloc(1, sizeof *function);

    if (function == NULL || at >= MAX_IMPORTS) {
        fail("a function of no import, or out of memory", "");
    }
    function->is_lowered_async = number() != 0;
    function->may_wait = number() != 0;
    function->cells = number();
    function->has_result = number() != 0;
    function->destructor = last_path();
    job.functions[at] = function;
#ifndef RUN_NATIVE
    /* WAMR's side looks at nothing but whether there is a core result. */
    job.imports[at].func = &shapes[function->has_result];
#endif
}

static void read_entry(void)
{
    struct entry *entry = &job.entries[job.entry_count];

    if (job.entry_count++ == MAX_ENTRIES) {
        fail("too many functions", "");
    }
    entry->is_sync = number() != 0;
    entry->is_callback = number() != 0;
    entry->results = number();
    entry->params = copy_text(word() + 1);
    entry->name = path_word();
}

#endif

static struct file_end *add_input(void)
{
    struct file_end *input = &job.inputs[job.input_count];

    if (job.input_count++ == MAX_PARAMS) {
        fail("too many parameters that are streams or futures", "");
    }
    input->offset = number();
    return input;
}

static void read_end(struct file_end *end, bool is_future)
{
    end->is_future = is_future;
    end->type = type_word();
    end->has_texts = end->type != NULL && job.has_texts[end->type - job.types];
    end->path = end->type != NULL ? path_word() : last_path();
    if (end->path != NULL) {
        open_items(end);
    }
}

static void read_unit_stream(void)
{
    struct file_end *input = add_input();

    input->path = path_word();
    open_items(input);
}

static void read_units(bool is_future)
{
    struct file_end *input = add_input();

    input->is_future = is_future;
    input->units = is_future ? 1u : strtoull(word(), NULL, 10);
}

#ifdef RUN_PIPES
static void read_piped(struct file_end *end)
{
    end->is_piped = true;
    end->type = type_word();
    end->has_texts = end->type != NULL && job.has_texts[end->type - job.types];
}
#endif

static void read_output(void)
{
    const char *kind = word();

    job.has_output = true;
    job.output.is_output = true;
#ifdef RUN_PIPES
    if (strcmp(kind, "piped") == 0) {
        read_piped(&job.output);
        return;
    }
#endif
    read_end(&job.output, strcmp(kind, "future") == 0);
}

static void read_descriptor_line(char *line)
{
    const char *command = strtok(line, " \n");

    if (command == NULL) {
        return;
    }
    if (strcmp(command, "type") == 0) {
        read_type();
#ifndef RUN_NATIVE
    } else if (strcmp(command, "import") == 0) {
        read_import();
#endif
#ifdef RUN_IMPORTS
    } else if (strcmp(command, "func") == 0) {
        read_func();
    } else if (strcmp(command, "entry") == 0) {
        read_entry();
    } else if (strcmp(command, "imports") == 0) {
        job.imports_descriptor = (int)number();
#endif
    } else if (strcmp(command, "rests") == 0) {
        rests_descriptor = (int)number();
    } else if (strcmp(command, "encoding") == 0) {
        job.encoding = (uint8_t)number();
    } else if (strcmp(command, "call") == 0) {
        job.call = copy_text(word());
    } else if (strcmp(command, "callback") == 0) {
        job.is_callback = true;
    } else if (strcmp(command, "sync") == 0) {
        job.may_block = false;
    } else if (strcmp(command, "blocking") == 0) {
        job.is_blocking = true;
    } else if (strcmp(command, "ready") == 0) {
        job.is_ready = true;
    } else if (strcmp(command, "limit") == 0) {
        job.limit = strtoull(word(), NULL, 10);
    } else if (strcmp(command, "params") == 0) {
        read_values(&job.params);
    } else if (strcmp(command, "result") == 0) {
        read_values(&job.result);
    } else if (strcmp(command, "stream") == 0) {
        read_end(add_input(), false);
    } else if (strcmp(command, "future") == 0) {
        read_end(add_input(), true);
    } else if (strcmp(command, "units") == 0) {
        read_units(false);
    } else if (strcmp(command, "unit-stream") == 0) {
        read_unit_stream();
    } else if (strcmp(command, "unit-future") == 0) {
        read_units(true);
#ifdef RUN_PIPES
    } else if (strcmp(command, "piped") == 0) {
        read_piped(add_input());
#endif
    } else if (strcmp(command, "output") == 0) {
        read_output();
    } else {
        fail("the descriptor has a line of an unknown kind", command);
    }
}

void read_descriptor(const char *path)
{
    static char line[1u << 20];
    FILE *file = fopen(path, "r");

    if (file == NULL) {
        fail("cannot be read", path);
    }
    job.limit = UINT64_MAX;
    job.may_block = true;
    while (fgets(line, sizeof line, file) != NULL) {
        if (strchr(line, '\n') == NULL) {
            fail("a descriptor line is too long", path);
        }
        read_descriptor_line(line);
    }
    (void)fclose(file);
    if (job.call == NULL && !HAS_ENTRIES) {
        fail("the descriptor names no function", path);
    }
}
