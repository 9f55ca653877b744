/*
 * calls.c on an ATmega2560: the same lines, over its serial port. There is room for one instance, the one that was made
 * last; nothing but the lines' own hex is read and written, as avr-libc knows no numbers of 64 bits.
 */
#include "calls.h"

#include <avr/io.h>
#include <string.h>

#define CELLS 24
/* Bytes of an instance at most, and what the stack may not come below. */
#define INSTANCE_MAX 2048
#define GUARD 0x5a

static uint64_t room[INSTANCE_MAX / sizeof(uint64_t)];
static uint64_t cells[CELLS];
extern uint8_t __heap_start[];

static const struct rill_port port = {NULL, NULL};
static struct rill_end ends[1];
static struct rill_stream streams[1];
static char last;

static void put(char c)
{
    while ((UCSR0A & _BV(UDRE0)) == 0) {
    }
    UDR0 = (uint8_t)c;
}

static char get(void)
{
    while ((UCSR0A & _BV(RXC0)) == 0) {
    }
    last = (char)UDR0;
    return last;
}

static void put_flash(const char *text)
{
    char c;

    for (; (c = (char)RILL_FLASH_BYTE(text)) != '\0'; text++) {
        put(c);
    }
}

/* A number of that base, up to the character that is none of its digits. */
static uint64_t number(uint8_t base)
{
    uint64_t value = 0;

    for (;;) {
        const char c = get();

        if (c < '0') {
            return value;
        }
        value = value * base + (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
}

static void put_hex(uint64_t value)
{
    uint8_t shift = 64;

    put(' ');
    do {
        const uint8_t digit = (uint8_t)(value >> (shift -= 4)) & 15u;

        put((char)(digit < 10 ? '0' + digit : 'a' - 10 + digit));
    } while (shift != 0);
}

/* SAFETY: the byte lies above all variables; where it is overwritten the program stops, with an answer of its own. */
static void require_stack(void)
{
    if (*__heap_start != GUARD) {
        put_flash(RILL_TEXT("stack overflow\n"));
        for (;;) {
        }
    }
}

static void answer(const struct rill_native *guest, bool is_done, const char *results)
{
    uint8_t i;

    require_stack();
    if (!is_done) {
        put_flash(RILL_TEXT("trap "));
        put_flash(guest->host.trap);
    } else {
        put_flash(RILL_TEXT("ok"));
        for (i = 0; results[i] != '\0'; i++) {
            put_hex(cells[i]);
        }
    }
    put('\n');
}

int main(void)
{
    struct rill_native *const guest = (struct rill_native *)(void *)room;

    *__heap_start = GUARD;
    UBRR0 = 16;
    UCSR0A = _BV(U2X0);
    UCSR0B = _BV(RXEN0) | _BV(TXEN0);
    for (;;) {
        const struct native_module *module = modules[number(10)];

        if (last == '\n') {
            memset(room, GUARD, sizeof room);
            rill_host_init(&guest->host, ends, 1, streams, 1, &port, NULL);
            answer(guest, module->instance_bytes <= sizeof room && module->init(guest), "");
        } else {
            const struct native_export *export = &module->exports[number(10)];
            uint8_t count = 0;

            memset(cells, 0, sizeof cells);
            while (last == ' ') {
                cells[count++] = number(16);
            }
            guest->host.trap = NULL;
            answer(guest, export->call(guest, cells), strchr(export->signature, ')') + 1);
        }
    }
}
