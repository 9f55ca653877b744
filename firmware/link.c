#include "link.h"

#include "board.h"
#include "rill_flash.h"

/* Four characters, blank, payload in hex, blank, CRC. */
#define LINE_HEAD 5u
#define LINE_MAX (LINE_HEAD + 2u * LINK_PAYLOAD + 1u + 4u)
#define CRC_START 0xFFFFu

/* Filled by the receive interrupt until a line is complete, then left alone until it is released. Decoded in place:
 * what a byte decodes to lies before its digits. */
static union {
    char text[LINE_MAX];
    struct link_line line;
} buffer;
static volatile uint8_t line_length;
static volatile uint8_t line_complete;
static uint32_t noise;

void board_on_receive(uint8_t byte)
{
    if (line_complete != 0u) {
        return;
    }
    if (byte == (uint8_t)'\n') {
        line_complete = (uint8_t)(line_length != 0u);
    } else if (line_length < LINE_MAX) {
        buffer.text[line_length] = (char)byte;
        line_length++;
    } else {
        /* Longer than any line: the CRC of what is kept will not hold. */
        buffer.text[0] = '\0';
    }
}

static uint16_t crc16(const char *text, unsigned length)
{
    unsigned crc = CRC_START;
    unsigned bit;

    for (; length != 0u; length--, text++) {
        crc ^= (unsigned)(uint8_t)*text << 8;
        for (bit = 0u; bit < 8u; bit++) {
            crc = (crc & 0x8000u) != 0u ? (crc << 1) ^ 0x1021u : crc << 1;
        }
    }
    return (uint16_t)crc;
}

/* -1 for what is no digit. */
static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Reads `count` bytes of hex; 0 when a character is no digit. */
static int hex_bytes(const char *text, unsigned count, uint8_t *bytes)
{
    for (; count != 0u; count--, text += 2, bytes++) {
        int high = hex_digit(text[0]);
        int low = hex_digit(text[1]);
        if (high < 0 || low < 0) {
            return 0;
        }
        *bytes = (uint8_t)(high * 16 + low);
    }
    return 1;
}

static int decode(void)
{
    const char *text = buffer.text;
    struct link_line *line = &buffer.line;
    unsigned length = line_length;
    uint8_t crc[2];
    uint8_t stream;
    char turn = text[3];

    if (length < LINE_HEAD + 5u || (length & 1u) != 0u || !hex_bytes(text + length - 4u, 2u, crc)) {
        return 0;
    }
    length -= 4u;
    if ((uint16_t)(crc[0] * 256u + crc[1]) != crc16(text, length) || !hex_bytes(text + 1, 1u, &stream)) {
        return 0;
    }
    line->stream = stream;
    line->turn = turn;
    line->length = (uint8_t)((length - LINE_HEAD - 1u) / 2u);
    return hex_bytes(text + LINE_HEAD, line->length, line->bytes);
}

const struct link_line *link_take(void)
{
    if (line_complete == 0u) {
        return NULL;
    }
    if (decode()) {
        return &buffer.line;
    }
    noise++;
    link_release();
    return NULL;
}

void link_release(void)
{
    line_length = 0u;
    line_complete = 0u;
}

int link_arrived(void)
{
    return line_complete != 0u;
}

#ifdef RILL_CONVERSES

int link_is_buffer(const struct link_line *line)
{
    return line == &buffer.line;
}

const struct link_line *link_hold(const struct link_line *line)
{
    buffer.line = *line;
    line_complete = 1u;
    return &buffer.line;
}

#endif

uint32_t link_noise(void)
{
    return noise;
}

void link_text_n(const char *text, size_t limit)
{
    char c;

    for (; limit != 0u && (c = (char)RILL_FLASH_BYTE(text)) != '\0'; limit--, text++) {
        /* A name comes from an image: nothing in it ends the line or moves a terminal's cursor. */
        board_uart_put((uint8_t)(c < ' ' || c > '~' ? '?' : c));
    }
}

void link_text(const char *text)
{
    link_text_n(text, SIZE_MAX);
}

void link_decimal(int32_t value)
{
    uint8_t digits[10];
    uint32_t rest = value < 0 ? 0u - (uint32_t)value : (uint32_t)value;
    unsigned count = 0u;

    do {
        digits[count] = (uint8_t)('0' + rest % 10u);
        count++;
        rest /= 10u;
    } while (rest != 0u);
    if (value < 0) {
        board_uart_put((uint8_t)'-');
    }
    do {
        count--;
        board_uart_put(digits[count]);
    } while (count != 0u);
}

static void put_digit(unsigned value)
{
    value &= 15u;
    board_uart_put((uint8_t)(value < 10u ? '0' + value : 'a' - 10u + value));
}

void link_hex(const uint8_t *bytes, unsigned length)
{
    for (; length != 0u; length--, bytes++) {
        put_digit(*bytes >> 4);
        put_digit(*bytes);
    }
}

void link_hex32(uint32_t value)
{
    unsigned shift;

    for (shift = 32u; shift != 0u; shift -= 4u) {
        put_digit((unsigned)(value >> (shift - 4u)));
    }
}

void link_pair(const char *key, uint32_t value)
{
    board_uart_put((uint8_t)' ');
    link_text(key);
    board_uart_put((uint8_t)'=');
    link_decimal((int32_t)value);
}

void link_end(void)
{
    board_uart_put((uint8_t)'\n');
}
