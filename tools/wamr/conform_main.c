/*
 * Replays conformance scripts: a line `case` for each, then its answers up to a trap. Each guest step is a call through a WebAssembly module on WAMR, each host step an operation on a
 * host's end. Reads lines that conform.ts writes, answers each with one line; conform.ts compares.
 *
 *   rill-conform MODULE < commands > answers
 *
 * The module forwards each export to the import of the same name. Commands, words between blanks, numbers in decimal:
 *
 *   case async|sync BYTES FILL        a new instance
 *   type INDEX ID SIZE ALIGN NUMBER PLAN...   (or: type INDEX null)
 *   call BLOCKED EXPORT RESULT ARGS...        RESULT: v none, i i32, I i64; BLOCKED lines follow that run while it blocks
 *   poke PTR HEX | drain SET PTR
 *   take TYPE FUTURE HANDLE END | give TYPE FUTURE END DEFERRED | back END
 *   read END LENGTH EAGER | write END LENGTH EAGER HEX | event END | cancel END | drop END | ack END
 */
#include "rill_wamr.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TYPES 2u
#define PLAN_WORDS 256u
#define HANDLES 64u
#define STREAMS 64u
#define HOST_ENDS 16u
#define LINE_BYTES (1u << 20)
#define POOL_BYTES (4u << 20)
#define IMPORTS_MAX 64u
#define BUFFER_BYTES (1u << 17)

static char line[LINE_BYTES];
static uint8_t pool[POOL_BYTES];
static uint8_t module_bytes[1u << 16];
static uint16_t plans[TYPES][PLAN_WORDS];
static struct rill_type types[TYPES];
static const struct rill_type *type_of[TYPES];
static struct rill_import imports[IMPORTS_MAX];
static char import_names[IMPORTS_MAX][40];
static NativeSymbol natives[IMPORTS_MAX];
static uint8_t import_type[IMPORTS_MAX];
static uint32_t import_count;

static struct rill_end ends[HANDLES];
static struct rill_stream streams[STREAMS];
static struct rill_end host_ends[HOST_ENDS];
static uint8_t buffers[HOST_ENDS][BUFFER_BYTES];
static uint8_t shadow[1u << 16];
static struct rill_guest guest;
static wasm_module_inst_t instance;
static wasm_exec_env_t exec_env;
static uint32_t blocked_lines;

static void fail(const char *what)
{
    fprintf(stderr, "rill-conform: %s\n", what);
    exit(2);
}

static bool read_line(void)
{
    size_t length;

    if (fgets(line, sizeof line, stdin) == NULL) {
        return false;
    }
    length = strlen(line);
    if (length > 0 && line[length - 1] == '\n') {
        line[length - 1] = '\0';
    }
    return true;
}

static char *word(void)
{
    char *found = strtok(NULL, " ");

    if (found == NULL) {
        fail("a command ends too early");
    }
    return found;
}

static uint32_t number(void)
{
    return (uint32_t)strtoul(word(), NULL, 10);
}

/** Decodes hex; "-" is nothing. @return bytes */
static uint32_t hex(const char *text, uint8_t *to, uint32_t room)
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

static void print_hex(const uint8_t *from, uint32_t length)
{
    uint32_t i;

    for (i = 0; i < length; i++) {
        printf("%02x", from[i]);
    }
}

/** Ends an answer: what changed in memory since the last one. */
static void finish_answer(void)
{
    const uint8_t *memory = guest.host.memory;
    uint32_t i = 0;

    while (i < guest.host.memory_bytes) {
        uint32_t from = i;

        while (i < guest.host.memory_bytes && memory[i] != shadow[i]) {
            i++;
        }
        if (i > from) {
            printf(" mem %" PRIu32 " ", from);
            print_hex(memory + from, i - from);
            memcpy(shadow + from, memory + from, i - from);
        } else {
            i++;
        }
    }
    printf("\n");
    fflush(stdout);
}

/// Steps of the host ///

