/*
 * rill-run: parameters and results that are values, between files and the guest.
 *
 * Spec: CanonicalABI.md, "Lifting and Lowering Values": more cells than there may be are in the guest's memory.
 */
#include "run.h"

#include <stdlib.h>
#include <string.h>

/** Values of the host's. */
struct values {
    uint8_t *bytes; /* in canonical layout */
    uint8_t *image; /* the same as the guest has them, on their way from or to core values */
#ifdef RILL_WITH_LISTS
    struct rill_space space;
#endif
};

static struct values make_values(const struct rill_type *type)
{
    struct values made;

    memset(&made, 0, sizeof made);
    made.bytes = calloc(1, type->elem_size);
    made.image = calloc(1, type->elem_size);
    if (made.bytes == NULL || made.image == NULL) {
        fail("out of memory", "");
    }
#ifdef RILL_WITH_LISTS
    made.space = make_space();
#endif
    return made;
}

static void free_values(struct values *values)
{
    free(values->bytes);
    free(values->image);
#ifdef RILL_WITH_LISTS
    free(values->space.bytes);
#endif
}

/** Reads the one chunk of a file. */
static void read_values(const struct file_values *from, struct values *to)
{
    FILE *file = fopen(from->path, "rb");
    uint32_t words[2] = {0, 0};
    bool done = file != NULL && fread(words, sizeof words, 1, file) == 1 && words[0] == 1u
                && fread(to->bytes, from->type->elem_size, 1, file) == 1;

#ifdef RILL_WITH_LISTS
    done = done && words[1] <= to->space.byte_length && fread(to->space.bytes, 1, words[1], file) == words[1];
    to->space.used = words[1];
#endif
    if (!done) {
        fail("holds no values", from->path);
    }
    (void)fclose(file);
}

static void write_values(const struct file_values *to, const struct values *from)
{
    FILE *file = fopen(to->path, "wb");
    uint32_t words[2] = {1, 0};
    bool done;

#ifdef RILL_WITH_LISTS
    words[1] = from->space.used;
#endif
    done = file != NULL && fwrite(words, sizeof words, 1, file) == 1
           && fwrite(from->bytes, to->type->elem_size, 1, file) == 1;
#ifdef RILL_WITH_LISTS
    done = done && fwrite(from->space.bytes, 1, words[1], file) == words[1];
#endif
    if (!done || fclose(file) != 0) {
        fail("cannot be written", to->path);
    }
}

static bool trap(const char *why)
{
    GUEST_HOST->trap = why;
    return false;
}

/** Lowers values for the guest: to its memory at `ptr`, or to `image` when that is not NULL. */
static bool lower(const struct rill_type *type, struct values *from, uint32_t ptr, uint8_t *image)
{
#ifdef RILL_WITH_LISTS
    return rill_lower(GUEST_HOST, type->plan, from->bytes, &from->space, ptr, image);
#else
    return rill_value_copy(type, image != NULL ? image : GUEST_HOST->memory + ptr, from->bytes)
           || trap("a parameter is no value of its type");
#endif
}

static bool lift(const struct rill_type *type, uint32_t ptr, uint8_t *image, struct values *to)
{
#ifdef RILL_WITH_LISTS
    return rill_lift(GUEST_HOST, type->plan, ptr, image, to->bytes, &to->space);
#else
    return rill_value_copy(type, to->bytes, image != NULL ? image : GUEST_HOST->memory + ptr)
           || trap("the result is no value of its type");
#endif
}

/** Room for parameters in the guest's memory. */
static bool allocate(const struct rill_type *type, uint32_t *ptr)
{
#ifdef RILL_WITH_LISTS
    struct rill_way way;

    memset(&way, 0, sizeof way);
    way.host = GUEST_HOST;
    way.to.is_guest = true;
    return rill_way_allocate(&way, type->align, type->elem_size, ptr);
#else
    (void)type;
    (void)ptr;
    return trap("parameters in memory need the host with lists");
#endif
}

/** Makes the inputs' ends; their handles stand among the values. */
static bool give_inputs(struct values *values)
{
    uint32_t i;

    for (i = 0; i < job.input_count; i++) {
        uint32_t handle = 0;

        if (!give_input(&job.inputs[i], &handle)) {
            return false;
        }
        memcpy(values->bytes + job.inputs[i].offset, &handle, sizeof handle);
    }
    return true;
}

static bool lower_cells(struct values *values, uint64_t *cells, uint32_t *count)
{
    const struct rill_type *type = job.params.type;
    uint32_t ptr = 0;

    if (job.params.cells > MAX_CELLS) {
        *count = 1;
        if (!allocate(type, &ptr) || !lower(type, values, ptr, NULL)) {
            return false;
        }
        cells[0] = ptr;
        return true;
    }
    *count = job.params.cells;
    if (!lower(type, values, 0, values->image)) {
        return false;
    }
    rill_flatten(job.params.flat, values->image, cells);
    return true;
}

bool lower_params(uint64_t *cells, uint32_t *count)
{
    struct values values;
    bool done;

    *count = 0;
#ifdef RUN_IMPORTS
    if (job.entry != NULL) {
        return ask_arguments(cells, count);
    }
#endif
    if (job.params.type == NULL) {
        return true;
    }
    values = make_values(job.params.type);
    read_values(&job.params, &values);
    done = give_inputs(&values) && lower_cells(&values, cells, count);
    free_values(&values);
    return done;
}

static bool lift_cells(const uint64_t *cells, uint32_t max_cells, struct values *to)
{
    const struct rill_type *type = job.result.type;
    const struct rill_host *host = GUEST_HOST;
    const uint32_t ptr = (uint32_t)cells[0];

    if (job.result.cells <= max_cells) {
        return rill_unflatten(job.result.flat, cells, to->image)
                   ? lift(type, 0, to->image, to)
                   : trap("the result has a discriminant that its type does not have");
    }
    if (ptr % type->align != 0 || type->elem_size > host->memory_bytes || ptr > host->memory_bytes - type->elem_size) {
        return trap("the place for the result is misaligned or out of memory");
    }
    return lift(type, ptr, NULL, to);
}

bool lift_result(const uint64_t *cells, uint32_t max_cells)
{
    struct values values;
    bool done;

    job.has_returned = true;
#ifdef RUN_IMPORTS
    if (job.entry != NULL) {
        return give_result(cells);
    }
#endif
    if (job.has_output) {
        return take_output((uint32_t)cells[0]);
    }
    if (job.result.type == NULL) {
        return true;
    }
    values = make_values(job.result.type);
    done = lift_cells(cells, max_cells, &values);
    if (done) {
        write_values(&job.result, &values);
    }
    free_values(&values);
    return done;
}
