/*
 * What a translated spec calls its imports by: specs.c.
 */
#ifndef SPECS_H
#define SPECS_H

#include "rill_native.h"

/**
 * Asks node. Ends the innermost call of an export when the import throws.
 * @param import its place among the module's imports
 * @param cells  `count` arguments, 64 bits each
 * @returns its result, 0 without
 */
uint64_t specs_import(struct rill_native *guest, uint32_t import, uint32_t count, const uint64_t *cells);

#endif
