/*
 * A firmware for the world `journal`, on a desktop: strings and lists inside of values, each way.
 */
#include "journal_host.h"
#include "start.h"

#include <inttypes.h>

#define MOST 4u

struct kept {
    enum my_journal_store_level level;
    char module[16];
    uint32_t module_length;
    uint8_t data[8];
    uint32_t data_length;
    struct journal_option_u16 code;
};

static struct kept entries[MOST];
static uint32_t entry_count;
static uint32_t last_fault;
static uint16_t in_places[4];
static struct rill_ring in_ring = RILL_RING_ON(in_places);
static uint16_t fed;

/* What is under way, and how the firmware completes it. */
static enum { IDLE, FETCHING, SENDING, LOOKING } under_way;
static struct rill_space *look_space;
static uint32_t looked_for;
static char url[32];
static uint32_t url_length;
static enum { WELL, NO_TEXT, TOO_LONG, OUT_OF_SPACE, NO_LEVEL } answers;

static void print_text(const char *what, const struct rill_space *space, struct rill_view text)
{
    printf("%s %.*s", what, (int)text.length, (const char *)rill_view_in(space, text));
}

static void print_entry(const struct rill_space *space, const struct my_journal_store_entry *entry)
{
    const uint8_t *data = (const uint8_t *)rill_view_in(space, entry->data);
    uint32_t i;

    printf("level %u,", entry->level);
    print_text("", space, entry->module);
    printf(", data");
    for (i = 0; i < entry->data.length; i++) {
        printf(" %u", data[i]);
    }
    printf(entry->code.is_some ? ", code %u\n" : "\n", entry->code.value.some);
}

/** Puts an entry's strings and lists into the space. */
static bool entry_out(struct rill_space *space, const struct kept *from, struct my_journal_store_entry *to)
{
    to->level = (uint8_t)from->level;
    to->code = from->code;
    return rill_view_put(space, &to->module, from->module, from->module_length, 1)
           && rill_view_put(space, &to->data, from->data, from->data_length, 1);
}

/// What the guest imports ///

bool my_journal_store_write(struct journal_host *of, const struct my_journal_store_entry *entry,
                            struct rill_space *space, struct journal_result_u32_string *result)
{
    struct kept *to = &entries[entry_count];

    (void)of;
    printf("write: ");
    print_entry(space, entry);
    result->is_error = entry->module.length > sizeof to->module || entry_count == MOST;
    if (result->is_error) {
        return rill_view_put(space, &result->value.error, answers == NO_TEXT ? "\xff" : "too long",
                             answers == NO_TEXT ? 1 : 8, 1);
    }
    to->level = (enum my_journal_store_level)entry->level;
    to->module_length = entry->module.length;
    memcpy(to->module, rill_view_in(space, entry->module), entry->module.length);
    to->data_length = entry->data.length < sizeof to->data ? entry->data.length : sizeof to->data;
    memcpy(to->data, rill_view_in(space, entry->data), to->data_length);
    to->code = entry->code;
    result->value.ok = ++entry_count;
    return true;
}

bool my_journal_store_list(struct journal_host *of, uint32_t first, struct rill_space *space, struct rill_view *result)
{
    struct my_journal_store_entry list[MOST];
    uint32_t i;

    (void)of;
    memset(list, 0, sizeof list);
    for (i = first; i < entry_count; i++) {
        if (!entry_out(space, &entries[i], &list[i - first])) {
            return false;
        }
    }
    if (answers == NO_LEVEL) {
        list[0].level = 3;
    }
    if (answers == OUT_OF_SPACE) {
        list[0].module.at = UINT32_MAX - 1u;
    }
    return rill_view_put(space, result, list, entry_count - first, sizeof list[0]);
}

bool my_journal_store_known(struct journal_host *of, const struct rill_view *names, struct rill_space *space,
                            uint32_t *result)
{
    const struct rill_view *each = (const struct rill_view *)rill_view_in(space, *names);
    uint32_t i;

    (void)of;
    printf("known:");
    for (i = 0; i < names->length; i++) {
        print_text("", space, each[i]);
        *result += each[i].length == 3u;
    }
    printf("\n");
    return true;
}

bool my_journal_store_last(struct journal_host *of, struct rill_space *space, struct journal_option_fault *result)
{
    static const uint16_t numbers[] = {1, 2, 65535};

    (void)of;
    result->is_some = true;
    result->value.some.tag = (uint8_t)last_fault;
    switch (last_fault) {
    case MY_JOURNAL_STORE_FAULT_FULL:
        result->value.some.value.full = 7;
        return true;
    case MY_JOURNAL_STORE_FAULT_NAMED:
        return rill_view_put(space, &result->value.some.value.named, "n\xc3\xa4me", 5, 1);
    case MY_JOURNAL_STORE_FAULT_MANY:
        return rill_view_put(space, &result->value.some.value.many, numbers, 3, sizeof numbers[0]);
    default:
        result->is_some = last_fault > MY_JOURNAL_STORE_FAULT_NONE; /* the tag is none, then */
        return true;
    }
}

