#include "fault.h"

#include "core.h"

#define FAULT_MAGIC 0x46415554u

/* Survives a reset; garbage after power-on, which the magic number and its complement tell apart. */
static struct {
    uint32_t magic;
    uint32_t image;
    uint32_t check;
} fault_note __attribute__((section(".noinit")));

static uint32_t running;

void rill_fault_restart(void)
{
    fault_note.magic = FAULT_MAGIC;
    fault_note.image = running;
    fault_note.check = ~running;
    core_restart();
}

void rill_fault_watch(uint32_t image)
{
    running = image;
}

uint32_t rill_fault_take(void)
{
    uint32_t image = 0u;

    if (fault_note.magic == FAULT_MAGIC && fault_note.check == ~fault_note.image) {
        image = fault_note.image;
    }
    fault_note.magic = 0u;
    return image;
}
