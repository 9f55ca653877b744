/* Guests: from an image in flash to live instances, on WAMR or of machine code, and back to free memory. */
#ifndef RILL_GUEST_H
#define RILL_GUEST_H

#include "host.h"
#include "rill_image.h"

#include <stdint.h>

/// Errors, beside those of rill_image.h ///

#define GUEST_ERR_LOAD (-64)     /* the loader refuses the module */
#define GUEST_ERR_UNLINKED (-65) /* an import has no native */
#define GUEST_ERR_INSTANCE (-66) /* no room for the instance */
#define GUEST_ERR_TRAP (-67)     /* the guest trapped */
#define GUEST_ERR_HUNG (-68)     /* the guest made no progress and was cut off */
#define GUEST_ERR_FAULT (-69)    /* the guest's run ended in a hardware fault, the chip was restarted */
#define GUEST_ERR_TYPE (-70)     /* a stream of the guest has items that the serial line cannot carry */
#define GUEST_ERR_ENGINE (-71)   /* the firmware has nothing that runs such a module */
#define GUEST_ERR_MISSING (-72)  /* imports functions that the firmware lacks, and the computer answers no calls */
#define GUEST_ERR_ROW (-73)      /* cannot be in a row, or has no image in front of it whose stream it could take */

/** Live instances at most. */
#ifndef GUEST_MAX
#define GUEST_MAX 200u
#endif

/** Bytes of text that explain an error, the closing zero included. */
#ifndef GUEST_TEXT
#define GUEST_TEXT 64u
#endif

/** One live instance: its host, its handles and its place in the list. In the pool. */
struct guest {
    struct host host;
#ifdef RILL_ALLOW_NATIVE
    struct rill_image_native *instance;
#else
    wasm_module_inst_t instance;
#endif
    struct guest *next;
    struct rill_end ends[]; /* as many as the image needs; behind them places for calls, and its entry's parameters */
};

/** A loaded image and its live instances. */
struct guest_set {
    struct rill_image image;
#ifdef RILL_ALLOW_NATIVE
    uint8_t *free; /* the pool, from here on */
#else
    wasm_module_t module;
    wasm_exec_env_t env; /* one for all: a guest leaves it empty between its calls */
    uint8_t *copy;       /* the module in the pool, where the interpreter writes to it; NULL when it runs from flash */
#endif
    struct guest *first;
    uint32_t count;
    char text[GUEST_TEXT]; /* why, after an error */
};

/** Loads an image. @returns 0 or a GUEST_ERR_* code; in both cases guest_unload is due. */
int guest_load(struct guest_set *set);

#ifdef RILL_WITH_PIPES
/** The same of an image in a row, whose items need not fit the serial line. */
int guest_load_in_row(struct guest_set *set);

/** Notes why. @returns `code` */
int guest_failed(struct guest_set *set, int code, const char *why);
#endif

/** Makes one more live instance. @returns 0, or GUEST_ERR_INSTANCE and nothing is changed */
int guest_add(struct guest_set *set);

/** Runs a task of `guest` to its end. @returns 0, GUEST_ERR_TRAP or GUEST_ERR_HUNG: it must not run again */
int guest_run(struct guest_set *set, struct guest *guest);

/** Takes everything away. */
void guest_unload(struct guest_set *set);

#endif
