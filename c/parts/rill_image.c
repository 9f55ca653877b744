/*
 * Reads images, and refuses them. See rill_image.h.
 *
 * SAFETY: the bytes are anybody's. Nothing behind the header is read before the image's length was found inside its
 * room, no table before is_whole has found it inside the image, and no entry of one is followed before has_tables has
 * found where it leads.
 */
#include "rill_internal_plans.h"

#define AT_VERSION 4u
#define AT_HEADER_LENGTH 5u
#define AT_FRAMES 6u
#define AT_IMPORT_COUNT 7u
#define AT_LENGTH 8u
#define AT_CRC 12u
#define AT_NAME 16u
#define AT_STREAM_COUNT 24u
#define AT_PARAM_COUNT 25u
#define AT_TYPE_COUNT 26u
#define AT_PLAN_WORDS 27u
#define AT_IMPORTS_HASH 28u
#define AT_TARGET 32u
#define AT_ADDRESS 36u
#define AT_POOL 40u
#define AT_STACK 42u
#define AT_ARENA 44u
#define AT_MEMORY 46u
#define AT_CPU 48u
#ifdef RILL_IMAGE_FUNCTIONS
#define AT_FUNCTIONS 48u
#define AT_ENTRY 50u
#define AT_WORDS 51u
#define AT_HANDLES 52u
#define AT_CALLS 53u
#define TASK_RETURN 14u
#endif

#define POOL_UNIT 8u
#define TYPE_BYTES 4u
#define ELEM_SIZE 0x7FFu
#define ALIGNMENT(bits) (1u << (((bits) >> 12) & 3u))

static uint32_t read32(const uint8_t *bytes)
{
    return read16(bytes) | ((uint32_t)read16(bytes + 2) << 16);
}

/* Four bits a step: sixteen words of table, a fifth of the speed of the 1 KiB one. */
uint32_t rill_crc32(uint32_t crc, const uint8_t *bytes, uint32_t length)
{
    static const uint32_t table[16] = {
        0x00000000u, 0x1DB71064u, 0x3B6E20C8u, 0x26D930ACu, 0x76DC4190u, 0x6B6B51F4u, 0x4DB26158u, 0x5005713Cu,
        0xEDB88320u, 0xF00F9344u, 0xD6D6A3E8u, 0xCB61B38Cu, 0x9B64C2B0u, 0x86D3D2D4u, 0xA00AE278u, 0xBDBDF21Cu,
    };

    crc = ~crc;
    for (; length != 0u; length--, bytes++) {
        crc = table[(crc ^ *bytes) & 15u] ^ (crc >> 4);
        crc = table[(crc ^ ((uint32_t)*bytes >> 4)) & 15u] ^ (crc >> 4);
    }
    return ~crc;
}

static uint32_t tables_offset(const uint8_t *bytes)
{
    return 4u * bytes[AT_HEADER_LENGTH];
}

static uint32_t types_offset(const uint8_t *bytes)
{
    return (tables_offset(bytes) + bytes[AT_IMPORT_COUNT] + bytes[AT_STREAM_COUNT] + 3u) & ~3u;
}

static uint32_t plans_offset(const uint8_t *bytes)
{
    return types_offset(bytes) + TYPE_BYTES * bytes[AT_TYPE_COUNT];
}

/* The last table starts at the next multiple of 4 behind the copy plans; in format 1 the module does. */
static uint32_t functions_offset(const uint8_t *bytes)
{
    return (plans_offset(bytes) + PLAN_BYTES * bytes[AT_PLAN_WORDS] + 3u) & ~3u;
}

/* Bytes of header that an image of the version has at least. */
#ifdef RILL_ALLOW_NATIVE
#define HEADER(bytes) ((bytes)[AT_VERSION] == RILL_IMAGE_NATIVE ? RILL_IMAGE_NATIVE_HEADER : RILL_IMAGE_HEADER)
#else
#define HEADER(bytes) RILL_IMAGE_HEADER
#endif

#ifdef RILL_IMAGE_FUNCTIONS
static int is_second(const uint8_t *bytes)
{
    return bytes[AT_VERSION] == 2u;
}

