/*
 * rill_native_runtime: what the instructions of generated code call when they trap: a firmware's runtime, or, with
 * RILL_NATIVE_IMAGE, that of a guest in an image of its own.
 */
#ifndef RILL_NATIVE_RUNTIME_H
#define RILL_NATIVE_RUNTIME_H

#ifdef RILL_NATIVE_IMAGE
#include "rill_native_in_image.h"
#else
#include "rill_native.h"
#endif

#endif