bool my_journal_store_blame(struct journal_host *of, const struct my_journal_store_fault *fault,
                            const struct journal_option_string *by, struct rill_space *space,
                            struct my_journal_store_fault *result)
{
    (void)of;
    printf("blame %u", fault->tag);
    if (by->is_some) {
        print_text(" by", space, by->value.some);
    }
    printf("\n");
    *result = *fault;
    return true;
}

bool my_journal_net_fetch(struct journal_host *of, const char *url_text, uint32_t url_text_length,
                          struct rill_space *url_space)
{
    (void)of;
    (void)url_space;
    under_way = FETCHING;
    url_length = url_text_length < sizeof url ? url_text_length : sizeof url;
    memcpy(url, url_text, url_length);
    return true;
}

bool my_journal_net_send(struct journal_host *of, const struct my_journal_net_request *request, uint8_t tries,
                         struct rill_space *space)
{
    const struct journal_tuple_string_string *headers =
        (const struct journal_tuple_string_string *)rill_view_in(space, request->headers);
    uint32_t i;

    (void)of;
    under_way = SENDING;
    print_text("send", space, request->method);
    for (i = 0; i < request->headers.length; i++) {
        print_text(",", space, headers[i].f0);
        print_text(":", space, headers[i].f1);
    }
    printf(", %" PRIu32 " bytes, %u tries\n", request->body.length, tries);
    return true;
}

bool my_journal_net_look(struct journal_host *of, uint32_t id, struct rill_space *space)
{
    (void)of;
    under_way = LOOKING;
    look_space = space;
    looked_for = id;
    return true;
}

/// The board ///

/* What interrupts would do while the core sleeps. */
static void sleep_until_interrupt(void)
{
    static char answer[160];
    struct journal_result_string_u16 fetched;
    struct journal_option_entry found;
    char text[48];
    struct rill_space own = RILL_SPACE_ON(text);

    switch (under_way) {
    case FETCHING:
        memset(&fetched, 0, sizeof fetched);
        fetched.is_error = url_length == 0u;
        if (fetched.is_error) {
            fetched.value.error = 404;
        } else {
            (void)rill_view_put(&own, &fetched.value.ok, url, url_length, 1);
            (void)rill_view_put(&own, &fetched.value.ok, url, url_length, 1);
        }
        journal_host_done_my_journal_net_fetch(&host, &fetched, &own);
        journal_host_done_my_journal_net_fetch(&host, &fetched, &own); /* twice: nothing happens */
        break;
    case SENDING:
        memset(answer, '.', sizeof answer);
        memcpy(answer, "forwarded", 9);
        journal_host_done_my_journal_net_send(&host, answer, answers == TOO_LONG ? sizeof answer : 9u);
        break;
    case LOOKING:
        memset(&found, 0, sizeof found);
        look_space->used = 0;
        found.is_some = looked_for < entry_count && entry_out(look_space, &entries[looked_for], &found.value.some);
        if (answers == NO_LEVEL) {
            found.value.some.level = 3;
        }
        journal_host_done_my_journal_net_look(&host, &found, look_space);
        break;
    default:
        break;
    }
    under_way = IDLE;
}

static void serve(void *context)
{
    (void)context;
    while (fed < 2u && rill_ring_put(&in_ring, &fed)) {
        fed++;
    }
    host.sources[0].is_over = fed == 2u;
}

static const struct rill_chip chip = {nothing, nothing, sleep_until_interrupt, NULL, serve};

static uint64_t room[64];
static struct rill_space space = RILL_SPACE_ON(room);

static void begin(const char *path)
{
    journal_host_close(&host);
    answers = WELL;
    under_way = IDLE;
    tell("start", journal_host_init(&host, START_ENGINE, start(path), &chip, NULL));
    space.used = 0;
}

static bool report(const char *module, const char *also)
{
    static const uint8_t data[] = {9, 8, 7};
    struct my_journal_store_entry entry;
    struct rill_view list;
    bool is_done;
    uint32_t i;

    memset(&entry, 0, sizeof entry);
    space.used = 0;
    entry.level = MY_JOURNAL_STORE_LEVEL_WARNING;
    (void)rill_view_put(&space, &entry.module, module, (uint32_t)strlen(module), 1);
    (void)rill_view_put(&space, &entry.data, data, sizeof data, 1);
    is_done = journal_host_call_report(&host, &entry, also, (uint32_t)strlen(also), &space, &list);
    if (is_done) {
        const struct my_journal_store_entry *all = (const struct my_journal_store_entry *)rill_view_in(&space, list);

        for (i = 0; i < list.length; i++) {
            print_entry(&space, &all[i]);
        }
    }
    return is_done;
}

static bool search(const char *first, const char *second, struct journal_result_u32_fault *found)
{
    struct rill_view names[2];
    struct rill_view list = {0, 0};

    space.used = 0;
    (void)rill_view_put(&space, &names[0], first, (uint32_t)strlen(first), 1);
    (void)rill_view_put(&space, &names[1], second, (uint32_t)strlen(second), 1);
    (void)rill_view_put(&space, &list, names, 2, sizeof names[0]);
    return journal_host_call_search(&host, &list, first, (uint32_t)strlen(first), &space, found);
}

