/*
 * Samples of ADC1's channel 0 into the guest `above`, what it answers to a LED on GPIO 2.
 */
#include "above_task.h"

#include <driver/gpio.h>
#include <esp_adc/adc_oneshot.h>
#include <freertos/FreeRTOS.h>
#include <freertos/semphr.h>
#include <freertos/task.h>
#include <stdio.h>

#define LED GPIO_NUM_2

/* Given after each sample: a wake-up between the guest's last look and its sleep is not lost, it is kept. */
static SemaphoreHandle_t moved;

static void nothing(void)
{
}

static void wait(void)
{
    (void)xSemaphoreTake(moved, portMAX_DELAY);
}

static void serve(void *context)
{
    uint8_t *alarm;

    (void)context;
    while (rill_ring_peek(&above_alarms, &alarm) != 0u) {
        (void)gpio_set_level(LED, *alarm);
        rill_ring_skip(&above_alarms, 1u);
    }
}

static void sample(void *context)
{
    adc_oneshot_unit_handle_t unit = NULL;
    adc_oneshot_unit_init_cfg_t unit_config = {.unit_id = ADC_UNIT_1};
    adc_oneshot_chan_cfg_t channel_config = {.atten = ADC_ATTEN_DB_12, .bitwidth = ADC_BITWIDTH_12};
    int value = 0;

    (void)context;
    ESP_ERROR_CHECK(adc_oneshot_new_unit(&unit_config, &unit));
    ESP_ERROR_CHECK(adc_oneshot_config_channel(unit, ADC_CHANNEL_0, &channel_config));
    for (;;) {
        if (adc_oneshot_read(unit, ADC_CHANNEL_0, &value) == ESP_OK) {
            uint16_t item = (uint16_t)value;

            (void)rill_ring_put(&above_samples, &item);
            (void)xSemaphoreGive(moved);
        }
        vTaskDelay(pdMS_TO_TICKS(10));
    }
}

void app_main(void)
{
    static const struct rill_chip chip = {.lock = nothing, .unlock = nothing, .sleep = wait, .serve = serve};
    const char *trap;

    moved = xSemaphoreCreateBinary();
    (void)gpio_set_direction(LED, GPIO_MODE_OUTPUT);
    (void)xTaskCreate(sample, "sample", 4096, NULL, 5, NULL);
    trap = above_run(&chip);
    printf("%s\n", trap == NULL ? "the guest has returned" : trap);
}
