/*
 * A firmware for the world `driver`, on a desktop: sensors and buses as places of its own tables, lent and handed on.
 */
#include "driver_host.h"
#include "start.h"

#include <inttypes.h>

#define MOST 4u

struct sensor {
    bool is_used;
    uint8_t pin;
};

static struct sensor sensors[MOST];
static unsigned buses;
static bool is_waiting;
static bool twins_have_none;
static bool keeps_lent;
static uint32_t waits_for;

static bool find_place(uint8_t pin, uint32_t *index)
{
    uint32_t i;

    for (i = 0; i < MOST; i++) {
        if (!sensors[i].is_used) {
            sensors[i].is_used = true;
            sensors[i].pin = pin;
            *index = i;
            return true;
        }
    }
    return false;
}

static unsigned in_use(void)
{
    unsigned count = buses;
    uint32_t i;

    for (i = 0; i < MOST; i++) {
        count += sensors[i].is_used;
    }
    return count;
}

/// What the guest imports ///

bool my_driver_sensors_sensor_new(struct driver_host *of, uint8_t pin, uint32_t *result)
{
    if (!find_place(pin, result)) {
        of->base.rings.host->trap = "all sensors are taken";
        return false;
    }
    return true;
}

bool my_driver_sensors_sensor_open(struct driver_host *of, const char *name, uint32_t name_length,
                                   struct driver_result_sensor_fault *result)
{
    (void)of;
    (void)name;
    result->is_error = name_length != 3u || !find_place(100, &result->value.ok);
    if (result->is_error) {
        result->value.error = MY_DRIVER_SENSORS_FAULT_NO_SUCH_PIN;
    }
    return true;
}

static void read_sensor(uint32_t index, struct my_driver_sensors_reading *result)
{
    result->at = index;
    result->value = sensors[index].pin;
}

bool my_driver_sensors_sensor_read(struct driver_host *of, uint32_t self, struct my_driver_sensors_reading *result)
{
    uint32_t handle = 0;

    read_sensor(self, result);
    if (keeps_lent) {
        /* As if the guest had been lent another one that it does not give back. */
        return rill_resource_give(&of->resources, 0, RILL_BORROW, self, &handle);
    }
    return true;
}

bool my_driver_sensors_sensor_set_name(struct driver_host *of, uint32_t self, const char *name, uint32_t name_length,
                                       struct rill_space *space, struct driver_result_none_string *result)
{
    (void)of;
    printf("sensor %" PRIu32 " on %u: %.*s\n", self, sensors[self].pin, (int)name_length, name);
    result->is_error = name_length > 3u;
    return !result->is_error || rill_view_put(space, &result->value.error, "long", 4, 1);
}

bool my_driver_sensors_sensor_wait(struct driver_host *of, uint32_t self, int16_t least)
{
    (void)of;
    printf("wait for %d on %u\n", least, sensors[self].pin);
    is_waiting = true;
    waits_for = self;
    return true;
}

bool my_driver_sensors_sensor_twin(struct driver_host *of, uint32_t self)
{
    struct driver_option_sensor twin;

    memset(&twin, 0, sizeof twin);
    twin.is_some = !twins_have_none && find_place((uint8_t)(sensors[self].pin + 50u), &twin.value.some);
    driver_host_done_my_driver_sensors_sensor_twin(of, &twin);
    return true;
}

bool my_driver_sensors_find_bus(struct driver_host *of, uint32_t *result)
{
    (void)of;
    *result = 77;
    buses++;
    return true;
}

bool my_driver_sensors_attach(struct driver_host *of, uint32_t which, uint32_t to, uint8_t *result)
{
    (void)of;
    printf("attach %u to bus %" PRIu32 "\n", sensors[which].pin, to);
    sensors[which].is_used = false; /* it is the firmware's now */
    *result = 1;
    return true;
}

bool my_driver_sensors_compare(struct driver_host *of, uint32_t a, const struct driver_option_sensor_2 *b,
                               int16_t *result)
{
    (void)of;
    *result = b->is_some ? (int16_t)(sensors[b->value.some].pin - sensors[a].pin) : (int16_t)1000;
    return true;
}