static uint32_t module_offset(const uint8_t *bytes)
{
    return functions_offset(bytes) + (is_second(bytes) ? read16(bytes + AT_FUNCTIONS) : 0u);
}
#else
#define module_offset functions_offset
#endif

static int is_whole(const uint8_t *bytes, uint32_t available)
{
    uint32_t length = read32(bytes + AT_LENGTH);

#ifdef RILL_IMAGE_FUNCTIONS
    if (is_second(bytes) && (length < RILL_IMAGE_HEADER_2 || tables_offset(bytes) < RILL_IMAGE_HEADER_2)) {
        return 0;
    }
#endif
    return length <= available && tables_offset(bytes) >= HEADER(bytes) && module_offset(bytes) <= length;
}

static int is_intact(const uint8_t *bytes)
{
    uint32_t crc = rill_crc32(0u, bytes, AT_CRC);

    crc = rill_crc32(crc, bytes + AT_CRC + 4u, read32(bytes + AT_LENGTH) - AT_CRC - 4u);
    return crc == read32(bytes + AT_CRC);
}

uint32_t rill_image_length(const uint8_t *bytes, uint32_t available)
{
    uint32_t length;

    if (available < RILL_IMAGE_HEADER || read32(bytes) != RILL_IMAGE_MAGIC) {
        return 0u;
    }
    length = read32(bytes + AT_LENGTH);
    return length >= RILL_IMAGE_HEADER && length <= available && is_intact(bytes) ? length : 0u;
}

/// Tables ///

#ifdef RILL_IMAGE_FUNCTIONS
/* In format 2 a guest may do without streams, and its other built-ins then name no type. */
#define IS_TYPED(bytes, entry) (!is_second(bytes) || ((entry)&0xFu) < 7u)
#else
#define IS_TYPED(bytes, entry) 1
#endif

static int has_imports(const uint8_t *bytes)
{
    const uint8_t *entry = bytes + tables_offset(bytes);
    uint32_t imports = bytes[AT_IMPORT_COUNT];
    uint32_t i;

#ifdef RILL_IMAGE_FUNCTIONS
    if (is_second(bytes)) {
#ifndef RILL_WITH_TASKS
        for (i = 0u; i < imports; i++) {
            if (RILL_IMAGE_TASKS(entry[i])) {
                return 0;
            }
        }
        if ((bytes[AT_ENTRY] & RILL_ENTRY_CALLBACK) != 0u) {
            return 0;
        }
#endif
        return imports <= RILL_IMAGE_MAX_IMPORTS;
    }
#endif
    for (i = 0u; i < imports; i++) {
        if ((entry[i] & 0xFu) >= RILL_IMAGE_BUILTINS) {
            return 0;
        }
    }
    return imports <= RILL_IMAGE_MAX_IMPORTS;
}

/** Whether entry `index` of the type table is a type whose elements the host can copy. */
static int has_type(const uint8_t *bytes, uint32_t index)
{
    const uint8_t *entry = bytes + types_offset(bytes) + TYPE_BYTES * index;
    uint32_t bits = read16(entry);
    uint32_t plan = read16(entry + 2u);
    uint32_t elem_size = bits & ELEM_SIZE;
    uint32_t words = bytes[AT_PLAN_WORDS];

    return elem_size != 0u && (elem_size & (ALIGNMENT(bits) - 1u)) == 0u && plan < words
           && is_plan(bytes + plans_offset(bytes) + PLAN_BYTES * plan, words - plan, elem_size);
}

#ifdef RILL_IMAGE_FUNCTIONS

/** Whether an import has a row in the table of functions. */
static int has_row(uint8_t entry)
{
    return (entry & 0xCFu) == RILL_IMAGE_CALL || (entry & 0x1Fu) == (TASK_RETURN | RILL_IMPORT_FUTURE);
}

static int is_core_type(uint8_t letter)
{
    return letter == 'i' || letter == 'I' || letter == 'f' || letter == 'F';
}

/**
 * Bytes of the row at `row`, with its padding.
 * @returns 0 when the `available` ones hold no whole row
 */
