/*
 * Samples of the board's first ADC channel into the guest `above`, what it answers to led0.
 */
#include "above_task.h"

#include <zephyr/drivers/adc.h>
#include <zephyr/drivers/gpio.h>
#include <zephyr/kernel.h>

static const struct adc_dt_spec channel = ADC_DT_SPEC_GET(DT_PATH(zephyr_user));
static const struct gpio_dt_spec led = GPIO_DT_SPEC_GET(DT_ALIAS(led0), gpios);

/* Given after each sample: a wake-up between the guest's last look and its sleep is not lost, it is counted. */
K_SEM_DEFINE(moved, 0, 1);

static void nothing(void)
{
}

static void wait(void)
{
    (void)k_sem_take(&moved, K_FOREVER);
}

static void serve(void *context)
{
    uint8_t *alarm;

    ARG_UNUSED(context);
    while (rill_ring_peek(&above_alarms, &alarm) != 0u) {
        (void)gpio_pin_set_dt(&led, *alarm);
        rill_ring_skip(&above_alarms, 1u);
    }
}

static void sample(void *unused1, void *unused2, void *unused3)
{
    uint16_t value = 0u;
    struct adc_sequence sequence = {.buffer = &value, .buffer_size = sizeof(value)};

    ARG_UNUSED(unused1);
    ARG_UNUSED(unused2);
    ARG_UNUSED(unused3);
    (void)adc_channel_setup_dt(&channel);
    (void)adc_sequence_init_dt(&channel, &sequence);
    for (;;) {
        if (adc_read_dt(&channel, &sequence) == 0) {
            (void)rill_ring_put(&above_samples, &value);
            k_sem_give(&moved);
        }
        k_msleep(10);
    }
}

K_THREAD_DEFINE(sampler, 1024, sample, NULL, NULL, NULL, 7, 0, 0);

int main(void)
{
    static const struct rill_chip chip = {.lock = nothing, .unlock = nothing, .sleep = wait, .serve = serve};
    const char *trap;

    (void)gpio_pin_configure_dt(&led, GPIO_OUTPUT_INACTIVE);
    trap = above_run(&chip);
    printk("%s\n", trap == NULL ? "the guest has returned" : trap);
    return 0;
}
