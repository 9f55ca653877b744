/*
 * Runs one function of a guest on WAMR: streams from files, its result to a file. Reads what to do from a descriptor that
 * descriptor.ts writes, prints facts as JSON.
 *
 *   rill-run MODULE DESCRIPTOR POOL_BYTES STACK_BYTES INSTANCES
 *
 * Descriptor lines, words between blanks:
 *   type ID SIZE ALIGN NUMBER PLAN...                           NUMBER: 1 a number, 2 with strings or lists
 *   import MODULE NAME SIGNATURE BUILTIN TYPE ASYNC FUTURE     TYPE: index of a type line, -1 none
 *   call EXPORT | ready | blocking | limit N
 *   stream TYPE PATH | word BITS                               parameters in order; BITS: a 32-bit cell
 *   output TYPE PATH | scalar                                  the result
 *   callback                                                   the export is lifted with a callback
 *
 * Files hold items in canonical layout. Those with strings or lists are in chunks: two words, the items' count and the bytes of
 * their space, then the items, then the space, which holds UTF-8. Such guests need RILL_WITH_LISTS; a task that is lifted with a
 * callback, or calls built-ins on itself, RILL_WITH_TASKS.
 */
#include "rill_wamr.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_TYPES 64
#define MAX_IMPORTS 256
#define MAX_PARAMS 16
#define MAX_INSTANCES 4096u
#define HANDLES 32
#define STREAMS 16
#define ARGUMENT_CELLS 32u

/** Items that a host's end holds ready at once. */
#define READY_ITEMS 4096u

/** Items of those with strings or lists, which take more memory than their own. */
#define READY_TEXTS 64u
#define SPACE_BYTES (UINT32_C(16) << 20)

/** One stream of the host's, and its file. */
struct file_stream {
    const struct rill_type *type;
    bool has_texts; /* its items hold strings or lists */
#ifdef RILL_WITH_LISTS
    struct rill_space space;
#endif
    const char *path;
    FILE *file;
    uint8_t *buffer;
    uint32_t first;  /* of an input: the item in the buffer that comes next */
    uint32_t filled; /* of an input: items in the buffer from there on */
    struct rill_end end;
    uint64_t items;
    bool copying;
};

struct parameter {
    bool is_stream;
    uint32_t bits;
    struct file_stream stream;
};

/** What the descriptor says. */
struct job {
    struct rill_type types[MAX_TYPES];
    struct rill_import imports[MAX_IMPORTS];
    NativeSymbol natives[MAX_IMPORTS];
    struct parameter params[MAX_PARAMS];
    struct file_stream output;
    const char *call;
    uint32_t type_count;
    uint32_t import_count;
    uint32_t param_count;
    bool has_output;
    bool has_scalar;
    bool is_blocking;
    bool is_callback;
    bool has_texts[MAX_TYPES];
    bool is_output_open;
    bool has_returned;
    uint64_t limit;
    uint64_t scalar;
};

static struct job job;
static struct rill_end ends[HANDLES];
static struct rill_stream streams[STREAMS];
static struct rill_guest guest;
static wasm_module_inst_t instances[MAX_INSTANCES];

static void fail(const char *what, const char *detail)
{
    fprintf(stderr, "rill-run: %s%s%s\n", what, detail[0] != '\0' ? ": " : "", detail);
    exit(2);
}

/// Descriptor ///

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

static void read_type(void)
{
    struct rill_type *type = &job.types[job.type_count++];
    uint16_t *plan = malloc(4096 * sizeof *plan);
    uint32_t length = 0;
    const char *next;

    if (plan == NULL || job.type_count > MAX_TYPES) {
        fail("too many types", "");
    }
    type->id = (uint16_t)number();
    type->elem_size = number();
    type->align = (uint8_t)number();
    type->is_number = (uint8_t)number();
    job.has_texts[job.type_count - 1u] = type->is_number == 2u;
    type->is_number = type->is_number == 1u;
    for (next = strtok(NULL, " \n"); next != NULL && length < 4096; next = strtok(NULL, " \n")) {
        plan[length++] = (uint16_t)strtoul(next, NULL, 10);
    }
    type->plan = plan;
}

static const struct rill_type *type_word(void)
{
    const long index = strtol(word(), NULL, 10);

    return index < 0 || (unsigned long)index >= job.type_count ? NULL : &job.types[index];
}

