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
from cpython.ref cimport Py_DECREF, Py_INCREF
from libc.stdlib cimport calloc, free

cdef extern from *:
    """
    #include <string.h>

    typedef unsigned char blob_byte;

    #define BLOB_BLOCK 64

    /* Whether two bytes stand at one of the places of a block; compilers make vectors of it. */
    static inline int blob_block(const blob_byte* first, const blob_byte* second,
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
    static int blob_holds(const blob_byte* blob, long long size,
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
        return blob_holds(blob, size, text->sought, text->fold, text->length,
                          text->first, text->second);
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
        (void)count;
        sieve->room -= sieve->row;
        sieve->found = 0;
        if (type == SQL_BLOB) {
            const blob_byte* blob =
                (const blob_byte*)((const void* (*)(void*))sql_calls[SQL_VALUE_BLOB])(values[0]);
            int size = ((int (*)(void*))sql_calls[SQL_VALUE_BYTES])(values[0]);
            int told = blob_told(sieve->texts, sieve->count, sieve->decides, sieve->looks_closer,
                                 blob, size);
            sieve->looked++;
            sieve->room -= size;
            sieve->found = told == BLOB_CLOSER ? sieve->closer(sieve->owner, blob, size) : told;
        } else if (type == SQL_NULL) {
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


cdef void let_go(void* told) noexcept with gil:
    Py_DECREF(<BlobSieve>(<blob_sieve*>told).owner)
