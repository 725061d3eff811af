# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
# cython: initializedcheck=False, embedsignature=False
"""What blobs may hold a text, told by their bytes: two of its rarest bytes are sought at once.

What each class does is said where it stands in Python, in :mod:`inspector.store.blob_finder`.
No byte is read that does not lie within the blob.

SQLite calls a sieve without Python, and so without its lock, where it hands out the table of its
functions, as it does to whatever it loads as an extension of its own. A blob is then looked at where
it lies, and is no object.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from cpython.exc cimport PyErr_Occurred
from cpython.ref cimport Py_DECREF, Py_INCREF
from libc.stdlib cimport calloc, free

cdef extern from *:
    """
    #include <string.h>

    typedef unsigned char blob_byte;

    #define BLOB_BLOCK 64

    /* Compilers make vectors of it, the longer ones where the processor has them. */
    #if defined(__GNUC__) && defined(__x86_64__)
    #define BLOB_INLINE static inline __attribute__((always_inline))
    #else
    #define BLOB_INLINE static inline
    #endif

    /* Whether two bytes stand at one of the places of a block. */
    BLOB_INLINE int blob_block(const blob_byte* first, const blob_byte* second,
                                 blob_byte a, blob_byte fold_a, blob_byte b, blob_byte fold_b)
    {
        blob_byte any = 0;
        for (int at = 0; at < BLOB_BLOCK; at++)
            any |= (blob_byte)((((blob_byte)(first[at] | fold_a)) == a)
                               & (((blob_byte)(second[at] | fold_b)) == b));
        return any;
    }

    static inline int blob_same(const blob_byte* at, const blob_byte* sought,
                                const blob_byte* fold, long long length)
    {
        for (long long i = 0; i < length; i++)
            if ((blob_byte)(at[i] | fold[i]) != sought[i])
                return 0;
        return 1;
    }

    /* Whether a text stands in a blob; it is compared by its bytes at i and j first. */
    BLOB_INLINE int blob_sought(const blob_byte* blob, long long size,
                                const blob_byte* sought, const blob_byte* fold, long long length,
                                long long i, long long j)
    {
        long long last = size - length, at = 0;
        for (; at + BLOB_BLOCK - 1 <= last; at += BLOB_BLOCK) {
            if (!blob_block(blob + at + i, blob + at + j, sought[i], fold[i], sought[j], fold[j]))
                continue;
            for (long long one = at; one < at + BLOB_BLOCK; one++)
                if ((blob_byte)(blob[one + i] | fold[i]) == sought[i]
                    && blob_same(blob + one, sought, fold, length))
                    return 1;
        }
        for (; at <= last; at++)
            if ((blob_byte)(blob[at + i] | fold[i]) == sought[i]
                && blob_same(blob + at, sought, fold, length))
                return 1;
        return 0;
    }

    static int blob_holds_plain(const blob_byte* blob, long long size,
                                const blob_byte* sought, const blob_byte* fold, long long length,
                                long long i, long long j)
    {
        return blob_sought(blob, size, sought, fold, length, i, j);
    }

    #if defined(__GNUC__) && defined(__x86_64__)
    __attribute__((target("avx2")))
    static int blob_holds_wide(const blob_byte* blob, long long size,
                               const blob_byte* sought, const blob_byte* fold, long long length,
                               long long i, long long j)
    {
        return blob_sought(blob, size, sought, fold, length, i, j);
    }

    #define BLOB_WIDE __builtin_cpu_supports("avx2")
    #else
    #define blob_holds_wide blob_holds_plain
    #define BLOB_WIDE 0
    #endif

    /* Bytes that are sought; those at first and second are the rarest of them. */
    typedef struct {
        const blob_byte *sought, *fold;
        long long length, first, second;
    } blob_text;

    /* What a sieve is told, and what it tells. */
    typedef struct {
        long long room, row, beyond, looked;
        int found, unread, full, over;
        const blob_text* texts;     /* of which the first one is the anchor */
        long long count;
        int decides, looks_closer;
        void* owner;
        int (*closer)(void* owner, const blob_byte* blob, long long size);
    } blob_sieve;

    enum { BLOB_LACKS, BLOB_HOLDS, BLOB_CLOSER };

    static int blob_holds_text(const blob_text* text, const blob_byte* blob, long long size)
    {
        return (BLOB_WIDE ? blob_holds_wide : blob_holds_plain)(
            blob, size, text->sought, text->fold, text->length, text->first, text->second);
    }

    static int blob_told(const blob_text* texts, long long count, int decides, int looks_closer,
                         const blob_byte* blob, long long size)
    {
        if (blob_holds_text(texts, blob, size))
            return decides || !looks_closer ? BLOB_HOLDS : BLOB_CLOSER;
        for (long long other = 1; other < count; other++)
            if (blob_holds_text(texts + other, blob, size))
                return looks_closer ? BLOB_CLOSER : BLOB_HOLDS;
        return BLOB_LACKS;
    }

    /* SQLite's functions, as sqlite3_api_routines has them: it only ever grows at its end. */
    typedef void (*sql_call)(void);
    enum {
        SQL_RESULT_INT = 82, SQL_USER_DATA = 101, SQL_VALUE_BLOB = 102, SQL_VALUE_BYTES = 103,
        SQL_VALUE_INT64 = 107, SQL_VALUE_TYPE = 113, SQL_CREATE_FUNCTION = 162
    };
    enum { SQL_BLOB = 4, SQL_NULL = 5, SQL_UTF8 = 1 };
    static const sql_call* sql_calls = 0;

    #ifdef _WIN32
    __declspec(dllexport)
    #else
    __attribute__((visibility("default")))
    #endif
    int blob_sieve_loaded(void* connection, char** problem, const sql_call* calls)
    {
        (void)connection; (void)problem;
        sql_calls = calls;
        return 0;
    }

    static void blob_row(void* context, int count, void** values)
    {
        blob_sieve* sieve = (blob_sieve*)((void* (*)(void*))sql_calls[SQL_USER_DATA])(context);
        int type = ((int (*)(void*))sql_calls[SQL_VALUE_TYPE])(values[0]);
        const blob_byte* blob = 0;
        int size = 0;
        (void)count;
        sieve->room -= sieve->row;
        sieve->found = 0;
        if (type == SQL_BLOB) {
            blob = (const blob_byte*)((const void* (*)(void*))sql_calls[SQL_VALUE_BLOB])(values[0]);
            size = ((int (*)(void*))sql_calls[SQL_VALUE_BYTES])(values[0]);
        }
        if (type == SQL_BLOB && (blob || !size)) {
            int told = blob_told(sieve->texts, sieve->count, sieve->decides, sieve->looks_closer,
                                 blob, size);
            sieve->looked++;
            sieve->room -= size;
            sieve->found = told == BLOB_CLOSER ? sieve->closer(sieve->owner, blob, size) : told;
        } else if (type == SQL_NULL || type == SQL_BLOB) { /* of a blob there was no room for */
            sieve->looked++;
            sieve->found = sieve->unread = 1;
        } else
            sieve->over = ((long long (*)(void*))sql_calls[SQL_VALUE_INT64])(values[0])
                          == sieve->beyond;
        if (sieve->room < 0)
            sieve->full = 1;
        ((void (*)(void*, int))sql_calls[SQL_RESULT_INT])(
            context, sieve->found || sieve->full || sieve->over);
    }

    typedef void (*blob_row_call)(void*, int, void**);

    /* A connection calls the sieve by a name from now on; it is let go by a call in any case. */
    static int blob_sieve_serve(long long connection, const char* name, blob_sieve* sieve,
                                void (*let_go)(void*))
    {
        typedef int (*create)(void*, const char*, int, int, void*, blob_row_call, void*, void*,
                              void (*)(void*));
        return ((create)sql_calls[SQL_CREATE_FUNCTION])(
            (void*)(size_t)connection, name, 1, SQL_UTF8, sieve, blob_row, 0, 0, let_go);
    }

    static int blob_sieve_can_serve(void)
    {
        return sql_calls != 0;
    }

    /* A table without row numbers, or an index, gone through by its tree in the order of its key. */

    enum { WALK_END, WALK_ROW, WALK_FULL, WALK_PAUSE, WALK_UNSURE };

    #include <stdlib.h>

    #define WALK_BLOCK (64 << 10)       /* bytes that are read at once; of each size a multiple */
    #define WALK_BLOCKS 4
    #define WALK_IN_VAIN 16             /* blocks in turn, of which little was of use */
    #define WALK_SINGLE 1024            /* pages that are read one by one after those */
    #define WALK_DEPTH 20
    #define WALK_LONGEST 256            /* bytes of a text that is sought in pieces of a blob */
    #define WALK_BETWEEN (256 << 10)    /* bytes between two looks at the clock */
    #define WALK_PENDING 0x40000000     /* where locks are taken: no page of a tree */

    typedef struct {
        blob_byte* bytes;
        long long number, held;
        unsigned long long used, age;
    } walk_block;

    typedef struct {
        blob_byte* bytes;
        int count, cell, inner;
    } walk_level;

    /* A row as far as it lies in its page. */
    typedef struct {
        const blob_byte* local;
        long long size, length, overflow;
        const blob_byte *kind, *id;
        long long kind_size, id_size, data, data_size;
    } walk_row;

    /* sqlite3_file, and of its sqlite3_io_methods what has been there from the first version on. */
    typedef struct walk_file walk_file;
    typedef struct {
        int version;
        void (*close)(void);
        int (*read)(walk_file*, void*, int, long long);
        void (*writing[3])(void);
        int (*size)(walk_file*, long long*);
    } walk_methods;
    struct walk_file { const walk_methods* methods; };

    typedef struct {
        walk_file* file;
        int places[3], legacy;
        long long page, usable, pages, root, most_data, row;
        const blob_byte *kind, *after;
        long long kind_size, after_size;    /* -1 for the beginning of the kind */
        const blob_text* texts;
        long long count, carried;

        walk_block blocks[WALK_BLOCKS];
        blob_byte* alone;
        unsigned long long age;
        int poor, single;

        walk_level path[WALK_DEPTH];
        int depth;                          /* -1 where there are no more */
        blob_byte* last;                    /* the id of the row before */
        long long last_size;
        long long looked, passed, room, since;
    } row_walk;

    #ifdef _WIN32
    /* Files are shared in another way there. */
    static int walk_begin(row_walk* walk)
    {
        (void)walk;
        return 0;
    }

    static int walk_run(row_walk* walk, long long pause)
    {
        (void)walk; (void)pause;
        return WALK_UNSURE;
    }
    #else
    #include <time.h>

    /* Bytes of the file, fewer at its end; 0 where they cannot be read. */
    static long long walk_bytes(row_walk* walk, blob_byte* room, long long amount, long long offset)
    {
        long long left = walk->pages * walk->page - offset;
        if (amount > left)
            amount = left;
        return walk->file->methods->read(walk->file, room, (int)amount, offset) ? 0 : amount;
    }

    /* A page of the file, there until the next one is asked for; 0 where there is none. */
    static const blob_byte* walk_page(row_walk* walk, long long number)
    {
        long long offset = (number - 1) * walk->page, block = offset / WALK_BLOCK;
        walk_block* chosen = walk->blocks;
        if (number < 1 || number > walk->pages || number == WALK_PENDING / walk->page + 1)
            return 0;
        for (int at = 0; at < WALK_BLOCKS; at++) {
            walk_block* one = walk->blocks + at;
            if (one->held && one->number == block) {
                if (offset % WALK_BLOCK + walk->page > one->held)
                    return 0;
                one->used++;
                one->age = ++walk->age;
                return one->bytes + offset % WALK_BLOCK;
            }
            if (one->age < chosen->age)
                chosen = one;
        }
        if (walk->single) {
            walk->single--;
            if (!walk->alone && !(walk->alone = (blob_byte*)malloc((size_t)walk->page)))
                return 0;
            return walk_bytes(walk, walk->alone, walk->page, offset) ? walk->alone : 0;
        }
        if (chosen->held) {
            /* Where pages do not lie side by side, more of them costs more than it brings. */
            walk->poor = chosen->used * 4 < (unsigned long long)(WALK_BLOCK / walk->page)
                ? walk->poor + 1 : 0;
            if (walk->poor == WALK_IN_VAIN) {
                walk->poor = 0;
                walk->single = WALK_SINGLE;
                return walk_page(walk, number);
            }
        }
        if (!chosen->bytes && !(chosen->bytes = (blob_byte*)malloc(WALK_BLOCK)))
            return 0;
        chosen->held = walk_bytes(walk, chosen->bytes, WALK_BLOCK, block * WALK_BLOCK);
        if (!chosen->held)
            return 0;
        chosen->number = block;
        chosen->used = 1;
        chosen->age = ++walk->age;
        return offset % WALK_BLOCK + walk->page <= chosen->held
            ? chosen->bytes + offset % WALK_BLOCK : 0;
    }

    static long long walk_number(const blob_byte* at, int bytes)
    {
        long long value = 0;
        for (int i = 0; i < bytes; i++)
            value = value << 8 | at[i];
        return value;
    }

    /* A number of as many bytes as it needs, of which five are enough here; 0 where it is none. */
    static int walk_varint(const blob_byte** at, const blob_byte* end, long long* value)
    {
        *value = 0;
        for (int i = 0; i < 5 && *at < end; i++) {
            blob_byte one = *(*at)++;
            *value = *value << 7 | (one & 0x7F);
            if (one < 0x80)
                return *value <= 0x7FFFFFFF;
        }
        return 0;
    }

    /* Where a cell's row begins and ends within its page. */
    static int walk_cell(const row_walk* walk, const walk_level* level, int cell, walk_row* row)
    {
        long long begin = level->inner ? 12 : 8, usable = walk->usable;
        long long least = (usable - 12) * 32 / 255 - 23, most = (usable - 12) * 64 / 255 - 23;
        long long place = walk_number(level->bytes + begin + 2 * cell, 2);
        const blob_byte *at, *end = level->bytes + usable;
        if (place < begin + 2 * level->count || place > usable - 4 - level->inner)
            return 0;
        at = level->bytes + place + (level->inner ? 4 : 0);
        if (!walk_varint(&at, end, &row->size))
            return 0;
        row->local = at;
        row->length = row->size;
        row->overflow = 0;
        if (row->size > most) {
            row->length = least + (row->size - least) % (usable - 4);
            if (row->length > most)
                row->length = least;
        }
        if (row->length > end - at)
            return 0;
        if (row->length < row->size) {
            if (row->length + 4 > end - at)
                return 0;
            row->overflow = walk_number(at + row->length, 4);
        }
        return 1;
    }

    /* The columns of a row that are of use; its key has to lie in the page. */
    static int walk_columns(const row_walk* walk, walk_row* row)
    {
        static const int sizes[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0};
        const blob_byte *at = row->local, *end = row->local + row->length;
        long long start, found = 0, wanted = walk->places[2] < 0 ? 2 : 3;
        row->data = row->data_size = 0;
        if (!walk_varint(&at, end, &start) || start > row->length)
            return 0;
        end = row->local + start;
        for (int column = 0; at < end; column++) {
            long long type, size;
            if (!walk_varint(&at, end, &type) || type == 10 || type == 11)
                return 0;
            size = type > 11 ? (type - 12) / 2 : sizes[type];
            for (int one = 0; one < 3; one++) {
                if (walk->places[one] != column)
                    continue;
                /* Texts are texts, and blobs too; the key is texts. */
                if (type < 12 || (one < 2 && !(type & 1)))
                    return 0;
                if (one < 2 && start + size > row->length)
                    return 0;
                found++;
                if (one == 0)
                    row->kind = row->local + start, row->kind_size = size;
                else if (one == 1)
                    row->id = row->local + start, row->id_size = size;
                else
                    row->data = start, row->data_size = size;
            }
            start += size;
            if (start > row->size)
                return 0;
        }
        return at == end && found == wanted && start == row->size && row->data_size <= walk->most_data;
    }

    static int walk_compared(const blob_byte* one, long long size,
                             const blob_byte* other, long long other_size)
    {
        long long less = size < other_size ? size : other_size;
        int way = less ? memcmp(one, other, (size_t)less) : 0;
        return way ? way : size < other_size ? -1 : size > other_size;
    }

    /* Go down to a page: the whole of it has to be sound. */
    static int walk_down(row_walk* walk, long long number)
    {
        walk_level* level;
        const blob_byte* page;
        walk_row row;
        if (walk->depth + 1 >= WALK_DEPTH || number == 1 || !(page = walk_page(walk, number)))
            return 0;
        level = walk->path + walk->depth + 1;
        if (!level->bytes && !(level->bytes = (blob_byte*)malloc((size_t)walk->page)))
            return 0;
        memcpy(level->bytes, page, (size_t)walk->page);
        if (page[0] != 2 && page[0] != 10)
            return 0;
        level->inner = page[0] == 2;
        level->count = (int)walk_number(page + 3, 2);
        level->cell = 0;
        if ((level->inner ? 12 : 8) + 2 * level->count > walk->usable
            || (!level->count && (level->inner || number != walk->root)))
            return 0;
        for (int cell = 0; cell < level->count; cell++)
            if (!walk_cell(walk, level, cell, &row))
                return 0;
        walk->depth++;
        return 1;
    }

    static long long walk_child(const walk_level* level, int cell)
    {
        const blob_byte* bytes = level->bytes;
        return walk_number(
            cell < level->count ? bytes + walk_number(bytes + 12 + 2 * cell, 2) : bytes + 8, 4);
    }

    /* Go to the first row that is wanted. */
    static int walk_start(row_walk* walk)
    {
        long long number = walk->root;
        for (;;) {
            walk_level* level;
            int low = 0;
            if (!walk_down(walk, number))
                return 0;
            level = walk->path + walk->depth;
            for (int high = level->count; low < high;) {
                int middle = (low + high) / 2, way;
                walk_row row;
                if (!walk_cell(walk, level, middle, &row) || !walk_columns(walk, &row))
                    return 0;
                way = walk_compared(row.kind, row.kind_size, walk->kind, walk->kind_size);
                if (!way)
                    way = walk->after_size < 0
                        ? 1 : walk_compared(row.id, row.id_size, walk->after, walk->after_size);
                if (way > 0)
                    high = middle;
                else
                    low = middle + 1;
            }
            level->cell = low;
            if (!level->inner)
                return 1;
            number = walk_child(level, low);
        }
    }

    /* The next row in order: 0 where there are no more, -1 where that is not sure. */
    static int walk_next(row_walk* walk, walk_row* row)
    {
        for (;;) {
            walk_level* level;
            if (walk->depth < 0)
                return 0;
            level = walk->path + walk->depth;
            if (level->cell == level->count) {
                walk->depth--;
                continue;
            }
            if (!walk_cell(walk, level, level->cell, row) || !walk_columns(walk, row))
                return -1;
            level->cell++;
            return 1;
        }
    }

    /* After a row of an inner page come those of the page behind it. */
    static int walk_on(row_walk* walk)
    {
        walk_level* level = walk->path + walk->depth;
        while (level->inner) {
            if (!walk_down(walk, walk_child(level, level->cell)))
                return 0;
            level = walk->path + walk->depth;
        }
        return 1;
    }

    /* As inspector.store.legacy says; -1 where a text may end early. */
    static int walk_is_legacy(const walk_row* row, int how)
    {
        static const char mark[] = "_audit/";
        const blob_byte* id = row->id;
        long long size = row->id_size, stem = size, length = sizeof(mark) - 1;
        if (!how || !size)
            return 0;
        if (memchr(id, 0, (size_t)size))
            return -1;
        while (stem && id[stem - 1] >= '0' && id[stem - 1] <= '9')
            stem--;
        if (stem == size || !stem || id[stem - 1] != '/')
            return 0;
        if (how == 2)
            return stem > 1;
        for (long long at = 0; at + length <= size; at++)
            if (!memcmp(id + at, mark, (size_t)length))
                return stem > at + length + 1;
        return 0;
    }

    typedef struct {
        blob_byte bytes[2 * WALK_LONGEST];
        long long held;
    } walk_carry;

    /* Whether one of the texts stands in the next piece of a blob, or across its beginning. */
    static int walk_piece(const row_walk* walk, walk_carry* carry, const blob_byte* piece,
                          long long size)
    {
        long long most = walk->carried, taken = size < most ? size : most;
        for (long long one = 0; one < walk->count; one++)
            if (blob_holds_text(walk->texts + one, piece, size))
                return 1;
        if (carry->held && taken) {
            memcpy(carry->bytes + carry->held, piece, (size_t)taken);
            for (long long one = 0; one < walk->count; one++)
                if (blob_holds_text(walk->texts + one, carry->bytes, carry->held + taken))
                    return 1;
        }
        if (size >= most) {
            memcpy(carry->bytes, piece + size - most, (size_t)most);
            carry->held = most;
        } else {
            if (!carry->held)
                memcpy(carry->bytes, piece, (size_t)size);
            carry->held += size;
            if (carry->held > most) {
                memmove(carry->bytes, carry->bytes + carry->held - most, (size_t)most);
                carry->held = most;
            }
        }
        return 0;
    }

    /* Whether a row's blob may hold what is sought; -1 where not all of it is there. */
    static int walk_told(row_walk* walk, const walk_row* row)
    {
        walk_carry carry;
        long long from = row->data, left = row->data_size, begin = 0, size = row->length;
        long long following = row->overflow;
        const blob_byte* bytes = row->local;
        carry.held = 0;
        while (left) {
            if (from < begin + size) {
                long long length = begin + size - from;
                if (length > left)
                    length = left;
                if (walk_piece(walk, &carry, bytes + (from - begin), length))
                    return 1;
                from += length;
                left -= length;
                if (!left)
                    break;
            }
            bytes = walk_page(walk, following);
            if (!bytes)
                return -1;
            following = walk_number(bytes, 4);
            bytes += 4;
            begin += size;
            size = walk->usable - 4;
            if (size > row->size - begin)
                size = row->size - begin;
            if (size <= 0)
                return -1;
        }
        return 0;
    }

    static long long walk_clock(void)
    {
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        return now.tv_sec * 1000000000LL + now.tv_nsec;
    }

    /* Go on to the next row that may hold it, to the end of the room, or for some nanoseconds. */
    static int walk_run(row_walk* walk, long long pause)
    {
        long long until = walk_clock() + pause;
        for (;;) {
            walk_row row;
            int told, legacy;
            if (walk->room < 0)
                return WALK_FULL;
            if (walk->since > WALK_BETWEEN) {
                walk->since = 0;
                if (walk_clock() > until)
                    return WALK_PAUSE;
            }
            told = walk_next(walk, &row);
            if (told < 0)
                return WALK_UNSURE;
            if (!told || walk_compared(row.kind, row.kind_size, walk->kind, walk->kind_size) > 0)
                return WALK_END;
            if (walk_compared(row.kind, row.kind_size, walk->kind, walk->kind_size) < 0
                || (walk->last_size >= 0
                    && walk_compared(row.id, row.id_size, walk->last, walk->last_size) <= 0))
                return WALK_UNSURE;
            legacy = walk_is_legacy(&row, walk->legacy);
            told = legacy ? legacy : walk_told(walk, &row);
            if (told < 0)
                return WALK_UNSURE;
            memcpy(walk->last, row.id, (size_t)row.id_size);
            walk->last_size = row.id_size;
            walk->room -= walk->row;
            walk->since += walk->row;
            if (!walk_on(walk))
                return WALK_UNSURE;
            if (legacy) {
                walk->passed++;
                continue;
            }
            walk->looked++;
            walk->room -= row.data_size;
            walk->since += row.data_size;
            if (told)
                return WALK_ROW;
        }
    }

    /* Whether there is room for it, and a first row or none. */
    static int walk_begin(row_walk* walk)
    {
        long long size;
        walk->depth = walk->last_size = -1;
        walk->carried = 0;
        for (long long one = 0; one < walk->count; one++) {
            if (walk->texts[one].length > WALK_LONGEST)
                return 0;
            if (walk->texts[one].length - 1 > walk->carried)
                walk->carried = walk->texts[one].length - 1;
        }
        if (walk->page < 512 || walk->page > 65536 || WALK_BLOCK % walk->page
            || walk->usable < 480 || walk->usable > walk->page
            || walk->file->methods->size(walk->file, &size))
            return 0;
        if (walk->pages > size / walk->page)
            walk->pages = size / walk->page;
        walk->last = (blob_byte*)malloc((size_t)walk->page);
        return walk->last && walk_start(walk);
    }
    #endif

    static void walk_close(row_walk* walk)
    {
        for (int at = 0; at < WALK_BLOCKS; at++)
            free(walk->blocks[at].bytes);
        for (int at = 0; at < WALK_DEPTH; at++)
            free(walk->path[at].bytes);
        free(walk->alone);
        free(walk->last);
    }
    """
    ctypedef struct blob_text:
        const unsigned char* sought
        const unsigned char* fold
        long long length, first, second

    ctypedef struct blob_sieve:
        long long room, row, beyond, looked
        int found, unread, full, over
        const blob_text* texts
        long long count
        int decides, looks_closer
        void* owner
        int (*closer)(void*, const unsigned char*, long long) noexcept

    int BLOB_HOLDS, BLOB_CLOSER
    int blob_told(const blob_text*, long long, int, int, const unsigned char*, long long) noexcept
    int blob_sieve_serve(long long, const char*, blob_sieve*, void (*)(void*) noexcept) noexcept
    int blob_sieve_can_serve() noexcept

    ctypedef struct walk_file:
        pass

    ctypedef struct row_walk:
        walk_file* file
        int places[3]
        int legacy
        long long page, usable, pages, root, most_data, row
        const unsigned char* kind
        const unsigned char* after
        long long kind_size, after_size
        const blob_text* texts
        long long count
        const unsigned char* last
        long long last_size
        long long looked, passed, room

    int WALK_END, WALK_ROW, WALK_FULL, WALK_PAUSE, WALK_UNSURE
    int walk_begin(row_walk*) noexcept nogil
    int walk_run(row_walk*, long long) noexcept nogil
    void walk_close(row_walk*) noexcept

cdef enum:
    LETTER = 0x20           # what makes a small letter of a capital one

#: Bytes that blobs are full of, the most frequent first; all others are rarer.
cdef bytes FREQUENT = b" etaoinsrhldcumpfgwybv\x00\n\x12\x1ak-_./0123456789,x\"jqz"


cdef int rarity(int one):
    cdef int place = FREQUENT.find(bytes([one]).lower())
    return place if place >= 0 else 256


cdef class BlobFinder:
    cdef blob_text* texts
    cdef Py_ssize_t count
    cdef list kept          # the bytes that they are made of
    cdef bint decides
    cdef object closer

    def __cinit__(self, bytes anchor not None, bint ignore_case, bint decides, others, closer):
        sought = [anchor, *others]
        if not all(sought):
            raise ValueError("nothing is sought")
        self.kept = []
        self.texts = <blob_text*>calloc(len(sought), sizeof(blob_text))
        if self.texts == NULL:
            raise MemoryError
        for one in sought:
            self.seek(one, ignore_case and self.count == 0)
        self.decides = decides
        self.closer = closer

    def __dealloc__(self):
        free(self.texts)

    cdef seek(self, bytes sought, bint ignore_case):
        cdef bytes letters = b"abcdefghijklmnopqrstuvwxyz"
        cdef bytes fold = bytes(
            LETTER if ignore_case and one in letters else 0 for one in sought
        )
        cdef blob_text* text = self.texts + self.count
        self.kept += (sought, fold)
        # Those that are not among the frequent ones come first.
        places = sorted(range(len(sought)), key=lambda at: rarity(sought[at]), reverse=True)
        text.sought = <const unsigned char*>PyBytes_AS_STRING(sought)
        text.fold = <const unsigned char*>PyBytes_AS_STRING(fold)
        text.length = len(sought)
        text.first = places[0]
        text.second = places[1] if len(places) > 1 else places[0]
        self.count += 1

    cdef bint may_be_in(self, bytes data) except -1:
        cdef int told = blob_told(
            self.texts, self.count, self.decides, self.closer is not None,
            <const unsigned char*>PyBytes_AS_STRING(data), PyBytes_GET_SIZE(data),
        )
        return bool(self.closer(data)) if told == BLOB_CLOSER else told == BLOB_HOLDS

    def __call__(self, bytes data not None):
        return self.may_be_in(data)


cdef class BlobSieve:
    cdef object may_hold
    cdef BlobFinder finder
    cdef blob_sieve told
    cdef object failed

    def __cinit__(self, may_hold, long long room, long long row, long long beyond):
        self.may_hold = may_hold
        self.finder = may_hold if isinstance(may_hold, BlobFinder) else None
        self.told.room = room
        self.told.row = row
        self.told.beyond = beyond
        self.told.owner = <void*>self
        self.told.closer = look_closer
        if self.finder is not None:
            self.told.texts = self.finder.texts
            self.told.count = self.finder.count
            self.told.decides = self.finder.decides
            self.told.looks_closer = self.finder.closer is not None

    @property
    def looked(self):
        return self.told.looked

    @property
    def found(self):
        if self.failed is not None:
            raise self.failed
        return bool(self.told.found)

    @property
    def unread(self):
        return bool(self.told.unread)

    @property
    def full(self):
        return bool(self.told.full)

    @property
    def over(self):
        return bool(self.told.over)

    def serve(self, long long connection, bytes name not None):
        if self.finder is None or not blob_sieve_can_serve():
            return False
        Py_INCREF(self)
        return blob_sieve_serve(connection, name, &self.told, let_go) == 0

    def __call__(self, data):
        cdef blob_sieve* told = &self.told
        told.room -= told.row
        told.found = False
        if isinstance(data, bytes):
            told.looked += 1
            told.room -= PyBytes_GET_SIZE(data)
            if self.finder is not None:
                told.found = self.finder.may_be_in(data)
            else:
                told.found = bool(self.may_hold(data))
        elif data is None:
            told.looked += 1
            told.found = told.unread = True
        else:
            told.over = data == told.beyond
        if told.room < 0:
            told.full = True
        return bool(told.found or told.full or told.over)


cdef int look_closer(void* owner, const unsigned char* blob, long long size) noexcept with gil:
    """The closer look that Python takes; where it fails the row is handed out, and tells that."""
    cdef BlobSieve sieve = <BlobSieve>owner
    try:
        return bool(sieve.finder.closer(PyBytes_FromStringAndSize(<const char*>blob, size)))
    except BaseException as error:
        sieve.failed = error
        return True


cdef int end_as_asked() except? -1:
    """Raise what was raised in Python while it was called by way of SQLite's file layer."""
    return -1 if PyErr_Occurred() != NULL else 0