static void read_import(void)
{
    struct rill_import *import = &job.imports[job.import_count++];
    const char *module = word();

    if (job.import_count > MAX_IMPORTS) {
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

static void open_stream(struct file_stream *stream, const char *mode)
{
    stream->type = type_word();
    stream->has_texts = job.has_texts[stream->type - job.types];
#ifdef RILL_WITH_LISTS
    if (stream->has_texts) {
        stream->space.bytes = malloc(SPACE_BYTES);
        stream->space.byte_length = stream->space.bytes != NULL ? SPACE_BYTES : 0u;
        stream->space.encoding = RILL_UTF8;
    }
#endif
    stream->path = copy_text(word());
    stream->file = fopen(stream->path, mode);
    stream->buffer = calloc(READY_ITEMS, stream->type->elem_size);
    if (stream->file == NULL || stream->buffer == NULL) {
        fail("cannot be opened", stream->path);
    }
}

static void read_descriptor_line(char *line)
{
    const char *command = strtok(line, " \n");
    struct parameter *param = &job.params[job.param_count];

    if (command == NULL) {
        return;
    }
    if (strcmp(command, "type") == 0) {
        read_type();
    } else if (strcmp(command, "import") == 0) {
        read_import();
    } else if (strcmp(command, "call") == 0) {
        job.call = copy_text(word());
    } else if (strcmp(command, "callback") == 0) {
        job.is_callback = true;
    } else if (strcmp(command, "blocking") == 0) {
        job.is_blocking = true;
    } else if (strcmp(command, "limit") == 0) {
        job.limit = strtoull(word(), NULL, 10);
    } else if (strcmp(command, "stream") == 0) {
        param->is_stream = true;
        open_stream(&param->stream, "rb");
        job.param_count++;
    } else if (strcmp(command, "word") == 0) {
        param->bits = number();
        job.param_count++;
    } else if (strcmp(command, "output") == 0) {
        job.has_output = true;
        open_stream(&job.output, "wb");
    } else if (strcmp(command, "scalar") == 0) {
        job.has_scalar = true;
    }
    if (job.param_count >= MAX_PARAMS) {
        fail("too many parameters", "");
    }
}

static void read_descriptor(const char *path)
{
    static char line[1u << 16];
    FILE *file = fopen(path, "r");

    if (file == NULL) {
        fail("cannot be read", path);
    }
    job.limit = UINT64_MAX;
    while (fgets(line, sizeof line, file) != NULL) {
        read_descriptor_line(line);
    }
    fclose(file);
}

/// Streams ///

#ifdef RILL_WITH_LISTS

/** Reads the next chunk. @return items, 0 at the end */
static uint32_t read_chunk(struct file_stream *stream)
{
    uint32_t words[2];

    if (fread(words, sizeof words, 1, stream->file) != 1) {
        return 0;
    }
    if (words[0] > READY_ITEMS || words[1] > SPACE_BYTES
        || fread(stream->buffer, stream->type->elem_size, words[0], stream->file) != words[0]
        || fread(stream->space.bytes, 1, words[1], stream->file) != words[1]) {
        fail("is no file of chunks", stream->path);
    }
    stream->space.used = words[1];
    return words[0];
}

static bool write_chunk(struct file_stream *stream, uint32_t items)
{
    const uint32_t words[2] = {items, stream->space.used};
    const uint32_t used = stream->space.used;

    stream->space.used = 0;
    return items == 0 || (fwrite(words, sizeof words, 1, stream->file) == 1
                          && fwrite(stream->buffer, stream->type->elem_size, items, stream->file) == items
                          && fwrite(stream->space.bytes, 1, used, stream->file) == used);
}

#endif

/** Reads items of an input. @return how many, 0 at the end */
static uint32_t read_items(struct file_stream *stream, uint32_t length)
{
#ifdef RILL_WITH_LISTS
    if (stream->has_texts) {
        return read_chunk(stream);
    }
#endif
    return (uint32_t)fread(stream->buffer, stream->type->elem_size, length, stream->file);
}

static bool write_items(struct file_stream *stream, uint32_t length)
{
#ifdef RILL_WITH_LISTS
    if (stream->has_texts) {
        return write_chunk(stream, length);
    }
#endif
    return fwrite(stream->buffer, stream->type->elem_size, length, stream->file) == length;
}

/** Takes in what a copy of the host's came to. */
static void take_in(struct file_stream *stream, uint32_t packed, bool is_output)
{
    const uint32_t progress = packed >> 4;

    stream->copying = false;
    stream->items += progress;
    if (is_output && !write_items(stream, progress)) {
        fail("cannot be written", stream->path);
    }
    if (is_output) {
        memset(stream->buffer, 0, (size_t)progress * stream->type->elem_size);
    } else {
        stream->first += progress;
        stream->filled -= progress;
    }
    if ((packed & 15u) == RILL_DROPPED) {
        rill_end_drop(&stream->end);
    }
}

static bool is_open(const struct file_stream *stream)
{
    return stream->end.stream != NULL;
}

static uint32_t items_at_once(const struct file_stream *stream)
{
    return job.is_blocking ? 1u : stream->has_texts ? READY_TEXTS : READY_ITEMS;
}

/** Lets an end of the host's go on. @return whether anything happened */
static bool pump(struct file_stream *stream, bool is_output)
{
    uint32_t length = items_at_once(stream);
    uint32_t packed = 0;
    bool moved = false;

    if (!is_open(stream)) {
        return false;
    }
    if (stream->copying) {
        if (!rill_end_has_event(&stream->end)) {
            return false;
        }
        take_in(stream, rill_end_event(&stream->end), is_output);
        moved = true;
        if (!is_open(stream)) {
            return true;
        }
    }
    if (job.is_blocking && !rill_end_is_awaited(&stream->end)) {
        return moved;
    }
    if (is_output && stream->items >= job.limit) {
        rill_end_drop(&stream->end);
        return true;
    }
    if (is_output && job.limit - stream->items < length) {
        length = (uint32_t)(job.limit - stream->items);
    }
    if (!is_output) {
        if (stream->filled == 0) {
            stream->first = 0;
            stream->filled = read_items(stream, length);
        }
        length = stream->filled < length ? stream->filled : length;
        if (length == 0) {
            rill_end_drop(&stream->end);
            return true;
        }
    }
    if (!rill_end_copy(&guest.host, &stream->end, stream->buffer + (size_t)stream->first * stream->type->elem_size,
                       length, false, &packed)) {
        return true; /* the guest trapped */
    }
    if (packed == RILL_BLOCKED) {
        stream->copying = true;
    } else {
        take_in(stream, packed, is_output);
    }
    return true;
}

static bool pump_all(void *context)
{
    bool moved = false;
    uint32_t i;

    (void)context;
    for (i = 0; i < job.param_count; i++) {
        if (job.params[i].is_stream && pump(&job.params[i].stream, false)) {
            moved = true;
        }
    }
    return (job.is_output_open && pump(&job.output, true)) || moved;
}

static const struct rill_port port = {pump_all};

static void give_space(struct file_stream *stream)
{
#ifdef RILL_WITH_LISTS
    if (stream->has_texts) {
        rill_end_space(&stream->end, &stream->space);
    }
#else
    (void)stream;
#endif
}

/** task.return: the result's readable end is the host's from now on. */
static bool take_result(struct rill_guest *of, const uint64_t *values)
{
    if (job.has_returned) {
        of->host.trap = "task.return is called twice";
        return false;
    }
    job.has_returned = true;
    if (job.has_scalar) {
        job.scalar = values[0];
    }
    if (!job.has_output) {
        return true;
    }
    if (!rill_take(&of->host, job.output.type, false, (uint32_t)values[0], &job.output.end)) {
        return false;
    }
    job.is_output_open = true;
    give_space(&job.output);
    if (!job.is_blocking) {
        pump(&job.output, true);
    }
    return true;
}

/** What came after the guest's last wait. */
static void flush_output(void)
{
    if (job.is_output_open && is_open(&job.output) && job.output.copying) {
        take_in(&job.output, rill_end_cancel(&job.output.end), true);
    }
    if (job.has_output) {
        fclose(job.output.file);
    }
}

/// Running ///

/** The bytes that the pool has free. */
static uint32_t pool_free(void)
{
    mem_alloc_info_t info;

    return wasm_runtime_get_mem_alloc_info(&info) ? info.total_free_size : 0;
}

static uint8_t *read_module(const char *path, uint32_t *length)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes;
    long size = 0;

    if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0) {
        fail("cannot be read", path);
    }
    rewind(file);
    bytes = malloc((size_t)size + 1);
    if (bytes == NULL || fread(bytes, 1, (size_t)size, file) != (size_t)size) {
        fail("cannot be read", path);
    }
    fclose(file);
    *length = (uint32_t)size;
    return bytes;
}

