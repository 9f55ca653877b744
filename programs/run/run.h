/*
 * What the files of rill-run share: what there is to do, and the host's ends with the files behind them.
 */
#ifndef RUN_H
#define RUN_H

#include "rill_call.h"
#ifdef RUN_NATIVE
#include "rill_native.h"
#else
#include "rill_wamr.h"
#endif

#include <stdio.h>

/** Whoever started the program answers the guest's calls of imports, and more: see remote.h. */
#if defined(RILL_WITH_CALLS) && defined(RILL_WITH_LISTS) && defined(RILL_WITH_TASKS)
#define RUN_IMPORTS
#endif

/** Places for a guest's handles, and for its streams. */
#ifdef RUN_IMPORTS
#define RUN_HANDLES 4096
#define RUN_STREAMS 2048
#else
#define RUN_HANDLES 32
#define RUN_STREAMS 16
#endif

/** Guests in a row, each one's stream goes into the next: see pipe.c. */
#ifdef RUN_PIPES
#include "rill_pipe.h"
#define MAX_WORKS 16u
#else
#define MAX_WORKS 1u
#endif

#define MAX_TYPES 1024u
#define MAX_IMPORTS 4096u
#define MAX_PARAMS 16u
#define MAX_ENTRIES 256u
/** Cells of a parameter list or result that is not in memory, at most. */
#define MAX_CELLS RILL_MAX_FLAT_PARAMS

/** One of the host's ends, and the file that its items come from or go to. */
struct file_end {
    struct rill_end end;
    const struct rill_type *type; /* NULL without element type: then each item is a byte of the file, if there is one */
    const char *path;             /* NULL: there is none */
    uint8_t *buffer;
    uint64_t units;  /* of an input without element type and file: items that are left */
    uint64_t items;  /* that went through */
    uint32_t first;  /* of an input: the item in the buffer that comes next */
    uint32_t filled; /* of an input: items in the buffer from there on */
    uint32_t last;   /* of an input: items that were read at once */
    uint32_t part;   /* of an input: bytes behind those, of an item that has not come whole */
    uint32_t offset; /* of an input: where its handle stands among the parameters */
    int descriptor;
    bool is_over; /* of an input: nothing comes any more */
    bool is_output;
    bool is_future;
    bool is_piped;  /* another guest has the other end: nothing is the host's */
    bool has_texts; /* its items hold strings or lists */
    bool is_copying;
#ifdef RILL_WITH_LISTS
    struct rill_space space;
#endif
};

/** The values of the parameters or of the result: a tuple in a file. */
struct file_values {
    const struct rill_type *type; /* NULL: there are none */
    const uint16_t *flat;         /* their flat plan, see rill_call.h */
    const char *path;
    uint32_t cells;
};

#ifdef RUN_IMPORTS
/** A function that the guest imports. */
struct imported_function {
    const char *destructor; /* of a drop of one of the guest's own resources: the export that ends it; else NULL */
    uint32_t cells;         /* core values that it takes */
    bool has_result;        /* a core value */
    bool is_lowered_async;  /* the guest has declared it with the option */
    bool may_wait;          /* its type is async: it may answer later */
};

/** A function that is called when whoever started the program says so. */
struct entry {
    const char *name;
    const char *params; /* a letter for each core value: i, I, f, F */
    uint32_t results;   /* core values that it answers with */
    bool is_sync;
    bool is_callback;
};
#endif

/** What the descriptor says, and how far the run has come. */
struct work {
    struct rill_type types[MAX_TYPES];
    bool has_texts[MAX_TYPES];
#ifndef RUN_NATIVE
    struct rill_import imports[MAX_IMPORTS];
    NativeSymbol natives[MAX_IMPORTS];
#endif
#ifdef RUN_IMPORTS
    struct imported_function *functions[MAX_IMPORTS]; /* NULL of built-ins */
    struct entry entries[MAX_ENTRIES];
    const struct entry *entry; /* the one that runs; NULL: `call` is all that is called */
    uint32_t entry_count;
#endif
    struct file_end inputs[MAX_PARAMS];
    struct file_end output;
    struct file_values params;
    struct file_values result;
    const char *call;
    uint64_t limit;
    uint32_t type_count;
    uint32_t import_count;
    uint32_t input_count;
    uint32_t piped_handle;                  /* of the piped input, once the guest before has answered */
    const struct rill_stream *piped_stream; /* what its two ends share */
    int imports_descriptor;                 /* the socket of remote.h; 0: there is none */
    uint8_t encoding;                       /* enum rill_encoding of the guest's strings */
    bool is_due;                            /* the guest before has answered: it is to be started */
    bool is_started;
    bool has_output;
    bool is_blocking; /* every copy of the guest's blocks first */
    bool is_ready;    /* none does: the whole input is lent, and room for all output */
    bool is_callback;
    bool may_block;
    bool is_output_open;
    bool has_returned;
#ifdef RUN_NATIVE
    struct rill_native *guest;
#else
    struct rill_guest guest;
#endif
};

#ifdef RUN_PIPES
/** All guests, and the one whose code runs, or whose ends go on. */
extern struct work works[MAX_WORKS];
extern struct work *working;
extern uint32_t work_count;
#define job (*working)
#define FIRST_WORK works
#define WORK_COUNT work_count
/** Which one it is. */
#define WORK_INDEX ((uint32_t)(working - works))
#else
extern struct work job;
#define FIRST_WORK (&job)
#define WORK_COUNT 1
#define WORK_INDEX 0u
#endif