static void answer_copy(struct rill_end *end, uint32_t number_of_end, uint32_t packed, bool is_read)
{
    const struct rill_type *element = end->stream->element;
    const uint32_t progress = end->stream->is_future ? (packed == RILL_COMPLETED ? 1u : 0u) : packed >> 4;

    printf("ok ret %" PRIu32, packed);
    if (is_read && packed != RILL_BLOCKED && element != NULL && progress > 0) {
        printf(" got ");
        print_hex(buffers[number_of_end], progress * element->elem_size);
    }
}

static void host_copy(bool is_read)
{
    const uint32_t at = number();
    const uint32_t length = number();
    const bool is_eager = number() != 0;
    struct rill_end *end = &host_ends[at];
    uint32_t packed = 0;

    memset(buffers[at], 0, BUFFER_BYTES);
    if (!is_read) {
        hex(word(), buffers[at], BUFFER_BYTES);
    }
    if (end->stream->element != NULL && (uint64_t)length * end->stream->element->elem_size > BUFFER_BYTES) {
        fail("a host's copy is too long");
    }
    if (rill_end_copy(&guest.host, end, buffers[at], length, is_eager, &packed)) {
        answer_copy(end, at, packed, is_read);
    } else {
        printf("trap %s", guest.host.trap);
    }
}

static const struct rill_type *type_word(void)
{
    return type_of[number()];
}

static void run_drain(void);
static void run_call(void);

/** Runs the command in `line`, all but calls and cases. */
static void run_command(void)
{
    const char *command = strtok(line, " ");
    uint32_t handle = 0;
    const struct rill_type *type;
    bool is_future;

    if (command == NULL) {
        fail("an empty command");
    }
    if (strcmp(command, "call") == 0) {
        run_call();
        return;
    }
    if (strcmp(command, "drain") == 0) {
        run_drain();
    } else if (strcmp(command, "poke") == 0) {
        const uint32_t ptr = number();
        const uint32_t length = hex(word(), guest.host.memory + ptr, guest.host.memory_bytes - ptr);

        memcpy(shadow + ptr, guest.host.memory + ptr, length);
        printf("ok");
    } else if (strcmp(command, "take") == 0) {
        type = type_word();
        is_future = number() != 0;
        handle = number();
        if (rill_take(&guest.host, type, is_future, handle, &host_ends[number()])) {
            printf("ok");
        } else {
            printf("trap %s", guest.host.trap);
        }
    } else if (strcmp(command, "give") == 0) {
        struct rill_end *end;

        type = type_word();
        is_future = number() != 0;
        end = &host_ends[number()];
        if (!rill_give(&guest.host, type, is_future, end, &handle)) {
            fail(guest.host.trap);
        }
        if (number() != 0) {
            rill_end_defer_cancel(end);
        }
        printf("ok ret %" PRIu32, handle);
    } else if (strcmp(command, "back") == 0) {
        if (!rill_give_back(&guest.host, &host_ends[number()], &handle)) {
            fail(guest.host.trap);
        }
        printf("ok ret %" PRIu32, handle);
    } else if (strcmp(command, "read") == 0) {
        host_copy(true);
    } else if (strcmp(command, "write") == 0) {
        host_copy(false);
    } else if (strcmp(command, "event") == 0) {
        const uint32_t at = number();

        answer_copy(&host_ends[at], at, rill_end_event(&host_ends[at]), host_ends[at].kind == RILL_READABLE);
    } else if (strcmp(command, "cancel") == 0) {
        const uint32_t at = number();

        answer_copy(&host_ends[at], at, rill_end_cancel(&host_ends[at]), host_ends[at].kind == RILL_READABLE);
    } else if (strcmp(command, "drop") == 0) {
        rill_end_drop(&host_ends[number()]);
        printf("ok");
    } else if (strcmp(command, "ack") == 0) {
        rill_end_ack_cancel(&host_ends[number()]);
        printf("ok");
    } else {
        fail("an unknown command");
    }
    finish_answer();
}

/** The port's wait: the host steps that the script gives for this block, all at once. */
static bool run_blocked(void *context)
{
    (void)context;
    if (blocked_lines == 0) {
        return false;
    }
    printf("blocked\n");
    while (blocked_lines > 0) {
        blocked_lines--;
        if (!read_line()) {
            fail("a script ends while the guest is blocked");
        }
        run_command();
    }
    return true;
}

static const struct rill_port port = {run_blocked};

/// Steps of the guest ///