static void start_runtime(uint32_t pool_bytes)
{
    RuntimeInitArgs init;
    void *pool = calloc(1, pool_bytes);

    memset(&init, 0, sizeof init);
    init.mem_alloc_type = Alloc_With_Pool;
    init.mem_alloc_option.pool.heap_buf = pool;
    init.mem_alloc_option.pool.heap_size = pool_bytes;
    if (pool == NULL || !wasm_runtime_full_init(&init)) {
        fail("the pool is too small for the runtime", "");
    }
    if (!rill_wamr_register(job.imports, job.import_count, job.natives)) {
        fail("the pool is too small for the natives", "");
    }
}

/** The one core result of a synchronous function: 64-bit ones are in two cells. */
static uint64_t core_result(wasm_function_inst_t function, wasm_module_inst_t instance, const uint32_t *cells)
{
    wasm_valkind_t kind = WASM_I32;

    if (wasm_func_get_result_count(function, instance) == 1) {
        wasm_func_get_result_types(function, instance, &kind);
    }
    return kind == WASM_I64 || kind == WASM_F64 ? (uint64_t)cells[1] << 32 | cells[0] : cells[0];
}

/** Calls the export. *code gets the answer of one with a callback. @return the trap's text, or NULL */
static const char *call_export(wasm_exec_env_t exec_env, wasm_module_inst_t instance, uint32_t *code)
{
    wasm_function_inst_t function = wasm_runtime_lookup_function(instance, job.call);
    uint32_t cells[ARGUMENT_CELLS] = {0};
    uint32_t i;

    if (function == NULL) {
        fail("the module does not export", job.call);
    }
    for (i = 0; i < job.param_count; i++) {
        struct parameter *param = &job.params[i];

        cells[i] = param->bits;
        if (param->is_stream && !rill_give(&guest.host, param->stream.type, false, &param->stream.end, &cells[i])) {
            return guest.host.trap;
        }
        if (param->is_stream) {
            give_space(&param->stream);
        }
        if (param->is_stream && !job.is_blocking) {
            pump(&param->stream, false);
        }
    }
    if (!wasm_runtime_call_wasm(exec_env, function, job.param_count, cells)) {
        return wasm_runtime_get_exception(instance);
    }
    *code = cells[0];
    if (job.has_scalar && !job.has_returned) {
        job.scalar = core_result(function, instance, cells);
    }
    return NULL;
}

