#include "remote.h"

#include "board.h"
#ifdef RILL_SUBTASKS
#include "calls.h"
#endif
#include "core.h"
#include "feed.h"
#include "host.h"
#include "link.h"
#include "remote_ends.h"
#include "watchdog.h"

#include <string.h>

static const char bad_order[] RILL_IN_FLASH = "bad order from the computer";

/* Of the conversation's last line; the computer answers with it. */
static char turn(void)
{
    return (char)('0' + (host_turns & 1u));
}

static uint32_t word_at(const uint8_t *bytes)
{
    uint32_t word;

    /* Boards are little-endian, as the line is. */
    (void)memcpy(&word, bytes, sizeof word);
    return word;
}

static void begin_line(const char *word)
{
    host_turns++;
    link_text(word);
    board_uart_put((uint8_t)' ');
    board_uart_put((uint8_t)turn());
    board_uart_put((uint8_t)' ');
}

/* Sleeps until the computer's next order is there. @returns it, until link_release */
static const struct link_line *await_line(void)
{
    uint32_t noise = link_noise();

    for (;;) {
        const struct link_line *line = link_take();

        if (line != NULL && line->kind == 'c' && line->turn == turn()) {
            return line;
        }
        if (line != NULL) {
            /* A repetition that was overtaken by its answer, or items, which feed.c asks for again. */
#ifdef RILL_SUBTASKS
            host_has_answers |= (uint8_t)(line->kind == 'p');
#endif
            link_release();
        } else if (noise != link_noise()) {
            noise = link_noise();
            link_text(RILL_TEXT("again"));
            link_end();
        }
        core_lock();
        if (link_arrived() == 0) {
            core_sleep_locked();
        }
        core_unlock();
    }
}

/* The guest's bytes from `ptr` on; NULL where they are not all its own. */
static uint8_t *memory_at(const struct remote *remote, uint32_t ptr, uint32_t length)
{
    const struct rill_host *host = &remote->guest->host;

    return length <= host->memory_bytes && ptr <= host->memory_bytes - length ? host->memory + ptr : NULL;
}

/* Runs the guest's allocator, whose result goes to `cells[0]`. @returns false when it traps */
#ifdef RILL_FIRMWARE_NATIVE
static bool allocate(remote_env env, uint32_t cells[4])
{
#ifdef RILL_WITH_LISTS
    struct rill_way way = {&env->host, {NULL, false}, {NULL, true}};
    bool is_done;

    watchdog_arm(1);
    is_done = rill_way_allocate(&way, cells[2], cells[3], &cells[0]);
    watchdog_arm(0);
    return is_done;
#else
    (void)env;
    (void)cells;
    return false;
#endif
}
#else
static bool allocate(remote_env env, uint32_t cells[4])
{
    wasm_function_inst_t allocator = wasm_runtime_lookup_function(wasm_runtime_get_module_inst(env), "cabi_realloc");
    bool is_done;

    watchdog_arm(1);
    is_done = allocator != NULL && wasm_runtime_call_wasm(env, allocator, 4u, cells);
    watchdog_arm(0);
    return is_done;
}
#endif

/* Says that an order is done. */
static const char *done(const uint8_t *answer, uint32_t length)
{
    begin_line(RILL_TEXT("has"));
    link_hex(answer, (unsigned)length);
    link_end();
    return NULL;
}

static const char *serve_read(const struct remote *remote, const struct link_line *line)
{
    const uint32_t length = line->bytes[4];
    const uint8_t *at = memory_at(remote, word_at(line->bytes), length);

    link_release();
    return at != NULL ? done(at, length) : bad_order;
}

static const char *serve_write(const struct remote *remote, const struct link_line *line)
{
    const uint32_t length = line->length - 4u;
    uint8_t *at = memory_at(remote, word_at(line->bytes), length);

    if (at != NULL) {
        (void)memcpy(at, line->bytes + 4, (size_t)length);
    }
    link_release();
    return at != NULL ? done(NULL, 0u) : bad_order;
}

static const char *serve_arguments(const struct remote *remote, const struct link_line *line)
{
    const uint32_t length = line->length - 1u;
    const uint32_t place = line->bytes[0];
    const int fits = remote->words != NULL && place + length / 4u <= remote->word_count;

    if (fits && remote->words != NULL) {
        (void)memcpy(remote->words + place, line->bytes + 1, (size_t)length);
    }
    link_release();
    return fits ? done(NULL, 0u) : bad_order;
}

/* The guest's own code runs in it, on top of all that is on the stack: its frame is kept small. */
static const char *serve_allocate(const struct remote *remote, const struct link_line *line)
{
    uint32_t cells[4] = {0u, 0u, word_at(line->bytes), word_at(line->bytes + 4)};

    link_release();
    if (!allocate(remote->env, cells)) {
        return RILL_TEXT("cabi_realloc traps");
    }
    return done((const uint8_t *)cells, sizeof cells[0]);
}

