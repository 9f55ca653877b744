/* engine.h without an interpreter: the guest that is compiled in. */
#ifndef RILL_NATIVE_ENGINE_H
#define RILL_NATIVE_ENGINE_H

#include "native/native_guest.h"

struct entry_call {
    struct rill_native *guest;
    uint32_t *words;
    struct rill_native *env; /* the guest */
};

static inline struct rill_image_entry engine_entry(const struct entry_call *call)
{
    (void)call;
    return native_more.entry;
}

static inline uint32_t engine_given(const struct entry_call *call)
{
    (void)call;
    return native_guest.param_count;
}

static inline bool engine_enter(const struct entry_call *call)
{
    return native_more.enter(call->words);
}

static inline bool engine_call_back(const struct entry_call *call, uint32_t words[3])
{
    (void)call;
    return native_more.call_back(words);
}

static inline uint32_t engine_results(const struct entry_call *call)
{
    (void)call;
    return native_more.result_cells;
}

static inline bool engine_give_back(const struct entry_call *call)
{
    return native_more.give_back == NULL || native_more.give_back(call->words);
}

static inline bool engine_trap(const struct entry_call *call, const char *why)
{
    if (call->guest->host.trap == NULL) {
        call->guest->host.trap = why;
    }
    return false;
}

#endif