/** Calls an export. @return false after a trap */
static bool call_export(const char *name, uint32_t argc, uint32_t *argv)
{
    wasm_function_inst_t function = wasm_runtime_lookup_function(instance, name);

    if (function == NULL) {
        fail(name);
    }
    return wasm_runtime_call_wasm(exec_env, function, argc, argv);
}

static void run_call(void)
{
    uint32_t argv[8] = {0};
    uint32_t argc = 0;
    const uint32_t blocked = number();
    const char *name = word();
    const char result = word()[0];
    const char *next;

    for (next = strtok(NULL, " "); next != NULL && argc < 8; next = strtok(NULL, " ")) {
        argv[argc++] = (uint32_t)strtoul(next, NULL, 10);
    }
    blocked_lines = blocked;
    if (call_export(name, argc, argv)) {
        printf("ok");
        if (result == 'i') {
            printf(" ret %" PRIu32, argv[0]);
        } else if (result == 'I') {
            printf(" ret64 %08" PRIx32 "%08" PRIx32, argv[1], argv[0]);
        }
    } else {
        printf("trap %s", wasm_runtime_get_exception(instance));
    }
    if (blocked_lines != 0) {
        printf(" unblocked");
        while (blocked_lines > 0) {
            blocked_lines--;
            read_line();
        }
    }
    finish_answer();
}

static void run_drain(void)
{
    const uint32_t set = number();
    const uint32_t ptr = number();
    uint32_t argv[2];

    printf("ok events");
    for (;;) {
        argv[0] = set;
        argv[1] = ptr;
        if (!call_export("waitable-set.poll", 2, argv)) {
            printf(" trap %s", wasm_runtime_get_exception(instance));
            return;
        }
        if (argv[0] == RILL_EVENT_NONE) {
            return;
        }
        printf(" %" PRIu32 ",%" PRIu32 ",%" PRIu32, argv[0], *(uint32_t *)(void *)(guest.host.memory + ptr),
               *(uint32_t *)(void *)(guest.host.memory + ptr + 4));
    }
}

/// Cases ///

static bool no_return(struct rill_guest *of, const uint64_t *values)
{
    (void)values;
    of->host.trap = "task.return has no task here";
    return false;
}

static void begin_case(wasm_module_t module)
{
    char error[128];
    const bool may_block = strcmp(word(), "async") == 0;
    const uint32_t bytes = number();
    const uint32_t fill = number();

    if (instance != NULL) {
        wasm_runtime_destroy_exec_env(exec_env);
        wasm_runtime_deinstantiate(instance);
    }
    instance = wasm_runtime_instantiate(module, 2048, 0, error, sizeof error);
    exec_env = instance != NULL ? wasm_runtime_create_exec_env(instance, 2048) : NULL;
    if (exec_env == NULL) {
        fail(error);
    }
    rill_host_init(&guest.host, ends, HANDLES, streams, STREAMS, &port, NULL);
    rill_host_may_block(&guest.host, may_block);
    memset(host_ends, 0, sizeof host_ends);
    guest.returned = no_return;
    rill_wamr_attach(&guest, instance);
    if (guest.host.memory_bytes != bytes) {
        fail("the guest's memory has another size than the scripts'");
    }
    memset(guest.host.memory, (int)fill, bytes);
    memset(shadow, (int)fill, bytes);
}

static void set_type(void)
{
    const uint32_t at = number();
    const char *id = word();
    struct rill_type *type = &types[at];
    uint32_t i;
    const char *next;

    if (strcmp(id, "null") == 0) {
        type_of[at] = NULL;
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
        type_of[at] = type;
    }
    for (i = 0; i < import_count; i++) {
        if (import_type[i] == at) {
            imports[i].element = type_of[at];
        }
    }
}

static void add_import(const char *name, const char *signature, enum rill_builtin builtin, uint32_t type, bool is_async,
                       bool is_future)
{
    struct rill_import *import = &imports[import_count];

    if (import_count == IMPORTS_MAX) {
        fail("too many imports");
    }
    strcpy(import_names[import_count], name);
    import->module = "host";
    import->name = import_names[import_count];
    import->signature = signature;
    import->builtin = (uint8_t)builtin;
    import->is_async = is_async;
    import->is_future = is_future;
    import_type[import_count] = (uint8_t)type;
    import_count++;
}

