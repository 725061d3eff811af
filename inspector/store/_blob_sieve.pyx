# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
# cython: initializedcheck=False, embedsignature=False
"""What blobs may hold a text, told by their bytes: two of its rarest bytes are sought at once.

What each class does is said where it stands in Python, in :mod:`inspector.store.blob_finder`.
No byte is read that does not lie within the blob.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE

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
    """
    int blob_holds(const unsigned char*, long long, const unsigned char*, const unsigned char*,
                   long long, long long, long long) noexcept

cdef enum:
    LETTER = 0x20           # what makes a small letter of a capital one

#: Bytes that blobs are full of, the most frequent first; all others are rarer.
cdef bytes FREQUENT = b" etaoinsrhldcumpfgwybv\x00\n\x12\x1ak-_./0123456789,x\"jqz"


cdef int rarity(int one):
    cdef int place = FREQUENT.find(bytes([one]).lower())
    return place if place >= 0 else 256


cdef class _Stretch:
    """Bytes that are sought, letters of ASCII perhaps in either case."""

    cdef bytes sought
    cdef bytes fold
    cdef Py_ssize_t first
    cdef Py_ssize_t second

    def __init__(self, bytes sought not None, bint ignore_case):
        cdef bytes letters = b"abcdefghijklmnopqrstuvwxyz"
        self.sought = sought
        self.fold = bytes(LETTER if ignore_case and one in letters else 0 for one in sought)
        # Those that are not among the frequent ones come first.
        places = sorted(range(len(sought)), key=lambda at: rarity(sought[at]), reverse=True)
        self.first = places[0]
        self.second = places[1] if len(places) > 1 else places[0]

    cdef bint within(self, const unsigned char* blob, Py_ssize_t size) noexcept:
        return blob_holds(
            blob, size, <const unsigned char*>PyBytes_AS_STRING(self.sought),
            <const unsigned char*>PyBytes_AS_STRING(self.fold), PyBytes_GET_SIZE(self.sought),
            self.first, self.second,
        )


cdef class BlobFinder:
    cdef _Stretch anchor
    cdef bint decides
    cdef list others
    cdef object closer

    def __init__(self, bytes anchor not None, bint ignore_case, bint decides, others, closer):
        if not anchor:
            raise ValueError("nothing is sought")
        self.anchor = _Stretch(anchor, ignore_case)
        self.decides = decides
        self.others = [_Stretch(one, False) for one in others]
        self.closer = closer

    cdef bint may_be_in(self, bytes data) except -1:
        cdef const unsigned char* blob = <const unsigned char*>PyBytes_AS_STRING(data)
        cdef Py_ssize_t size = PyBytes_GET_SIZE(data)
        if self.anchor.within(blob, size):
            return self.decides or self.look_closer(data)
        for other in self.others:
            if (<_Stretch>other).within(blob, size):
                return self.look_closer(data)
        return False

    cdef bint look_closer(self, bytes data) except -1:
        return True if self.closer is None else bool(self.closer(data))

    def __call__(self, bytes data not None):
        return self.may_be_in(data)


cdef class BlobSieve:
    cdef object may_hold
    cdef BlobFinder finder
    cdef Py_ssize_t room
    cdef Py_ssize_t row
    cdef object beyond
    cdef readonly Py_ssize_t looked
    cdef readonly bint found, unread, full, over

    def __init__(self, may_hold, Py_ssize_t room, Py_ssize_t row, beyond):
        self.may_hold = may_hold
        self.finder = may_hold if isinstance(may_hold, BlobFinder) else None
        self.room = room
        self.row = row
        self.beyond = beyond
        self.looked = 0
        self.found = self.unread = self.full = self.over = False

    def __call__(self, data):
        self.room -= self.row
        self.found = False
        if isinstance(data, bytes):
            self.looked += 1
            self.room -= PyBytes_GET_SIZE(data)
            if self.finder is not None:
                self.found = self.finder.may_be_in(data)
            else:
                self.found = bool(self.may_hold(data))
        elif data is None:
            self.looked += 1
            self.found = self.unread = True
        else:
            self.over = data == self.beyond
        if self.room < 0:
            self.full = True
        return self.found or self.full or self.over
