/* Arduino compiles what is in src. */
#include "../parts/rill_guest_resources.c"
