/*
 * The firmware of a guest that was translated to C: runs it when the computer says so, reports how it ended, and goes
 * on whatever happened to it. The lines are those of link.h; there are no images, so the guest lies at 0.
 */
#include "board.h"
#include "fault.h"
#include "host.h"
#include "session.h"
#include "watchdog.h"
#ifdef RILL_CONVERSES
#include "entry.h"
#include "functions.h"
#endif

/* The codes of guest.h. */
#define ERR_TRAP (-67)
#define ERR_HUNG (-68)
#define ERR_FAULT (-69)
#ifdef RILL_CONVERSES
#define ERR_MISSING (-72)
#endif

static struct host host;
#ifdef RILL_CONVERSES
static bool lacks_functions; /* nobody has a function that the guest imports */
#endif

OUT_OF_LINE static void report_error(int code, const char *word, const char *text)
{
    link_text(RILL_TEXT("error "));
    link_decimal(code);
    board_uart_put((uint8_t)' ');
    link_text(word);
    link_text(RILL_TEXT(" 0 "));
    link_text(native_guest.name);
    board_uart_put((uint8_t)' ');
    link_text(text);
    link_end();
}

OUT_OF_LINE static void report_stack(void)
{
    link_pair(RILL_TEXT("stack"), stack_used());
    link_end();
}

OUT_OF_LINE static void report_end(void)
{
    struct feed_counts counts = feed_count(0u);

    link_text(RILL_TEXT("end "));
    link_text(native_guest.name);
    link_text(RILL_TEXT(" guest=0"));
    link_pair(RILL_TEXT("in"), host_count().items_in);
    link_pair(RILL_TEXT("out"), host_count().items_out);
    link_pair(RILL_TEXT("dropped"), counts.dropped);
    link_pair(RILL_TEXT("ticks"), feed_ticks());
#ifdef RILL_SUBTASKS
    link_pair(RILL_TEXT("wakes"), feed_wakes());
#endif
    link_pair(RILL_TEXT("noise"), link_noise());
    report_stack();
}

/* Waits for the line `g`. */
OUT_OF_LINE static void await_order(void)
{
    struct feed_order order;
#ifdef RILL_CONVERSES
    const uint32_t missing = functions_name_missing();
#endif

    link_text(RILL_TEXT("ready "));
    link_text(native_guest.name);
    link_text(RILL_TEXT(" at=0"));
    report_stack();
    order = take_order();
    feed_reset(&order);
    host_quiet(order.policy >= FEED_READY);
#ifdef RILL_CONVERSES
    lacks_functions = missing != 0u && order.has_functions == 0u;
#endif
}

#ifndef RILL_CONVERSES
static int call_guest(void *context)
{
    return native_guest.run(context) ? 1 : 0;
}
#endif

static void run_guest(void)
{
#ifdef RILL_CONVERSES
    uint32_t *arguments = native_more.words;
    struct entry_call call = {native_guest.instance, arguments, native_guest.instance};
#else
    uint32_t arguments[FEED_MAX] = {0u};
#endif
    int done;
    int closed;

    await_order();
#ifdef RILL_CONVERSES
    if (lacks_functions) {
        report_error(ERR_MISSING, RILL_TEXT("missing"), RILL_TEXT(""));
        return;
    }
#endif
    host_open(&host);
    if (!native_guest.init() || !host_begin(&host, arguments)) {
        report_error(ERR_TRAP, RILL_TEXT("trap"), RILL_TEXT("entry"));
        return;
    }
    feed_start();
#ifdef RILL_CONVERSES
    done = watchdog_run(entry_run, &call, feed_tick_rate() / WATCHDOG_DIVISOR);
#else
    done = watchdog_run(call_guest, arguments, feed_tick_rate() / WATCHDOG_DIVISOR);
#endif
    closed = host_end(&host);
    board_tick_start(0u);
    if (done < 0) {
        report_error(ERR_HUNG, RILL_TEXT("hung"), RILL_TEXT("no progress"));
    } else if (done == 0) {
#ifdef RILL_CONVERSES
        if ((native_more.entry.flags & RILL_ENTRY_ARENA) != 0u) {
            remote_report_lack(&native_guest.instance->host);
        }
#endif
        report_error(ERR_TRAP, RILL_TEXT("trap"), native_guest.instance->host.trap);
    } else if (!closed) {
        report_error(ERR_TRAP, RILL_TEXT("trap"), RILL_TEXT("streams left open"));
    } else {
        report_end();
    }
}

int main(void)
{
    uint32_t faulted;

    board_init();
    faulted = rill_fault_take();
    link_text(RILL_TEXT("rill 1 "));
    link_text(board_name);
    link_pair(RILL_TEXT("stack"), stack_bytes());
    link_end();
    if (faulted != 0u) {
        report_error(ERR_FAULT, RILL_TEXT("fault"), RILL_TEXT("hardware fault"));
    } else {
        rill_fault_watch(1u);
        run_guest();
        rill_fault_watch(0u);
    }
    link_text(RILL_TEXT("done"));
    link_end();
    rest();
}