#ifdef RILL_WITH_TASKS

static struct rill_tasks tasks;
static struct rill_task task;
static wasm_exec_env_t task_env;
static char trap_text[160];

/** Keeps the text of a trap of the engine's: the host's tasks know only that there was one. */
static bool note_trap(const char *trap)
{
    if (trap != NULL) {
        snprintf(trap_text, sizeof trap_text, "%s", trap);
        guest.host.trap = trap_text;
    }
    return trap == NULL;
}

static bool enter(struct rill_task *of, uint32_t *code)
{
    (void)of;
    return note_trap(call_export(task_env, instances[0], code));
}

static bool run_callback(struct rill_task *of, const uint32_t event[3], uint32_t *code)
{
    char name[300];
    uint32_t cells[3];
    wasm_function_inst_t function;

    (void)of;
    snprintf(name, sizeof name, "[callback]%s", job.call);
    function = wasm_runtime_lookup_function(instances[0], name);
    if (function == NULL) {
        fail("the module does not export", name);
    }
    memcpy(cells, event, sizeof cells);
    if (!wasm_runtime_call_wasm(task_env, function, 3, cells)) {
        return note_trap(wasm_runtime_get_exception(instances[0]));
    }
    *code = cells[0];
    return true;
}

static void cancelled(struct rill_task *of)
{
    (void)of;
}

static const struct rill_task_port task_port = {enter, run_callback, cancelled};

/** Runs the export as a task, to its end. @return the trap's text, or NULL */
static const char *run_task(wasm_exec_env_t exec_env)
{
    bool goes_on;

    task_env = exec_env;
    rill_tasks_init(&tasks, &guest.host, &task_port);
    goes_on = rill_task_call(&tasks, &task, NULL, job.is_callback);
    while (goes_on && !task.is_ended && guest.host.trap == NULL) {
        if (rill_task_is_ready(&task)) {
            goes_on = rill_task_run(&task);
        } else if (!pump_all(NULL)) {
            return "the task waits for ever: nothing can end its wait";
        }
    }
    return guest.host.trap;
}

#endif

/** Calls the guest. @return the trap's text, or NULL */
static const char *call_guest(wasm_exec_env_t exec_env, wasm_module_inst_t instance)
{
    uint32_t code = 0;

#ifdef RILL_WITH_TASKS
    if (strncmp(job.call, "[async-lift]", 12) == 0) {
        return run_task(exec_env);
    }
#endif
    return call_export(exec_env, instance, &code);
}