cdef void let_go(void* told) noexcept with gil:
    Py_DECREF(<BlobSieve>(<blob_sieve*>told).owner)


cdef class RowWalk:
    """A walk through the rows of a kind, in the order of their ids, by the pages of the file.

    Attributes:
        looked: how many records it has passed.
        passed: how many rows that are versions.
        last: the id of the last row; None before the first.
    """

    cdef row_walk told
    cdef BlobFinder finder
    cdef bytes kind, after
    cdef bint begun, unsure
    cdef long long pause

    # finder: tells what is sought; None where rows are counted. file: its address, as SQLite knows it. tree: a KeyTree. kind: its bytes.
    # after: the id behind which it begins, or None. legacy: 0 where no row is a version, 1 where
    # its id may say so, 2 where its kind does. most_data: bytes of a blob that are looked at.
    # row: those that a row counts besides. pause: seconds.
    def __cinit__(
        self, BlobFinder finder, size_t file, tree, bytes kind not None, after,
        int legacy, long long most_data, long long row, double pause,
    ):
        self.finder, self.kind, self.after = finder, kind, after
        self.pause = <long long>(pause * 1e9)
        cdef row_walk* told = &self.told
        told.file = <walk_file*>file
        told.page, told.usable, told.pages, told.root = tree.size, tree.usable, tree.pages, tree.root
        told.places[0], told.places[1], told.places[2] = tree.kind, tree.id, tree.data
        told.legacy, told.most_data, told.row = legacy, most_data, row
        told.kind = <const unsigned char*>PyBytes_AS_STRING(self.kind)
        told.kind_size = len(self.kind)
        told.after_size = -1
        if self.after is not None:
            told.after = <const unsigned char*>PyBytes_AS_STRING(self.after)
            told.after_size = len(self.after)
        if finder is not None:
            told.texts, told.count = finder.texts, finder.count

    def __dealloc__(self):
        walk_close(&self.told)

    @property
    def looked(self):
        return self.told.looked

    @property
    def passed(self):
        return self.told.passed

    @property
    def last(self):
        if not self.begun or self.told.last_size < 0:
            return None
        return PyBytes_FromStringAndSize(<const char*>self.told.last, self.told.last_size)

    def run(self, long long room):
        """Go on until there is something to tell.

        Args:
            room: bytes to be looked at beyond those it was allowed before.

        Returns:
            ROW: what is sought may be in the last row. END: there are no more rows of the kind.
            FULL: it has looked at as much as it may. PAUSE: some time is over. UNSURE: something is
            not as usual, and what comes is for SQLite to tell.

        Raises:
            apsw.Error: what the file layer has raised; it may be that the reading is to end.
        """
        cdef int told
        self.told.room += room
        if self.unsure:
            return UNSURE
        with nogil:
            told = WALK_PAUSE if self.begun or walk_begin(&self.told) else WALK_UNSURE
            if told == WALK_PAUSE:
                told = walk_run(&self.told, self.pause)
        self.begun = True
        self.unsure = told == WALK_UNSURE
        end_as_asked()
        return told


END, ROW, FULL, PAUSE, UNSURE = WALK_END, WALK_ROW, WALK_FULL, WALK_PAUSE, WALK_UNSURE