static bool gather(const char *title, struct journal_result_entry_string *result)
{
    struct journal_option_string option;

    memset(&option, 0, sizeof option);
    space.used = 0;
    fed = 0;
    option.is_some = title != NULL;
    if (title != NULL) {
        (void)rill_view_put(&space, &option.value.some, title, (uint32_t)strlen(title), 1);
    }
    return journal_host_call_gather(&host, &in_ring, &option, &space, result);
}

/** A space that is too small is left as it is. */
static void put_views(void)
{
    uint64_t places[2] = {0, 0};
    struct rill_space small = RILL_SPACE_ON(places);
    struct rill_space other = RILL_SPACE_ON(places);
    struct rill_view view = {7, 7};
    const uint32_t word = 1;
    bool is_put[6];

    is_put[0] = rill_view_put(&small, &view, "abc", 3, 1);
    is_put[1] = rill_view_put(&small, &view, &word, 1, sizeof word);
    is_put[2] = rill_view_put(&small, &view, places, 9, 1);
    is_put[3] = rill_view_put(&small, &view, places, UINT32_MAX, 8);
    is_put[4] = rill_view_put(&small, &view, places, 1, 16);
    printf("put: %d %d at %" PRIu32 " %d %d %d", is_put[0], is_put[1], view.at, is_put[2], is_put[3], is_put[4]);
    is_put[5] = rill_view_put(&small, &view, "12345678", 8, 1);
    other.byte_length = 15;
    printf(", full: %d, copied: %d", is_put[5], rill_space_copy(&other, &small));
    other.byte_length = 16;
    is_put[0] = rill_space_copy(&other, &small);
    printf(" %d, %" PRIu32 "\n", is_put[0], other.used);
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "";
    struct journal_result_u32_fault found;
    struct journal_result_entry_string gathered;
    struct my_journal_store_entry wrong;
    struct rill_view list;
    char answer[16];
    uint32_t length = 0;

    put_views();
    begin(path);
    tell("report", report("adc", "a name that is longer than sixteen"));
    tell("search", search("adc", "dac0", &found));
    printf("%d %" PRIu32 "\n", found.is_error, found.value.ok);
    for (last_fault = 0; last_fault < 4; last_fault++) {
        tell("search", search("w\xc3\xb6rld", "x", &found));
        printf("fault %u", found.value.error.tag);
        if (found.value.error.tag == MY_JOURNAL_STORE_FAULT_NAMED) {
            print_text("", &space, found.value.error.value.named);
        } else if (found.value.error.tag == MY_JOURNAL_STORE_FAULT_MANY) {
            const uint16_t *many = (const uint16_t *)rill_view_in(&space, found.value.error.value.many);
            printf(" %u %u %u", many[0], many[1], many[2]);
        } else if (found.value.error.tag == MY_JOURNAL_STORE_FAULT_FULL) {
            printf(" %" PRIu32, found.value.error.value.full);
        }
        printf("\n");
    }
    tell("gather", gather("night", &gathered));
    print_entry(&space, &gathered.value.ok);
    entry_count = 0;
    tell("gather", gather(NULL, &gathered));
    print_text("error", &space, gathered.value.error);
    printf("\n");
    tell("forward", journal_host_call_forward(&host, "u/1", 3, answer, sizeof answer, &length));
    printf("%.*s\n", (int)length, answer);
    tell("forward", journal_host_call_forward(&host, "", 0, answer, sizeof answer, &length));

    /* What goes wrong. */
    answers = NO_LEVEL;
    entry_count = 0;
    tell("no level", report("x", "y"));
    begin(path);
    answers = OUT_OF_SPACE;
    entry_count = 0;
    tell("out of the space", report("x", "y"));
    begin(path);
    answers = NO_TEXT;
    tell("no text", report("a name that is longer than sixteen", "y"));
    begin(path);
    entry_count = 0;
    tell("no room for the firmware", report("a name of a module that is longer than the room, which has no more than "
                                            "128 bytes as this program is compiled, and so is too small",
                                            "y"));
    begin(path);
    memset(&wrong, 0, sizeof wrong);
    wrong.level = 3;
    tell("no value", journal_host_call_report(&host, &wrong, "", 0, &space, &list));
    begin(path);
    wrong.level = 0;
    wrong.module.length = sizeof room + 1u;
    tell("a view that is too long", journal_host_call_report(&host, &wrong, "", 0, &space, &list));
    begin(path);
    entry_count = 0;
    space.byte_length = 48;
    tell("no room for the caller", report("x", "y"));
    space.byte_length = sizeof room;
    begin(path);
    answers = TOO_LONG;
    tell("too long an answer", journal_host_call_forward(&host, "u", 1, answer, sizeof answer, &length));
    begin(path);
    answers = NO_LEVEL;
    entry_count = 2;
    tell("no level, later", gather(NULL, &gathered));
    begin(path);
    last_fault = 4;
    tell("no fault", search("w\xc3\xb6rld", "x", &found));
    journal_host_close(&host);
    journal_host_done_my_journal_net_send(&host, "", 0); /* after its guest has gone: nothing happens */
    return 0;
}
