/*
 * What the files of rill-conform share: the guest, the host's ends and calls, and the lines that say what to do.
 */
#ifndef CONFORM_H
#define CONFORM_H

#include "rill_internal.h"
#include "rill_wamr.h"

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

/** A script under way. */
struct conform {
    struct rill_guest guest;
    wasm_module_inst_t instance;
    wasm_exec_env_t exec_env;
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
    bool is_lost;           /* the script and the host went different ways: nothing is done until the next case */
    char notes[NOTE_BYTES]; /* the end of the next answer */
};

extern struct conform conform;

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

/** Calls an export of the module. @returns false after a trap */
bool call_export(const char *name, uint32_t argc, uint32_t *argv);

/** Adds to the notes. */
void note(const char *format, ...);

/** Ends an answer: notes, and what changed in memory since the last one. */
void finish_answer(void);

/** Prints `ok`, or the trap. */
void answer(bool done);

/* ends.c: steps on streams and futures. @returns false when the command is none of them */
bool run_end_command(const char *command);

/* calls.c: the host's side of the guest's calls */
bool run_call_command(const char *command);
void set_func(void);
bool serve_call(struct rill_guest *guest, const struct rill_import *import, const uint64_t *args, uint64_t *result);

/* tasks.c: tasks with a callback */
bool run_task_command(const char *command);
void begin_tasks(void);
bool task_returned(struct rill_guest *guest, const uint64_t *values);
uint32_t run_turn(wasm_exec_env_t exec_env, uint32_t code, uint32_t handle, uint32_t payload);

#endif