static uint32_t row_length(const uint8_t *row, uint32_t available)
{
    uint32_t at = 5u;

    if (available < 8u || row[4] != '(') {
        return 0u;
    }
    /* Padding of zeros closes the table, so a row that ends in it is not read beyond. */
    while (at < available && is_core_type(row[at])) {
        at++;
    }
    if (at - 5u > RILL_IMAGE_CELLS || at >= available || row[at] != ')') {
        return 0u;
    }
    at++;
    if (at < available && is_core_type(row[at])) {
        at++;
    }
    return at < available && row[at] == 0u ? (at + 4u) & ~3u : 0u;
}

static uint32_t places_length(const uint8_t *bytes)
{
    return (bytes[AT_PARAM_COUNT] + 3u) & ~3u;
}

/** Whether the table of functions is one, with a row for each import that has one. */
static int has_functions(const uint8_t *bytes)
{
    const uint8_t *entry = bytes + tables_offset(bytes);
    const uint8_t *table = bytes + functions_offset(bytes);
    uint32_t length = read16(bytes + AT_FUNCTIONS);
    uint32_t at = places_length(bytes);
    uint32_t i;

    if (at > length || bytes[AT_WORDS] > RILL_ENTRY_WORDS) {
        return 0;
    }
    for (i = 0u; i < bytes[AT_PARAM_COUNT]; i++) {
        if (table[i] >= bytes[AT_WORDS]) {
            return 0;
        }
    }
    for (i = 0u; i < bytes[AT_IMPORT_COUNT]; i++) {
        if (has_row(entry[i])) {
            uint32_t row = row_length(table + at, length - at);
            if (row == 0u || row > length - at) {
                return 0;
            }
            at += row;
        }
    }
    return at == length;
}

#endif

/* Every index in the tables stays inside them. */
static int has_tables(const uint8_t *bytes)
{
    const uint8_t *entry = bytes + tables_offset(bytes);
    uint32_t imports = bytes[AT_IMPORT_COUNT];
    uint32_t types = bytes[AT_TYPE_COUNT];
    uint32_t i;
#ifdef RILL_IMAGE_FUNCTIONS
    uint32_t most = is_second(bytes) ? 0x7Fu : 0xFFu;

    if (is_second(bytes) && !has_functions(bytes)) {
        return 0;
    }
#else
    const uint32_t most = 0xFFu;
#endif

    for (i = 0u; i < imports; i++) {
        if ((uint32_t)(entry[i] >> 6) >= types && IS_TYPED(bytes, entry[i])) {
            return 0;
        }
    }
    for (i = 0u; i < bytes[AT_STREAM_COUNT]; i++) {
        if ((entry[imports + i] & most) >= types) {
            return 0;
        }
    }
    for (i = 0u; i < types; i++) {
        if (!has_type(bytes, i)) {
            return 0;
        }
    }
    return types <= RILL_IMAGE_MAX_TYPES && bytes[AT_PARAM_COUNT] <= bytes[AT_STREAM_COUNT];
}

#ifdef RILL_ALLOW_NATIVE
/* Machine code for this core, whose linear memory lies inside of its instance. */
static int fits_native(const uint8_t *bytes, const struct rill_image_limits *limits)
{
    if (read32(bytes + AT_CPU) != limits->cpu) {
        return RILL_ERR_IMAGE_CPU;
    }
    return POOL_UNIT * read16(bytes + AT_POOL) < RILL_IMAGE_INSTANCE + (uint32_t)read16(bytes + AT_MEMORY)
                   || module_offset(bytes) == read32(bytes + AT_LENGTH)
               ? RILL_ERR_IMAGE_TABLES
               : 0;
}
#endif