static void print_text(const char *text)
{
    printf("\"");
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') {
            printf("\\");
        }
        printf("%c", (unsigned char)*text < 32 ? ' ' : *text);
    }
    printf("\"");
}

int main(int argc, char **argv)
{
    char error[160] = "";
    uint32_t module_length = 0;
    uint32_t instance_count;
    uint32_t stack_bytes;
    uint32_t i;
    uint32_t pool_bytes;
    uint32_t free_at[5] = {0};
    uint64_t items_in = 0;
    const char *trap;
    uint8_t *bytes;
    wasm_module_t module;
    wasm_exec_env_t exec_env;
    mem_alloc_info_t info;

    if (argc != 6) {
        fail("usage: rill-run MODULE DESCRIPTOR POOL_BYTES STACK_BYTES INSTANCES", "");
    }
    read_descriptor(argv[2]);
    bytes = read_module(argv[1], &module_length);
    stack_bytes = (uint32_t)strtoul(argv[4], NULL, 10);
    instance_count = (uint32_t)strtoul(argv[5], NULL, 10);
    if (instance_count == 0 || instance_count > MAX_INSTANCES) {
        fail("INSTANCES is out of range", argv[5]);
    }
    pool_bytes = (uint32_t)strtoul(argv[3], NULL, 10);
    start_runtime(pool_bytes);
    free_at[0] = pool_free();
    module = wasm_runtime_load(bytes, module_length, error, sizeof error);
    if (module == NULL) {
        fail("the module does not load", error);
    }
    if (!rill_wamr_is_linked(module)) {
        fail("an import of the module has no native", "");
    }
    free_at[1] = pool_free();
    for (i = 0; i < instance_count; i++) {
        instances[i] = wasm_runtime_instantiate(module, stack_bytes, 0, error, sizeof error);
        if (instances[i] == NULL) {
            fail("the module does not instantiate", error);
        }
        if (i == 0) {
            free_at[2] = pool_free();
        }
    }
    free_at[3] = pool_free();
    exec_env = wasm_runtime_create_exec_env(instances[0], stack_bytes);
    if (exec_env == NULL) {
        fail("the pool is too small for the execution environment", "");
    }
    free_at[4] = pool_free();
    rill_host_init(&guest.host, ends, HANDLES, streams, STREAMS, &port, NULL);
    guest.returned = take_result;
    rill_wamr_attach(&guest, instances[0]);
#ifdef RILL_WITH_LISTS
    rill_wamr_lists(&guest, exec_env, RILL_UTF16);
#endif
    trap = call_guest(exec_env, instances[0]);
    flush_output();
    for (i = 0; i < job.param_count; i++) {
        items_in += job.params[i].is_stream ? job.params[i].stream.items : 0;
        if (job.params[i].is_stream && job.params[i].stream.copying && is_open(&job.params[i].stream)) {
            items_in += rill_end_cancel(&job.params[i].stream.end) >> 4;
        }
    }
    memset(&info, 0, sizeof info);
    wasm_runtime_get_mem_alloc_info(&info);
    printf("{\"items_in\":%" PRIu64 ",\"items_out\":%" PRIu64 ",\"host_calls\":%" PRIu32 ",\"linear_memory_bytes\":%" PRIu32, items_in,
           job.output.items, guest.calls, guest.host.memory_bytes);
    printf(",\"pool\":{\"runtime\":%" PRIu32, pool_bytes - free_at[0]);
    printf(",\"module\":%" PRIu32 ",\"instance\":%" PRIu32 ",\"further_instance\":%" PRIu32 ",\"exec_env\":%" PRIu32
           ",\"highest\":%" PRIu32 "}",
           free_at[0] - free_at[1], free_at[1] - free_at[2],
           instance_count > 1 ? (free_at[2] - free_at[3]) / (instance_count - 1) : 0, free_at[3] - free_at[4], info.highmark_size);
    printf(",\"host_bytes\":{\"end\":%u,\"stream\":%u,\"host\":%u}", (unsigned)sizeof(struct rill_end),
           (unsigned)sizeof(struct rill_stream), (unsigned)sizeof(struct rill_guest));
    printf(",\"scalar\":\"%" PRIu64 "\",\"trap\":", job.scalar);
    if (trap == NULL) {
        printf("null}\n");
    } else {
        print_text(trap);
        printf("}\n");
    }
    return 0;
}
