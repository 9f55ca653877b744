#include "guest.h"

#ifdef RILL_IMAGE_FUNCTIONS
#include "calls.h"
#include "entry.h"
#include "remote_ends.h"
#endif
#include "feed.h"
#include "watchdog.h"

#include <string.h>

/* Keeps its variables off the stack below the guest. */
#define OUT_OF_LINE __attribute__((noinline))

static int failed(struct guest_set *set, int code, const char *why)
{
    set->text[0] = '\0';
    (void)strncat(set->text, why, sizeof set->text - 1u);
    return code;
}

#ifdef RILL_WITH_PIPES
int guest_failed(struct guest_set *set, int code, const char *why)
{
    return failed(set, code, why);
}
#endif

/* The classic interpreter writes into the module: it runs from a copy in RAM. The fast one makes its own code. */
static uint8_t *module_bytes(struct guest_set *set)
{
#if RILL_WASM_IN_FLASH
    return (uint8_t *)(uintptr_t)set->image.module;
#else
    set->copy = wasm_runtime_malloc(set->image.module_length);
    if (set->copy != NULL) {
        (void)memcpy(set->copy, set->image.module, set->image.module_length);
    }
    return set->copy;
#endif
}

static int load_linked(struct guest_set *set, uint8_t *bytes)
{
    void *room = wasm_runtime_malloc(RILL_IMAGE_LINK_BYTES(set->image.import_count) + 1u);

    if (room == NULL) {
        return failed(set, GUEST_ERR_LOAD, "no room");
    }
    set->module =
        rill_image_load(&set->image, bytes, RILL_WASM_IN_FLASH != 0, room, set->text, (uint32_t)sizeof set->text);
    wasm_runtime_free(room);
    return set->module != NULL ? 0 : GUEST_ERR_LOAD;
}

#ifdef RILL_IMAGE_FUNCTIONS
/* Whether the further functions of the guest have as few stream parameters as there are rings. */
OUT_OF_LINE static int has_rings(struct rill_image *image)
{
    uint32_t most = 0u;
    uint32_t i;

    for (i = rill_image_entries(image); i != 0u; i--) {
        rill_image_choose(image, i - 1u);
        most = image->param_count > most ? image->param_count : most;
    }
    return most <= FEED_MAX;
}
#define HAS_RINGS has_rings
#else
#define HAS_RINGS(image) 1
#endif

/* Inlined: in most firmware it is called once. */
static inline int load(struct guest_set *set)
{
    uint8_t *bytes;

    host_use(&set->image);
    bytes = module_bytes(set);
    if (bytes == NULL) {
        return failed(set, GUEST_ERR_LOAD, "no room");
    }
    if (load_linked(set, bytes) != 0) {
        return GUEST_ERR_LOAD;
    }
    return rill_wamr_is_linked(set->module) ? 0 : failed(set, GUEST_ERR_UNLINKED, "import");
}

int guest_load(struct guest_set *set)
{
    uint32_t i;

    if (!HAS_RINGS(&set->image)) {
        return failed(set, GUEST_ERR_TYPE, "items");
    }
    for (i = 0u; i < set->image.type_count; i++) {
        uint32_t length = rill_image_type(&set->image, i).elem_size;
        /* NOLINTNEXTLINE(misc-redundant-expression): two limits, which some boards have set to the same number. */
        if (length == 0u || length > FEED_ITEM_MAX || length > HOST_OUTPUT || set->image.param_count > FEED_MAX) {
            return failed(set, GUEST_ERR_TYPE, "items");
        }
    }
    return load(set);
}

#ifdef RILL_WITH_PIPES
int guest_load_in_row(struct guest_set *set)
{
    return load(set);
}
#endif

#ifdef RILL_IMAGE_FUNCTIONS
/* What lies between the guest's handles and the words of its parameters. */
static uint32_t place_bytes(const struct rill_image *image)
{
    const struct rill_image_entry entry = rill_image_entry(image);

    return CALLS_BYTES(entry.calls) + REMOTE_ENDS_BYTES(entry.ends);
}

/* A guest of streams alone has its parameters' words on the stack. */
OUT_OF_LINE static uint32_t more_bytes(struct rill_image *image)
{
    uint32_t most = 0u;
    uint32_t i;

    for (i = rill_image_entries(image); i != 0u; i--) {
        rill_image_choose(image, i - 1u);
        if (entry_bytes(image) > FEED_MAX * sizeof(uint32_t) && entry_bytes(image) > most) {
            most = entry_bytes(image);
        }
    }
    return most + place_bytes(image);
}
#define MORE_BYTES more_bytes
#else
#define MORE_BYTES(image) 0u
#endif

