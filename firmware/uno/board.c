/*
 * Arduino Uno: ATmega328P at 16 MHz, 32 KiB of flash, 2 KiB of RAM.
 * Serial line: USART0 on pins 0 (receive) and 1 (transmit), the USB interface's. Tick: timer 1.
 */
#include "../board.h"
#include "rill_flash.h"

#include <avr/interrupt.h>
#include <avr/io.h>

/* The core's 16 MHz, an eighth of it for the timer. */
#define TIMER_HZ 2000000u

/* 115,200 baud, sampled eight times a bit. */
#define BAUD_DIVISOR 16u

const char board_name[] RILL_IN_FLASH = "uno";

void board_init(void)
{
    UBRR0 = BAUD_DIVISOR;
    UCSR0A = _BV(U2X0);
    UCSR0C = _BV(UCSZ01) | _BV(UCSZ00);
    UCSR0B = _BV(RXCIE0) | _BV(RXEN0) | _BV(TXEN0);
    SMCR = _BV(SE);
    sei();
}

void board_uart_put(uint8_t byte)
{
    while ((UCSR0A & _BV(UDRE0)) == 0) {
    }
    UDR0 = byte;
}

void board_tick_start(uint32_t hertz)
{
    TCCR1B = 0;
    if (hertz != 0) {
        OCR1A = (uint16_t)(TIMER_HZ / hertz - 1u);
        TCNT1 = 0;
        TIMSK1 = _BV(OCIE1A);
        /* Begins anew at OCR1A; clock by 8. */
        TCCR1B = _BV(WGM12) | _BV(CS11);
    }
}

ISR(USART_RX_vect)
{
    board_on_receive(UDR0);
}

ISR(TIMER1_COMPA_vect)
{
    board_on_tick();
}
