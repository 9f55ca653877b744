/*
 * Replays sequences of the fuzzer's, as its corpus has them: each with its length in front, two bytes, low one first.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(void)
{
    static uint8_t bytes[65536];
    int low;

    while ((low = getchar()) != EOF) {
        const size_t length = (size_t)low | (size_t)getchar() << 8;

        if (fread(bytes, 1, length, stdin) != length) {
            return 2;
        }
        (void)LLVMFuzzerTestOneInput(bytes, length);
    }
    return 0;
}
