/*
 * What a host of many mutants asks (schema.ts): included in front of each of its files.
 */
#ifndef SERVER_H
#define SERVER_H

/** The mutant that is on; 0 for none. */
extern unsigned rill_mutant;

/** Called at each turn of each loop of the host's: ends the program when there are too many. */
void rill_turn(void);

/** Called at the beginning of each function of the host's: notes that it ran, by its place. */
void rill_reach(unsigned place);

#endif