static int fits(const uint8_t *bytes, const struct rill_image_limits *limits)
{
    uint32_t target = read32(bytes + AT_TARGET);
    uint32_t address = read32(bytes + AT_ADDRESS);

    if (target != 0u && target != limits->target) {
        return RILL_ERR_IMAGE_TARGET;
    }
    if ((address != 0u && address != limits->address) || ((uintptr_t)bytes & 3u) != 0u) {
        return RILL_ERR_IMAGE_ADDRESS;
    }
    if (POOL_UNIT * read16(bytes + AT_POOL) > limits->pool) {
        return RILL_ERR_IMAGE_POOL;
    }
    if (read16(bytes + AT_STACK) > limits->stack) {
        return RILL_ERR_IMAGE_STACK;
    }
    if (!has_imports(bytes)) {
        return RILL_ERR_IMAGE_IMPORTS;
    }
    return has_tables(bytes) ? 0 : RILL_ERR_IMAGE_TABLES;
}

/* Whether the firmware takes images of the version. @returns 0, or why not */
static int version_error(uint8_t version)
{
    if (version == RILL_IMAGE_VERSION) {
        return 0;
    }
#ifdef RILL_IMAGE_FUNCTIONS
    if (version == 1u) {
        return 0;
    }
#endif
#ifdef RILL_ALLOW_NATIVE
    return version == RILL_IMAGE_NATIVE ? 0 : RILL_ERR_IMAGE_VERSION;
#elif defined(RILL_IMAGE_FEW_CODES)
    return RILL_ERR_IMAGE_VERSION;
#else
    return (version & RILL_IMAGE_NATIVE_BIT) != 0u ? RILL_ERR_IMAGE_NATIVE : RILL_ERR_IMAGE_VERSION;
#endif
}

int rill_image_open(const uint8_t *bytes, uint32_t available, const struct rill_image_limits *limits,
                    struct rill_image *image)
{
    int error;

    if (available < 4u || read32(bytes) != RILL_IMAGE_MAGIC) {
        return RILL_ERR_IMAGE_MAGIC;
    }
    if (available < RILL_IMAGE_HEADER) {
        return RILL_ERR_IMAGE_TRUNCATED;
    }
    error = version_error(bytes[AT_VERSION]);
    if (error != 0) {
        return error;
    }
    if (!is_whole(bytes, available)) {
        return RILL_ERR_IMAGE_TRUNCATED;
    }
    if (!is_intact(bytes)) {
        return RILL_ERR_IMAGE_CRC;
    }
    error = fits(bytes, limits);
#ifdef RILL_ALLOW_NATIVE
    if (error == 0 && bytes[AT_VERSION] == RILL_IMAGE_NATIVE) {
        error = fits_native(bytes, limits);
    }
#endif
    if (error != 0) {
        return error;
    }
    image->bytes = bytes;
    image->module = bytes + module_offset(bytes);
    image->length = read32(bytes + AT_LENGTH);
    image->module_length = image->length - module_offset(bytes);
    image->imports_hash = read32(bytes + AT_IMPORTS_HASH);
    image->pool = POOL_UNIT * read16(bytes + AT_POOL);
    image->memory = read16(bytes + AT_MEMORY);
    image->stack = read16(bytes + AT_STACK);
    image->arena = read16(bytes + AT_ARENA);
    image->frames = bytes[AT_FRAMES];
    image->import_count = bytes[AT_IMPORT_COUNT];
    image->stream_count = bytes[AT_STREAM_COUNT];
    image->param_count = bytes[AT_PARAM_COUNT];
    image->type_count = bytes[AT_TYPE_COUNT];
#ifdef RILL_ALLOW_NATIVE
    image->is_native = (uint8_t)(bytes[AT_VERSION] == RILL_IMAGE_NATIVE);
#endif
    return 0;
}

const char *rill_image_name(const uint8_t *bytes)
{
    return (const char *)(bytes + AT_NAME);
}

struct rill_image_import rill_image_import_of(uint8_t entry)
{
    struct rill_image_import import;

    import.builtin = entry & 0xFu;
    import.is_future = (uint8_t)((entry & RILL_IMPORT_FUTURE) != 0u);
    import.is_async = (uint8_t)((entry & RILL_IMPORT_ASYNC) != 0u);
    import.type = (uint8_t)(entry >> 6);
#ifdef RILL_IMAGE_FUNCTIONS
    if (RILL_IMAGE_TASKS(entry)) {
        import.builtin = (uint8_t)(RILL_IMAGE_CALL + import.type + (import.is_future != 0u ? 3u : 0u));
        import.is_future = 0u;
        import.type = 0u;
    }
#endif
    return import;
}

