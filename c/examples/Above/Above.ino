/*
 * Samples of A0 into the guest `above`, what it answers to the board's LED. README.md beside this folder says which
 * command puts the guest here.
 */
#include "above_task.h"

static void nothing() {}

/* Samples and shows what came, each time that the guest waits: there is no operating system to sleep in. */
static void serve(void *) {
  uint16_t sample = (uint16_t)(analogRead(A0) << 2);
  uint8_t *alarm;
  rill_ring_put(&above_samples, &sample);
  while (rill_ring_peek(&above_alarms, &alarm) != 0) {
    digitalWrite(LED_BUILTIN, *alarm ? HIGH : LOW);
    rill_ring_skip(&above_alarms, 1);
  }
}

static const struct rill_chip chip = {nothing, nothing, nothing, nullptr, serve};

void setup() {
  pinMode(LED_BUILTIN, OUTPUT);
}

void loop() {
  above_run(&chip);
}
