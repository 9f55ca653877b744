/* Arduino compiles what is in src. */
#include "../native/rill_native_doubles.h"