#ifdef RILL_IMAGE_FUNCTIONS
/* Gives an end, or takes one. */
static const char *serve_end(const struct remote *remote, const struct link_line *line)
{
    uint32_t answer[2] = {0u, 0u};
    const uint8_t what = line->bytes[0];
    const int gives = line->stream == REMOTE_GIVE;
    const char *why;

    answer[1] = word_at(line->bytes + 1);
    link_release();
    if (host_end_places == 0u) {
        return bad_order;
    }
    why = gives ? remote_ends_give(remote->guest, what, answer) : remote_ends_take(remote->guest, what, answer);
    return why != NULL ? why : done((const uint8_t *)answer, sizeof answer);
}
#endif

static const char *obey(const struct remote *remote, const struct link_line *line)
{
    const uint32_t length = line->length;

    switch (line->stream) {
    case REMOTE_READ:
        if (length == 5u) {
            return serve_read(remote, line);
        }
        break;
    case REMOTE_WRITE:
        if (length >= 4u) {
            return serve_write(remote, line);
        }
        break;
    case REMOTE_ALLOCATE:
        if (length == 8u && remote->env != NULL) {
            return serve_allocate(remote, line);
        }
        break;
    case REMOTE_ARGUMENTS:
        if ((length & 3u) == 1u) {
            return serve_arguments(remote, line);
        }
        break;
#ifdef RILL_IMAGE_FUNCTIONS
    case REMOTE_GIVE:
    case REMOTE_TAKE:
        if (length == 5u) {
            return serve_end(remote, line);
        }
        break;
#endif
    case REMOTE_REFUSE:
        link_release();
        return RILL_TEXT("refused by the computer");
    default:
        break;
    }
    link_release();
    return bad_order;
}

static const char *converse(struct remote *remote)
{
    for (;;) {
        const struct link_line *line = await_line();
        const char *why;

        if (line->stream == REMOTE_ANSWER && line->length <= sizeof remote->result) {
            remote->result = 0u;
            (void)memcpy(&remote->result, line->bytes, line->length);
            link_release();
            return NULL;
        }
        why = obey(remote, line);
        if (why != NULL) {
            return why;
        }
    }
}

const char *remote_ask(struct remote *remote, const char *word, const uint8_t *hash, const uint64_t *cells,
                       uint32_t count)
{
    const uint32_t paused = watchdog_pause();
    struct link_line *loan = NULL;
    const char *why;

    /* Items that wait in the line's buffer: of WAMR in the pool, for the guest's allocator may need the stack. */
#ifdef RILL_FIRMWARE_NATIVE
    struct link_line room;

    if (feed_is_staged() != 0) {
        loan = &room;
    }
#else
    if (feed_is_staged() != 0) {
        loan = wasm_runtime_malloc(sizeof *loan);
        if (loan == NULL) {
            return "no room";
        }
    }
#endif
    feed_lend(loan);
    begin_line(word);
    if (hash != NULL) {
        link_hex(hash, 4u);
    }
    board_uart_put((uint8_t)' ');
    link_hex((const uint8_t *)cells, (unsigned)(count * sizeof *cells));
    link_end();
    why = converse(remote);
    if (loan != NULL) {
        feed_restore(loan);
#ifndef RILL_FIRMWARE_NATIVE
        wasm_runtime_free(loan);
#endif
    }
    watchdog_resume(paused);
    return why;
}

void remote_report_lack(const struct rill_host *host)
{
    uint32_t missing = 0u;

    if (host->memory_bytes >= sizeof missing) {
        (void)memcpy(&missing, host->memory, sizeof missing);
    }
    if (missing != 0u) {
        link_text(RILL_TEXT("lacks "));
        link_decimal((int32_t)missing);
        link_end();
    }
}

#ifdef RILL_SUBTASKS

/* Of a call that has an answer, or of an end that is no longer late. */
static void take_news(const struct rill_host *host, uint32_t number)
{
#ifdef RILL_IMAGE_FUNCTIONS
    if ((number & REMOTE_END) != 0u) {
        remote_ends_wake(host, number ^ REMOTE_END);
        return;
    }
#endif
    calls_return(host, number);
}

int remote_take_answers(remote_guest *guest, remote_env env)
{
    int has_returned = 0;

    while (host_has_answers != 0u && guest->host.trap == NULL) {
        struct remote remote = {guest, env, NULL, 0u, 0u};

        guest->host.trap = remote_ask(&remote, RILL_TEXT("next"), NULL, NULL, 0u);
        if (remote.result == 0u) {
            host_has_answers = 0u;
        } else {
            take_news(&guest->host, (uint32_t)remote.result);
            has_returned = 1;
        }
    }
    return has_returned;
}

#endif
