#include "remote_items.h"

#ifdef RILL_IMAGE_FUNCTIONS

#include "feed.h"
#include "host.h"
#include "remote_ends.h"

int remote_items_lift(remote_guest *guest, struct rill_end *output, uint64_t *room, uint32_t *packed)
{
    struct remote remote = {guest, NULL, NULL, 0u, 0u};

    if (!rill_end_is_open(output)) {
        return 0;
    }
    if (!rill_end_is_awaited(output)) {
        return remote_ends_answer_asking(&guest->host, output);
    }
    if (!rill_end_copy(&guest->host, output, (uint8_t *)room, 1u, false, packed)) {
        return 0;
    }
    guest->host.trap = remote_ask(&remote, "wrote", NULL, room, (output->stream->element->elem_size + 7u) / 8u);
    return 1;
}

int remote_items_lower(remote_guest *guest, struct rill_end *end, unsigned index, unsigned stream)
{
    struct remote remote = {guest, host_env(), NULL, end->stream->element->elem_size / 4u, 0u};
    const uint64_t number = stream;

    if (!rill_end_is_awaited(end)) {
        return remote_ends_answer_asking(&guest->host, end);
    }
    remote.words = feed_place(index);
    guest->host.trap = remote_ask(&remote, "item", NULL, &number, 1u);
    if (guest->host.trap != NULL) {
        return 0;
    }
    if (remote.result == 0u) {
        rill_end_drop(end);
    } else {
        feed_fill(index);
    }
    return 1;
}

#endif