static void add_copy_imports(const char *kind, bool is_future, uint32_t type)
{
    static const struct {
        const char *verb;
        enum rill_builtin builtin;
    } verbs[] = {{"read", RILL_READ}, {"write", RILL_WRITE}, {"cancel-read", RILL_CANCEL_READ}, {"cancel-write", RILL_CANCEL_WRITE}};
    static const struct {
        const char *verb;
        enum rill_builtin builtin;
    } drops[] = {{"drop-readable", RILL_DROP_READABLE}, {"drop-writable", RILL_DROP_WRITABLE}};
    char name[40];
    uint32_t i;
    int is_async;

    snprintf(name, sizeof name, "%s.new.%" PRIu32, kind, type);
    add_import(name, "()I", RILL_NEW, type, false, is_future);
    for (i = 0; i < 4; i++) {
        for (is_async = 0; is_async < 2; is_async++) {
            const char *signature = i >= 2 ? "(i)i" : is_future ? "(ii)i" : "(iii)i";

            snprintf(name, sizeof name, "%s.%s.%" PRIu32 ".%d", kind, verbs[i].verb, type, is_async);
            add_import(name, signature, verbs[i].builtin, type, is_async != 0, is_future);
        }
    }
    for (i = 0; i < 2; i++) {
        snprintf(name, sizeof name, "%s.%s.%" PRIu32, kind, drops[i].verb, type);
        add_import(name, "(i)", drops[i].builtin, type, false, is_future);
    }
}

static void add_imports(void)
{
    uint32_t type;

    for (type = 0; type < TYPES; type++) {
        add_copy_imports("stream", false, type);
        add_copy_imports("future", true, type);
    }
    add_import("waitable-set.new", "()i", RILL_SET_NEW, TYPES, false, false);
    add_import("waitable-set.wait", "(ii)i", RILL_SET_WAIT, TYPES, false, false);
    add_import("waitable-set.poll", "(ii)i", RILL_SET_POLL, TYPES, false, false);
    add_import("waitable-set.drop", "(i)", RILL_SET_DROP, TYPES, false, false);
    add_import("waitable.join", "(ii)", RILL_JOIN, TYPES, false, false);
    add_import("subtask.drop", "(i)", RILL_SUBTASK_DROP, TYPES, false, false);
    add_import("subtask.cancel", "(i)i", RILL_SUBTASK_CANCEL, TYPES, false, false);
}

static wasm_module_t load_module(const char *path)
{
    char error[128];
    RuntimeInitArgs init;
    FILE *file = fopen(path, "rb");
    wasm_module_t module;
    size_t length;

    if (file == NULL) {
        fail("the module cannot be read");
    }
    length = fread(module_bytes, 1, sizeof module_bytes, file);
    fclose(file);
    memset(&init, 0, sizeof init);
    init.mem_alloc_type = Alloc_With_Pool;
    init.mem_alloc_option.pool.heap_buf = pool;
    init.mem_alloc_option.pool.heap_size = sizeof pool;
    if (!wasm_runtime_full_init(&init)) {
        fail("WAMR does not start");
    }
    add_imports();
    if (!rill_wamr_register(imports, import_count, natives)) {
        fail("WAMR takes no natives");
    }
    module = wasm_runtime_load(module_bytes, (uint32_t)length, error, sizeof error);
    if (module == NULL) {
        fail(error);
    }
    if (!rill_wamr_is_linked(module)) {
        fail("an import of the module has no native");
    }
    return module;
}

int main(int argc, char **argv)
{
    wasm_module_t module;

    if (argc != 2) {
        fail("usage: rill-conform MODULE < commands > answers");
    }
    module = load_module(argv[1]);
    while (read_line()) {
        if (strncmp(line, "case ", 5) == 0) {
            strtok(line, " ");
            begin_case(module);
            printf("case\n");
        } else if (guest.host.trap != NULL) {
            continue; /* the case is over */
        } else if (strncmp(line, "type ", 5) == 0) {
            strtok(line, " ");
            set_type();
        } else {
            run_command();
        }
    }
    return 0;
}
