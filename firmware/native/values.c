#include "native/values.h"

#include "host.h"
#include "remote.h"

/* Keeps what only a conversation needs off the stack below the guest. */
#define OUT_OF_LINE __attribute__((noinline))

/* @param why a RILL_TEXT, or NULL. @returns whether it is NULL */
static bool settle(const char *why)
{
    struct rill_host *host = &native_guest.instance->host;

    if (why != NULL && host->trap == NULL) {
        host->trap = why;
    }
    return why == NULL;
}

static bool give_result(const uint64_t *cells)
{
    struct remote remote = {native_guest.instance, NULL, NULL, 0u, 0u};

    return settle(remote_ask(&remote, RILL_TEXT("result"), NULL, cells, native_more.result_cells));
}

bool values_returned(struct rill_native *guest, const uint64_t *values)
{
    (void)guest;
    if (host_has_answered != 0u) {
        return settle(RILL_TEXT("task.return again"));
    }
    host_has_answered = 1u;
    return give_result(values);
}

bool values_answer(const uint64_t *cell)
{
    return give_result(cell);
}

OUT_OF_LINE static bool give_arguments(void)
{
    struct remote remote = {native_guest.instance, native_guest.instance, native_more.words, native_more.word_count,
                            0u};

    return settle(remote_ask(&remote, RILL_TEXT("args"), NULL, NULL, 0u));
}

int values_run(void)
{
    struct rill_host *host = &native_guest.instance->host;

    host_has_answered = 0u;
    if (native_more.word_count > native_guest.param_count && !give_arguments()) {
        return 0;
    }
    if ((native_more.flags & NATIVE_SYNC) != 0u) {
        rill_host_may_block(host, false);
    }
    if (!native_guest.run(native_more.words)) {
        return 0;
    }
    if ((native_more.flags & (NATIVE_SYNC | NATIVE_VALUE)) == NATIVE_VALUE && host_has_answered == 0u) {
        return settle(RILL_TEXT("the task ends without task.return"));
    }
    return 1;
}