struct rill_image_import rill_image_import(const struct rill_image *image, uint32_t index)
{
    return rill_image_import_of(image->bytes[tables_offset(image->bytes) + index]);
}

uint32_t rill_image_handles(const struct rill_image *image)
{
#ifdef RILL_IMAGE_FUNCTIONS
    if (is_second(image->bytes)) {
        return image->bytes[AT_HANDLES];
    }
#endif
    return RILL_IMAGE_HANDLES((uint32_t)image->param_count, (uint32_t)image->stream_count - image->param_count);
}

static uint32_t stream_entry(const struct rill_image *image, uint32_t index)
{
    return image->bytes[tables_offset(image->bytes) + image->import_count + index];
}

#ifdef RILL_IMAGE_FUNCTIONS

uint8_t rill_image_import_entry(const struct rill_image *image, uint32_t index)
{
    return image->bytes[tables_offset(image->bytes) + index];
}

uint32_t rill_image_stream(const struct rill_image *image, uint32_t index)
{
    uint32_t entry = stream_entry(image, index);

    return is_second(image->bytes) ? entry & ~RILL_STREAM_FUTURE : entry;
}

int rill_image_is_future(const struct rill_image *image, uint32_t index)
{
    return is_second(image->bytes) && (stream_entry(image, index) & RILL_STREAM_FUTURE) != 0u;
}

struct rill_image_entry rill_image_entry(const struct rill_image *image)
{
    struct rill_image_entry entry = {0u, image->param_count, 0u};

    if (is_second(image->bytes)) {
        entry.flags = image->bytes[AT_ENTRY];
        entry.words = image->bytes[AT_WORDS];
        entry.calls = image->bytes[AT_CALLS];
    }
    return entry;
}

uint32_t rill_image_place(const struct rill_image *image, uint32_t index)
{
    return is_second(image->bytes) ? image->bytes[functions_offset(image->bytes) + index] : index;
}

int rill_image_next_row(const struct rill_image *image, struct rill_image_import import, struct rill_image_row *row)
{
    const uint8_t *next = image->bytes + functions_offset(image->bytes) + places_length(image->bytes);

    if (!is_second(image->bytes)
        || !has_row((uint8_t)(import.builtin | (import.is_future != 0u ? RILL_IMPORT_FUTURE : 0u)))) {
        return 0;
    }
    if (row->hash != NULL) {
        next = row->hash + row_length(row->hash, UINT32_MAX);
    }
    row->hash = next;
    row->signature = (const char *)(next + 4u);
    return 1;
}

uint32_t rill_image_hash(const uint8_t *hash)
{
    return read32(hash);
}

#else

uint32_t rill_image_stream(const struct rill_image *image, uint32_t index)
{
    return stream_entry(image, index);
}

#endif

struct rill_type rill_image_type(const struct rill_image *image, uint32_t index)
{
    const uint8_t *entry = image->bytes + types_offset(image->bytes) + TYPE_BYTES * index;
    uint32_t bits = read16(entry);
    struct rill_type type;

    /* The image starts at a multiple of 4, and so do its plans. */
    type.plan = (const uint16_t *)(const void *)(image->bytes + plans_offset(image->bytes)) + read16(entry + 2);
    type.elem_size = bits & ELEM_SIZE;
    type.align = (uint8_t)ALIGNMENT(bits);
    type.is_number = (uint8_t)((bits & RILL_TYPE_NUMBER) != 0u);
    type.id = (uint16_t)index;
    return type;
}

void rill_image_types(const struct rill_image *image, struct rill_type *types)
{
    uint32_t i;

    for (i = 0u; i < image->type_count; i++) {
        types[i] = rill_image_type(image, i);
    }
}

char rill_image_import_letter(uint32_t index)
{
    return (char)(index < 26u ? 'A' + (int)index : 'a' + (int)index - 26);
}
