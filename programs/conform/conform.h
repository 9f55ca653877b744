/*
 * What the files of rill-conform share: the guest, the host's ends and calls, and the lines that say what to do.
 */
#ifndef CONFORM_H
#define CONFORM_H

#include "rill_internal.h"
#ifdef CONFORM_NATIVE
#include "rill_native.h"
#else
#include "rill_wamr.h"
#endif

#define TYPES 2u
#define FUNCS 4u
#define CALLS 8u
#define TASKS 8u
#define PLAN_WORDS 256u
#define HANDLES 64u
#define STREAMS 64u
#define HOST_ENDS 16u
#define LINE_BYTES (1u << 20)
#define BUFFER_BYTES (1u << 17)
#define NOTE_BYTES 4096u
/** Cells of 32 bits that a call takes at most. */
#define CALL_CELLS 40u

/** A script under way. */
struct conform {
#ifdef CONFORM_NATIVE
    struct rill_native *guest;
#else
    struct rill_guest guest;
#endif
    const struct rill_type *type_of[TYPES];
    struct rill_func funcs[FUNCS];
    struct rill_end host_ends[HOST_ENDS];
    struct rill_space spaces[HOST_ENDS]; /* of the ends, by their numbers */
    uint8_t *buffers[HOST_ENDS];
    struct rill_call calls[CALLS];
    const struct rill_func *func_at_hand; /* what the guest's next call calls, and the call's number */
    uint32_t call_at_hand;
    uint32_t blocked_lines; /* commands to run while the call at hand blocks, and inside the host's function */
    uint32_t during_lines;
    bool has_tasks;
    bool is_begun;          /* there is a case */
    bool is_lost;           /* the script and the host went different ways: nothing is done until the next case */
    char notes[NOTE_BYTES]; /* the end of the next answer */
};

extern struct conform conform;

/** The guest's side of the host. */
#ifdef CONFORM_NATIVE
#define CONFORM_HOST (&conform.guest->host)
#else
#define CONFORM_HOST (&conform.guest.host)
#endif

/* main.c */

/** Ends the program: bad use, no failure of a script. */
void fail(const char *what) __attribute__((noreturn));

/** The next word, number of the line at hand. */
char *word(void);
uint32_t number(void);

/** Decodes hex; "-" is nothing. @returns bytes */
uint32_t hex(const char *text, uint8_t *to, uint32_t room);
void print_hex(const uint8_t *from, uint32_t length);

/** Reads the next line of a script's; false, and `is_lost`, when the script has none. */
bool next_line(void);

/** Runs the command in the line at hand. */
void run_command(void);

/** Runs that many commands, until one of them traps. */
void run_commands(uint32_t count);

/** Adds to the notes. */
void note(const char *format, ...);

/** Ends an answer: notes, and what changed in memory since the last one. */
void finish_answer(void);

/** Prints `ok`, or the trap. */
void answer(bool done);

/** The guest calls task.return. @returns false for a trap */
bool returned(struct rill_host *host, const uint64_t *values);

/** Before an async read or write of the guest's: takes a copy of one element both ways, which must agree. */
void try_both_ways(enum rill_kind kind, const struct rill_type *element, uint32_t handle, uint32_t ptr,
                   uint32_t length);

/* ends.c: steps on streams and futures. @returns false when the command is none of them */
bool run_end_command(const char *command);

/* calls.c: the host's side of the guest's calls */
bool run_call_command(const char *command);
void set_func(void);
bool serve_call(struct rill_host *host, bool is_async, const uint64_t *args, uint64_t *result);

/* tasks.c: tasks with a callback */
bool run_task_command(const char *command);
void begin_tasks(void);
bool task_returned(struct rill_host *host, const uint64_t *values);
/** A turn of a task, as the script has it. @returns false for a trap; `answer` gets the task's code */
bool run_turn(uint32_t code, uint32_t handle, uint32_t payload, uint32_t *answer);

/** What task.return may be declared with, by an import's TYPE from TYPES on. */
extern const struct rill_type return_types[2];

/* engine_wamr.c, or engine_native.c with CONFORM_NATIVE: what runs the module */

/** Arguments of the program that are the engine's. */
extern const int engine_argument_count;

/** Reads the line of an import, and `load`, which follows the last one. */
void engine_import(void);
void engine_load(char **arguments);

/** A new instance in place of the one before; its host is not set up yet. */
void engine_instance(void);

/** Gives the host the instance's memory and allocator, and the instance its functions. */
void engine_attach(void);

/** Calls an export of the module: cells of 32 bits, as its results are. @returns false after a trap */
bool engine_call(const char *name, uint32_t argc, uint32_t *argv);

/** The latest trap's text. */
const char *engine_trap(void);

#endif
