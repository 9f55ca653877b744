/*
 * The firmware's end of the serial line against damaged lines: a line is taken only as it was sent, whatever bytes
 * come. Prints "ok ..." for each case that holds.
 */
#include "board.h"
#include "link.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define LINES 200000u
#define LINE_MAX 80u

static uint32_t seed = 0x5eedu;

static char sent[16];
static size_t sent_bytes;

void board_uart_put(uint8_t byte)
{
    if (sent_bytes < sizeof sent) {
        sent[sent_bytes++] = (char)byte;
    }
}

static uint32_t draw(uint32_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed % below;
}

/* As a table-free reader of the specification would have it: bit by bit, most significant first. */
static uint32_t crc_of(const char *text, size_t length)
{
    uint32_t crc = 0xFFFFu;
    size_t i;
    int bit;

    for (i = 0; i < length; i++) {
        for (bit = 7; bit >= 0; bit--) {
            const uint32_t in = ((uint32_t)(uint8_t)text[i] >> bit) & 1u;
            const uint32_t out = (crc >> 15) & 1u;

            crc = (crc << 1) & 0xFFFFu;
            if (in != out) {
                crc ^= 0x1021u;
            }
        }
    }
    return crc;
}

/* A line as the computer sends it. @returns its length */
static size_t encode(char *text, char kind, uint8_t stream, char turn, const uint8_t *bytes, size_t length)
{
    size_t at = (size_t)sprintf(text, "%c%02x%c ", kind, stream, turn);
    size_t i;

    for (i = 0; i < length; i++) {
        at += (size_t)sprintf(text + at, "%02x", bytes[i]);
    }
    text[at++] = ' ';
    at += (size_t)sprintf(text + at, "%04x", (unsigned)crc_of(text, at));
    return at;
}

static const struct link_line *receive(const char *text, size_t length)
{
    size_t i;

    for (i = 0; i < length; i++) {
        board_on_receive((uint8_t)text[i]);
    }
    board_on_receive((uint8_t)'\n');
    return link_take();
}

static bool whole_lines(void)
{
    uint32_t n;

    for (n = 0; n < LINES; n++) {
        uint8_t bytes[LINK_PAYLOAD];
        char text[LINE_MAX];
        const size_t length = draw(LINK_PAYLOAD + 1u);
        const uint8_t stream = (uint8_t)draw(256u);
        const char turn = (char)('0' + draw(10u));
        const struct link_line *line;
        size_t i;

        for (i = 0; i < length; i++) {
            bytes[i] = (uint8_t)draw(256u);
        }
        line = receive(text, encode(text, 'i', stream, turn, bytes, length));
        if (line == NULL || line->kind != 'i' || line->stream != stream || line->turn != turn || line->length != length
            || memcmp(line->bytes, bytes, length) != 0) {
            return false;
        }
        link_release();
    }
    return link_noise() == 0u;
}

/* A bit changed, or another length: CRC-16 finds all of the first kind, and lets one in 65,536 of the others by. */
static bool damaged_lines(bool moves)
{
    uint32_t taken = 0;
    uint32_t n;

    for (n = 0; n < LINES; n++) {
        const uint8_t bytes[LINK_PAYLOAD] = {(uint8_t)n, (uint8_t)(n >> 8), 7, 9};
        char text[2u * LINE_MAX];
        /* The longest line, too: what comes behind it finds no room. */
        size_t length = encode(text, 'i', 1, '0', bytes, n % 2u == 0u ? 4u : sizeof bytes);

        if (moves) {
            const size_t to = draw(2u * LINE_MAX);
            const size_t whole = length;

            for (; length < to; length++) {
                text[length] = (char)draw(256u);
                text[length] = (char)(text[length] == '\n' ? ' ' : text[length]);
            }
            length = to == whole ? whole - 1u : to;
        } else {
            const size_t at = draw((uint32_t)length);
            const char to = (char)(text[at] ^ (char)(1u << draw(7u)));

            text[at] = (char)(to == '\n' ? '~' : to);
        }
        if (receive(text, length) != NULL) {
            taken++;
            link_release();
        }
    }
    return moves ? taken < 32u : taken == 0u;
}

static bool random_bytes(void)
{
    uint32_t taken = 0;
    uint32_t n;

    for (n = 0; n < 100u * LINES; n++) {
        const struct link_line *line;

        board_on_receive((uint8_t)draw(256u));
        line = link_take();
        if (line != NULL) {
            taken += line->length <= LINK_PAYLOAD ? 1u : LINES;
            link_release();
        }
    }
    return taken < 32u;
}

/* An image's name is anybody's: it must not end the line that tells it. */
static bool names_stay_on_their_line(void)
{
    sent_bytes = 0;
    link_text_n("a\nready b\x1b[2J\x7f\xe9", 16u);
    return sent_bytes == 15u && memcmp(sent, "a?ready b?[2J??", 15u) == 0;
}

static void check(bool holds, const char *what)
{
    printf("%s %s\n", holds ? "ok" : "FAILED", what);
}

int main(void)
{
    check(whole_lines(), "whole lines of every length arrive as they were sent");
    check(damaged_lines(false), "no line is taken in which a bit is wrong");
    check(damaged_lines(true), "lines that are cut off or go on for too long are not taken");
    check(random_bytes(), "nor is noise");
    check(names_stay_on_their_line(), "a name with control characters stays on its line");
    return 0;
}
