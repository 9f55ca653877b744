/**
 * Just enough of Zephyr, ESP-IDF and Arduino for their entry points and samples to be read: names and shapes
 * of what is used, as the three document them.
 */

/** A project that reads the module in `module` as Zephyr does. */
export function zephyrMacros(module: string): string {
  return `cmake_minimum_required(VERSION 3.15)
project(zephyr C)
add_library(zephyr STATIC none.c)
macro(zephyr_include_directories)
  target_include_directories(zephyr PUBLIC \${ARGN})
endmacro()
macro(zephyr_compile_definitions)
  target_compile_definitions(zephyr PUBLIC \${ARGN})
endmacro()
macro(zephyr_library_named name)
  set(ZEPHYR_CURRENT_LIBRARY \${name})
  add_library(\${name} STATIC)
  target_link_libraries(\${name} PUBLIC zephyr)
endmacro()
macro(zephyr_library_sources)
  target_sources(\${ZEPHYR_CURRENT_LIBRARY} PRIVATE \${ARGN})
endmacro()
add_subdirectory(${module} module)
`;
}

/**
 * What reads the component in `component` as ESP-IDF does.
 * @param when early: the first time, as a script that asks for requirements
 */
export function idfMacros(component: string, when: "early" | "build" = "build"): string {
  if (when === "early")
    return `set(ESP_PLATFORM 1)
set(CMAKE_BUILD_EARLY_EXPANSION 1)
function(idf_component_register)
  message(STATUS "\${ARGN}")
endfunction()
include(${component}/CMakeLists.txt)
`;
  return `cmake_minimum_required(VERSION 3.16)
project(idf C)
set(ESP_PLATFORM 1)
function(idf_component_register)
  cmake_parse_arguments(_ "" "" "SRCS;INCLUDE_DIRS" \${ARGN})
  add_library(__idf_rill STATIC \${__SRCS})
  target_include_directories(__idf_rill PUBLIC \${__INCLUDE_DIRS})
  set(COMPONENT_LIB __idf_rill PARENT_SCOPE)
endfunction()
add_subdirectory(${component} rill)
`;
}

/** Zephyr's headers, by path. */
export const zephyrHeaders: Readonly<Record<string, string>> = {
  "zephyr/kernel.h": `#include <stddef.h>
#include <stdint.h>
struct k_sem { int count; };
typedef struct { int ticks; } k_timeout_t;
#define K_FOREVER ((k_timeout_t){-1})
#define K_SEM_DEFINE(name, initial, limit) struct k_sem name = {initial}
int k_sem_take(struct k_sem *sem, k_timeout_t timeout);
void k_sem_give(struct k_sem *sem);
int32_t k_msleep(int32_t ms);
typedef void (*k_thread_entry_t)(void *, void *, void *);
#define K_THREAD_DEFINE(name, stack, entry, p1, p2, p3, priority, options, delay) \\
  const k_thread_entry_t name = entry
#define ARG_UNUSED(x) (void)(x)
void printk(const char *format, ...);
`,
  "zephyr/drivers/adc.h": `#include <stdint.h>
#include <stddef.h>
struct adc_sequence { const void *options; uint32_t channels; void *buffer; size_t buffer_size; uint8_t resolution; };
struct adc_dt_spec { const void *dev; uint8_t channel_id; };
#define ADC_DT_SPEC_GET(node) {0, 0}
#define DT_PATH(...) 0
int adc_channel_setup_dt(const struct adc_dt_spec *spec);
int adc_sequence_init_dt(const struct adc_dt_spec *spec, struct adc_sequence *sequence);
int adc_read_dt(const struct adc_dt_spec *spec, const struct adc_sequence *sequence);
`,
  "zephyr/drivers/gpio.h": `#include <stdint.h>
typedef uint32_t gpio_flags_t;
struct gpio_dt_spec { const void *port; uint8_t pin; };
#define GPIO_DT_SPEC_GET(node, property) {0, 0}
#define DT_ALIAS(name) 0
#define GPIO_OUTPUT_INACTIVE 1u
int gpio_pin_set_dt(const struct gpio_dt_spec *spec, int value);
int gpio_pin_configure_dt(const struct gpio_dt_spec *spec, gpio_flags_t flags);
`,
};

/** ESP-IDF's headers, by path. */
export const idfHeaders: Readonly<Record<string, string>> = {
  "driver/gpio.h": `#include <stdint.h>
typedef int esp_err_t;
#define ESP_OK 0
#define ESP_ERROR_CHECK(x) do { if ((x) != ESP_OK) { __builtin_trap(); } } while (0)
typedef enum { GPIO_NUM_2 = 2 } gpio_num_t;
typedef enum { GPIO_MODE_OUTPUT = 2 } gpio_mode_t;
esp_err_t gpio_set_level(gpio_num_t number, uint32_t level);
esp_err_t gpio_set_direction(gpio_num_t number, gpio_mode_t mode);
`,
  "esp_adc/adc_oneshot.h": `#include <stdint.h>
typedef struct adc_unit *adc_oneshot_unit_handle_t;
typedef enum { ADC_UNIT_1 } adc_unit_t;
typedef enum { ADC_CHANNEL_0 } adc_channel_t;
typedef enum { ADC_ATTEN_DB_12 = 3 } adc_atten_t;
typedef enum { ADC_BITWIDTH_12 = 12 } adc_bitwidth_t;
typedef struct { adc_unit_t unit_id; int clk_src; int ulp_mode; } adc_oneshot_unit_init_cfg_t;
typedef struct { adc_atten_t atten; adc_bitwidth_t bitwidth; } adc_oneshot_chan_cfg_t;
esp_err_t adc_oneshot_new_unit(const adc_oneshot_unit_init_cfg_t *config, adc_oneshot_unit_handle_t *unit);
esp_err_t adc_oneshot_config_channel(adc_oneshot_unit_handle_t, adc_channel_t, const adc_oneshot_chan_cfg_t *);
esp_err_t adc_oneshot_read(adc_oneshot_unit_handle_t unit, adc_channel_t channel, int *value);
`,
  "freertos/FreeRTOS.h": `#include <stdint.h>
typedef uint32_t TickType_t;
typedef int BaseType_t;
typedef unsigned UBaseType_t;
#define portMAX_DELAY 0xffffffffu
#define pdMS_TO_TICKS(ms) ((TickType_t)(ms))
`,
  "freertos/semphr.h": `typedef struct queue *SemaphoreHandle_t;
SemaphoreHandle_t xSemaphoreCreateBinary(void);
BaseType_t xSemaphoreTake(SemaphoreHandle_t semaphore, TickType_t ticks);
BaseType_t xSemaphoreGive(SemaphoreHandle_t semaphore);
`,
  "freertos/task.h": `typedef void (*TaskFunction_t)(void *);
typedef struct task *TaskHandle_t;
BaseType_t xTaskCreate(TaskFunction_t, const char *, uint32_t, void *, UBaseType_t, TaskHandle_t *);
void vTaskDelay(TickType_t ticks);
`,
};

/** What Arduino puts before a sketch. */
export const arduinoHeaders: Readonly<Record<string, string>> = {
  "Arduino.h": `#include <stdint.h>
#define HIGH 1
#define LOW 0
#define OUTPUT 1
#define A0 14
#define LED_BUILTIN 13
void pinMode(int pin, int mode);
int analogRead(int pin);
void digitalWrite(int pin, int level);
`,
};
