/* Arduino compiles what is in src. */
#include "../parts/rill_begun.h"