/** The guest's side of the host. */
#ifdef RUN_NATIVE
#define GUEST_HOST (&job.guest->host)
#else
#define GUEST_HOST (&job.guest.host)
#endif

/** Ends the program. */
void fail(const char *what, const char *detail) __attribute__((noreturn));

/* descriptor.c */

/** Where it is told how far the guests are, see rests.c; 0: nowhere. */
extern int rests_descriptor;
void read_descriptor(const char *path);

/* items.c: files hold items in canonical layout, or chunks when they have strings or lists, see main.c */

/** Items that an end takes at once. */
uint32_t items_at_once(const struct file_end *end);
void open_items(struct file_end *end);
/** Whether an input has something to read, or is over. */
bool has_items(struct file_end *end);
/** Waits until one of the inputs that `is_wanted` says has something to read. @returns false when there is none */
bool wait_for_items(bool (*is_wanted)(const struct file_end *end));
/** @returns how many, 0 at the end and when only a part of an item has come */
uint32_t read_items(struct file_end *end, uint32_t length);
void write_items(struct file_end *end, uint32_t length);
void close_items(struct file_end *end);
/** Where an end's strings and lists lie. */
void give_space(struct file_end *end);
#ifdef RILL_WITH_LISTS
/** Bytes of a space: item-chunks.ts makes none that are larger. */
#define SPACE_BYTES (UINT32_C(16) << 20)
struct rill_space make_space(void);
#endif

/* ends.c */

/** The port's wait: lets every end go on, of all guests. @returns whether anything happened */
bool pump_all(void *context);
/** The port's poll: the same, of a guest that does not wait. */
void poll_all(void *context);
/** Gives the guest the readable end of an input. @returns false for a trap */
bool give_input(struct file_end *input, uint32_t *handle);
/** Takes the readable end that the guest answers with. @returns false for a trap */
bool take_output(uint32_t handle);
/** What came after the guest's last wait. @returns why the run is not over, or NULL */
const char *finish_ends(void);

/* remote.c */

#ifdef RUN_IMPORTS
/** The guest calls function `at` of its imports. @returns false for a trap; *result gets the core result */
bool serve_import(struct rill_host *host, uint32_t at, const uint64_t *args, uint64_t *result);
/** Asks for the function that is called next. @returns false when there is none, or the guest has to trap */
bool next_entry(void);
/** Asks for its arguments. *count gets how many core values they are. @returns false for a trap */
bool ask_arguments(uint64_t *cells, uint32_t *count);
/** Hands the core values of its result on. @returns false for a trap */
bool give_result(const uint64_t *cells);
#endif
/** Whether something is to come to the guest at work. */
bool is_remote_awaited(void);
/** Says that this guest waits for that alone. */
void remote_sleeps(void);
/** Takes in what has come, and moves items of ends that are held there. @returns false when nothing happened */
bool pump_remote(void);

/* values.c: each answers false for a trap */

/** Lowers the parameters, with the handles of the inputs in them. *count gets the cells that `cells` has then. */
bool lower_params(uint64_t *cells, uint32_t *count);
/** Lifts the result of core values, into its file or the output's end; more than `max_cells` are in memory. */
bool lift_result(const uint64_t *cells, uint32_t max_cells);

/* call.c */

/** Calls the guest's function, or those that are asked for. @returns the trap's text, or NULL */
const char *call_guest(void);
#ifdef RUN_PIPES
/** Starts the guest's function, until it waits or is done. @returns the trap's text, or NULL */
const char *start_guest(void);
/** Lets it go on, if what it waits for is there. @returns whether it did */
bool resume_guest(void);
/** Whether it is done. */
bool is_guest_done(void);

/* pipe.c */

/** Starts a guest that is due, or lets one go on. @returns whether any did */
bool step_guests(void);
/** Whether one has trapped: then all are over. */
bool is_any_trapped(void);
/** Hands the stream that the guest answers with to the next one. @returns false for a trap */
bool connect_output(uint32_t handle);
#endif

/* rests.c */

/** Tells it. @param is_over all guests have ended, none with a trap */
void tell_rest(bool is_over);

/* main.c */

/** Prints what the guest's run came to, as a JSON object. @param trap why it trapped, or NULL */
void print_facts(const char *trap);

/* engine_wamr.c, or engine_native.c with RUN_NATIVE: what runs the guest's code */

/** What the engine calls a function by. */
typedef const void *engine_function;

/** Arguments of the program that are the engine's: how many, and what they are. */
extern const int engine_argument_count;
extern const char *const engine_usage;

/** Makes the guest, its host's tables too; its `returned` is lift_returned. Ends the program when it cannot. */
void engine_start(char **arguments, const struct rill_port *port);
/** @returns NULL when the guest has no such export */
engine_function engine_find(const char *name);
/** Parameters of a function. */
uint32_t engine_param_count(engine_function function);
/** Calls a core function. @returns the trap's text, or NULL; `cells` gets its result */
const char *engine_call(engine_function function, uint64_t *cells);
/** Prints what the engine knows of the run, behind other fields of a JSON object. */
void engine_print_facts(void);
/** Prints where the guest trapped, as another field, if the engine knows. */
void engine_print_frames(void);
/** task.return. */
bool lift_returned(struct rill_host *host, const uint64_t *values);

#endif
