/*
 * Reads images, and refuses them. See rill_image.h.
 *
 * SAFETY: the bytes are anybody's. Nothing behind the header is read before the image's length was found inside its
 * room, no table before is_whole has found it inside the image, and no entry of one is followed before has_tables has
 * found where it leads.
 */
#include "rill_internal_functions.h"

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
#ifndef RILL_WITH_PIPES
        if (PIPED(bytes) != 0u) {
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
#define IS_WORDS is_words
#else
#define IS_WORDS(bytes, entry, type) 1
#endif

/* Every index in the tables stays inside them. */
static int has_tables(const uint8_t *bytes)
{
    const uint8_t *entry = bytes + tables_offset(bytes);
    uint32_t imports = bytes[AT_IMPORT_COUNT];
    uint32_t types = bytes[AT_TYPE_COUNT];
    uint32_t i;
#ifdef RILL_IMAGE_FUNCTIONS
    uint32_t most = is_second(bytes) ? ~STREAM_FLAGS : 0xFFu;

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
        const uint32_t type = entry[imports + i] & most;

        if (type >= types || !IS_WORDS(bytes, entry[imports + i], type)) {
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
#ifdef RILL_IMAGE_FUNCTIONS
    image->entry = 0u;
#endif
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

#ifdef RILL_IMAGE_FUNCTIONS
/* Of the further function that is called. */
static const uint8_t *record_of(const struct rill_image *image)
{
    const uint8_t *record = image->bytes + module_offset(image->bytes) - 4u * image->bytes[AT_ENTRY_WORDS];
    uint32_t left;

    for (left = image->entry; left > 1u; left--) {
        record += record_length(record);
    }
    return record;
}
#endif

static uint32_t stream_entry(const struct rill_image *image, uint32_t index)
{
#ifdef RILL_IMAGE_FUNCTIONS
    if (image->entry != 0u) {
        return record_of(image)[RECORD_HEAD + index];
    }
#endif
    return image->bytes[tables_offset(image->bytes) + image->import_count + index];
}

#ifdef RILL_IMAGE_FUNCTIONS

uint32_t rill_image_entries(const struct rill_image *image)
{
    return is_second(image->bytes) ? 1u + image->bytes[AT_ENTRIES] : 1u;
}

void rill_image_choose(struct rill_image *image, uint32_t entry)
{
    image->entry = (uint8_t)entry;
    if (entry == 0u) {
        image->stream_count = image->bytes[AT_STREAM_COUNT];
        image->param_count = image->bytes[AT_PARAM_COUNT];
    } else {
        image->stream_count = record_of(image)[RECORD_STREAMS];
        image->param_count = record_of(image)[RECORD_PARAMS];
    }
}

void rill_image_export(const struct rill_image *image, const char *what, char name[3])
{
    name[0] = what[0];
    name[1] = '\0';
    name[2] = '\0';
    if (image->entry != 0u) {
        name[1] = rill_image_import_letter(image->entry - 1u);
    }
}

uint8_t rill_image_import_entry(const struct rill_image *image, uint32_t index)
{
    return image->bytes[tables_offset(image->bytes) + index];
}

uint32_t rill_image_stream(const struct rill_image *image, uint32_t index)
{
    uint32_t entry = stream_entry(image, index);

    return is_second(image->bytes) ? entry & ~STREAM_FLAGS : entry;
}

int rill_image_is_future(const struct rill_image *image, uint32_t index)
{
    return is_second(image->bytes) && (stream_entry(image, index) & RILL_STREAM_FUTURE) != 0u;
}

int rill_image_has_values(const struct rill_image *image, uint32_t index)
{
    return is_second(image->bytes) && (stream_entry(image, index) & RILL_STREAM_VALUES) != 0u;
}

struct rill_image_entry rill_image_entry(const struct rill_image *image)
{
    struct rill_image_entry entry = {0u, image->param_count, 0u, 0u};

    if (is_second(image->bytes)) {
        entry.flags = image->bytes[AT_ENTRY];
        entry.words = image->bytes[AT_WORDS];
        entry.calls = image->bytes[AT_CALLS];
        if (tables_offset(image->bytes) > RILL_IMAGE_HEADER_2) {
            entry.ends = image->bytes[AT_ENDS];
        }
    }
    if (image->entry != 0u) {
        entry.flags = record_of(image)[RECORD_ENTRY];
        entry.words = record_of(image)[RECORD_WORDS];
    }
    entry.flags &= ENTRY_FLAGS;
    return entry;
}

uint32_t rill_image_piped(const struct rill_image *image)
{
    return is_second(image->bytes) ? PIPED(image->bytes) : 0u;
}

bool rill_image_is_piped(const uint8_t *bytes, uint32_t available)
{
    return rill_image_length(bytes, available) >= RILL_IMAGE_HEADER_2 && is_second(bytes) && PIPED(bytes) != 0u;
}

uint32_t rill_image_place(const struct rill_image *image, uint32_t index)
{
    if (image->entry != 0u) {
        return record_of(image)[RECORD_HEAD + image->stream_count + index];
    }
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
#ifdef RILL_IMAGE_FUNCTIONS
    if ((bits & RILL_TYPE_NONE) != 0u) {
        type.align = 0u;
    }
#endif
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