int guest_add(struct guest_set *set)
{
    uint32_t ends = rill_image_handles(&set->image) * (uint32_t)sizeof(struct rill_end);
    struct guest *guest = wasm_runtime_malloc((uint32_t)sizeof *guest + ends + MORE_BYTES(&set->image));
    uint32_t streams = set->image.stream_count;

    if (guest == NULL) {
        return failed(set, GUEST_ERR_INSTANCE, "no room");
    }
    guest->instance =
        wasm_runtime_instantiate(set->module, set->image.stack, 0u, set->text, (uint32_t)sizeof set->text);
    if (guest->instance != NULL && set->env == NULL) {
        set->env = wasm_runtime_create_exec_env(guest->instance, set->image.stack);
    }
    if (guest->instance == NULL || set->env == NULL) {
        if (guest->instance != NULL) {
            wasm_runtime_deinstantiate(guest->instance);
        }
        wasm_runtime_free(guest);
        return GUEST_ERR_INSTANCE;
    }
    host_open(&guest->host, guest->ends, guest->instance, (uint8_t)(set->count * streams));
    guest->next = set->first;
    set->first = guest;
    set->count++;
    return 0;
}

#ifdef RILL_IMAGE_FUNCTIONS
#define CALL_ENTRY entry_run
#define ARGUMENTS call.words
#define FIND_ENTRY(set, guest) entry_export(&(set)->image, (guest)->instance, RILL_IMAGE_ENTRY)

/* The entry's parameters, all zero: `few` where there is room in it, else in the pool, behind the guest's handles. */
static uint32_t *words_of(const struct guest_set *set, struct guest *guest, uint32_t few[FEED_MAX])
{
    const uint32_t byte_length = entry_bytes(&set->image);

    if (byte_length <= FEED_MAX * sizeof few[0]) {
        return few;
    }
    return memset((uint8_t *)&guest->ends[rill_image_handles(&set->image)] + place_bytes(&set->image), 0, byte_length);
}

#else
#define CALL_ENTRY call_entry
#define ARGUMENTS arguments
#define FIND_ENTRY(set, guest) wasm_runtime_lookup_function((guest)->instance, RILL_IMAGE_ENTRY)

struct call {
    wasm_exec_env_t env;
    wasm_function_inst_t entry;
    uint32_t count;
    uint32_t *arguments;
};

static int call_entry(void *context)
{
    struct call *call = context;

    return wasm_runtime_call_wasm(call->env, call->entry, call->count, call->arguments) ? 1 : 0;
}

#endif

int guest_run(struct guest_set *set, struct guest *guest)
{
    uint32_t arguments[FEED_MAX] = {0u};
#ifdef RILL_IMAGE_FUNCTIONS
    struct entry_call call;
#else
    struct call call;
#endif
    const char *why;
    int done;
    int closed;

    call.env = set->env;
    call.entry = FIND_ENTRY(set, guest);
#ifdef RILL_IMAGE_FUNCTIONS
    call.image = &set->image;
    call.guest = &guest->host.guest;
    call.words = words_of(set, guest, arguments);
#else
    call.count = set->image.param_count;
    call.arguments = arguments;
#endif
    wasm_runtime_set_module_inst(set->env, guest->instance);
    if (call.entry == NULL || !host_begin(&guest->host, ARGUMENTS)) {
        return failed(set, GUEST_ERR_TRAP, "entry");
    }
    feed_start();
    done = watchdog_run(CALL_ENTRY, &call, feed_tick_rate() / WATCHDOG_DIVISOR);
    closed = host_end(&guest->host, guest->instance);
    if (done < 0) {
        /* Cut off in the middle: what the environment holds is not to be trusted. */
        wasm_runtime_destroy_exec_env(set->env);
        set->env = NULL;
        return failed(set, GUEST_ERR_HUNG, "no progress");
    }
    why = wasm_runtime_get_exception(guest->instance);
    if (done > 0 && !closed) {
        return failed(set, GUEST_ERR_TRAP, "streams left open");
    }
#ifdef RILL_IMAGE_FUNCTIONS
    if (why == NULL) {
        /* A task that waited outside of its function. */
        why = guest->host.guest.host.trap;
    }
    if (done == 0 && (rill_image_entry(&set->image).flags & RILL_ENTRY_ARENA) != 0u) {
        remote_report_lack(&guest->host.guest.host);
    }
#endif
    return done > 0 ? 0 : failed(set, GUEST_ERR_TRAP, why != NULL ? why : "");
}

static void guest_remove(struct guest_set *set, struct guest *guest)
{
    struct guest **at = &set->first;

    while (*at != NULL && *at != guest) {
        at = &(*at)->next;
    }
    if (*at != NULL) {
        *at = guest->next;
        wasm_runtime_deinstantiate(guest->instance);
        wasm_runtime_free(guest);
    }
}

void guest_unload(struct guest_set *set)
{
    while (set->first != NULL) {
        guest_remove(set, set->first);
    }
    if (set->env != NULL) {
        wasm_runtime_destroy_exec_env(set->env);
    }
    if (set->module != NULL) {
        wasm_runtime_unload(set->module);
    }
    if (set->copy != NULL) {
        wasm_runtime_free(set->copy);
    }
}
