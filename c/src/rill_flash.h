/* Arduino compiles what is in src. */
#include "../host/rill_flash.h"
