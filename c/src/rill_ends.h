/* Arduino compiles what is in src. */
#include "../parts/rill_ends.h"