bool my_driver_sensors_swap(struct driver_host *of, const struct my_driver_sensors_pair *both,
                            struct my_driver_sensors_pair *result)
{
    (void)of;
    *result = *both;
    if (both->right.is_some) {
        result->left = both->right.value.some;
        result->right.value.some = both->left;
    }
    return true;
}

void my_driver_sensors_sensor_drop(struct driver_host *of, uint32_t index)
{
    (void)of;
    printf("drop sensor on %u\n", sensors[index].pin);
    sensors[index].is_used = false;
}

void my_driver_sensors_bus_drop(struct driver_host *of, uint32_t index)
{
    (void)of;
    printf("drop bus %" PRIu32 "\n", index);
    buses--;
}

/// The board ///

static void sleep_until_interrupt(void)
{
    struct my_driver_sensors_reading reading;

    if (is_waiting) {
        is_waiting = false;
        read_sensor(waits_for, &reading);
        driver_host_done_my_driver_sensors_sensor_wait(&host, &reading);
    }
}

static const struct rill_chip chip = {nothing, nothing, sleep_until_interrupt, NULL, NULL};

static void begin(const char *path)
{
    driver_host_close(&host);
    printf("in use: %u\n", in_use());
    is_waiting = false;
    keeps_lent = false;
    tell("start", driver_host_init(&host, START_ENGINE, start(path), &chip, NULL));
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "";
    struct my_driver_sensors_pair pair;
    struct my_driver_sensors_pair turned;
    int32_t sum = 0;
    int16_t difference = 0;
    uint32_t count = 0;
    uint32_t index = 0;
    uint8_t how;

    begin(path);
    tell("sample", driver_host_call_sample(&host, 5, "adc", 3, &sum));
    printf("%" PRId32 "\n", sum);
    tell("sample", driver_host_call_sample(&host, 6, "other", 5, &sum));
    printf("%" PRId32 "\n", sum);
    tell("together", driver_host_call_together(&host, 20, &difference));
    printf("%d\n", difference);
    tell("settle", driver_host_call_settle(&host, 7, -3, &difference));
    printf("%d\n", difference);
    tell("twins", driver_host_call_twins(&host, 8, &count));
    printf("%" PRIu32 "\n", count);
    twins_have_none = true;
    tell("twins", driver_host_call_twins(&host, 8, &count));
    printf("%" PRIu32 "\n", count);

    (void)find_place(30, &pair.left);
    (void)find_place(31, &index);
    tell("kept", driver_host_call_use_both(&host, pair.left, index, 30, &index));
    printf("%u\n", sensors[index].pin);
    tell("made", driver_host_call_use_both(&host, pair.left, index, 32, &index));
    printf("%u\n", sensors[index].pin);
    memset(&turned, 0, sizeof turned);
    memset(&pair.right, 0, sizeof pair.right);
    pair.right.is_some = true;
    pair.right.value.some = index;
    tell("turn", driver_host_call_turn(&host, &pair, 77, &turned));
    printf("%u %u\n", sensors[turned.left].pin, sensors[turned.right.value.some].pin);
    pair.right.is_some = false;
    tell("turn one", driver_host_call_turn(&host, &pair, 77, &turned));
    printf("%u %d\n", sensors[turned.left].pin, turned.right.is_some);
    memset(sensors, 0, sizeof sensors);
    tell("keep", driver_host_call_keep(&host, 40, 2));
    tell("keep too many", driver_host_call_keep(&host, 42, 3));

    for (how = 0; how < 7; how++) {
        begin(path);
        tell("wrong", driver_host_call_wrong(&host, how));
    }
    begin(path);
    tell("many", driver_host_call_keep(&host, 1, 2));
    tell("many handles", driver_host_call_wrong(&host, 7)); /* two more, and then one more */
    tell("too many handles", driver_host_call_wrong(&host, 7));
    begin(path);
    keeps_lent = true;
    (void)find_place(1, &index);
    tell("not given back", driver_host_call_use_both(&host, index, index, 1, &index));
    memset(sensors, 0, sizeof sensors);
    begin(path);
    driver_host_close(&host);
    printf("in use: %u\n", in_use());
    return 0;
}
