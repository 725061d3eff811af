# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
# cython: initializedcheck=False, embedsignature=False
"""Wire bytes to canonical protojson in one pass, without a tree: what is usual of records.

It answers exactly what the decoder and the JSON writer in Python would, or not at all: anything
that they would read with care, mention in a note, or choose a release for makes it give up. What
the messages are is told by :mod:`inspector.decode.transcoding`.

No byte is read that does not lie between the two pointers that each function is given. Recursion
is bounded by ``DEEPEST``; what has no bound (entries of maps, the text) lies on the heap. The
interpreter's lock is held all the while, which is what makes one set of buffers enough; only who
takes a long text in parts may let it go, and that text has buffers of its own.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from cpython.mem cimport PyMem_Free
from libc.stdlib cimport calloc, free, malloc, qsort, realloc
from libc.string cimport memcmp, memcpy, memset

cdef extern from "Python.h":
    char* PyOS_double_to_string(double, char, int, int, int*) except NULL

ctypedef unsigned char u8
ctypedef unsigned int u32
ctypedef unsigned long long u64
ctypedef long long i64

# The numbers are those of transcoding.WriteOp.
cdef enum Op:
    UNSUPPORTED = 0
    STRING = 1
    BYTES = 2
    MESSAGE = 3
    MAP = 4
    STRUCT = 5
    VALUE = 6
    LIST_VALUE = 7
    TIMESTAMP = 8
    DURATION = 9
    INT32 = 10
    INT64 = 11
    UINT32 = 12
    UINT64 = 13
    SINT32 = 14
    SINT64 = 15
    BOOL = 16
    ENUM = 17
    DOUBLE = 18
    FIXED32 = 19
    FIXED64 = 20
    SFIXED32 = 21
    SFIXED64 = 22

cdef enum Rule:
    PLAIN = 0
    ALWAYS = 1
    IF_FLAGGED = 2
    HEADER_KEYS = 3

cdef enum:
    DEEPEST = 100        # containers within each other
    MOST_DOUBTS = 1 << 16  # bytes of them
    KEPT = 1 << 22       # bytes of a buffer that is kept from one record to the next

cdef i64 LEAST_SECONDS = -62135596800
cdef i64 MOST_SECONDS = 253402300799
cdef i64 MOST_DURATION = 315576000000
cdef i64 MOST_NANOS = 999999999
cdef double EXACT = 9007199254740992.0
cdef const char* HEX = "0123456789abcdef"
cdef const char* BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

cdef struct EnumTable:
    int count               # names of the numbers below it
    const u8** names        # quoted; NULL where a number has none
    int* lengths
    int* marks              # -1 where a number tells nothing
    int* contested          # where a number ever had another name

cdef struct FieldPlan:
    int op
    int number
    int wire
    int repeated
    int packable
    int presence
    int oneof               # its bit, -1 for none
    int rule
    int mark                # -1 where the field tells nothing
    int contested
    const u8* key           # quoted, with the colon
    Py_ssize_t key_length
    EnumTable* values
    MessagePlan* message
    FieldPlan* entry        # of a map, its values
    MessagePlan** others    # what else it may be that holds secrets, each as its only field
    int other_count

cdef struct MessagePlan:
    int size                # of the table
    FieldPlan** table       # by number, NULL where there is no field
    int flag                # the number of is_secret where that decides, else 0
    int complete            # whether all fields are in the table

cdef struct Span:
    const u8* key
    Py_ssize_t key_length
    const u8* value         # with its tag
    Py_ssize_t value_length

cdef struct State:
    u8* text
    Py_ssize_t length
    Py_ssize_t capacity
    Span* spans
    Py_ssize_t span_count
    Py_ssize_t span_capacity
    u64* seen
    int words               # of seen
    int within_from         # the first bit of what stands within contested fields
    int contested
    int failed              # memory ran out
    int odd                 # it was given up since the bytes do not fit
    int probing             # whether they fit something else is looked at
    int quiet               # nothing is written
    int reveal
    int indent              # below 0: one line
    int level
    Py_ssize_t covered
    const u8** header_words
    Py_ssize_t* header_lengths
    int header_count
    MessagePlan* messages   # the first of them
    u8* doubts              # what may be a secret otherwise: place and length of each, and itself
    Py_ssize_t doubt_length
    void* taker             # takes the text in parts, a PartTaker; NULL where it is made as a whole
    int waits               # the text may yet be made anew from some place on
    Py_ssize_t room         # bytes that are handed on before such a text
    Py_ssize_t at_once      # bytes of a message whose text is not handed on before all is there


cdef class PartTaker:
    """What takes a long text in parts, and what it raised instead."""

    cdef object write
    cdef object raised


# The text

cdef int hand_on(State* s, const u8* text, Py_ssize_t length) noexcept:
    """Gives a part of the text to who takes it; 0 where that fails, and all that follows is let go."""
    cdef PartTaker taker = <PartTaker>s.taker
    try:
        taker.write(PyBytes_FromStringAndSize(<const char*>text, length))
    except BaseException as error:
        taker.raised = error
        s.failed = s.quiet = 1
        return 0
    return 1


cdef int hand_on_all(State* s) noexcept:
    """The same with what is there of the text."""
    cdef Py_ssize_t length = s.length
    s.length = 0
    return not length or hand_on(s, s.text, length)


cdef void put_long(State* s, const u8* text, Py_ssize_t length) noexcept:
    """Puts more than there is room for to a text that is handed on in parts."""
    if not hand_on_all(s):
        return
    while length > s.capacity:
        if not hand_on(s, text, s.capacity):
            return
        text += s.capacity
        length -= s.capacity
    memcpy(s.text, text, length)
    s.length = length


cdef int grow(State* s, Py_ssize_t more) noexcept:
    cdef Py_ssize_t capacity = s.capacity
    cdef u8* made
    if s.taker != NULL and not s.waits:
        if not hand_on_all(s):
            return 0
        if more <= capacity:
            return 1
    while capacity < s.length + more:
        capacity *= 2
    made = <u8*>realloc(s.text, capacity)
    if made == NULL:
        s.failed = 1
        return 0
    s.text = made
    s.capacity = capacity
    return 1


cdef inline void put(State* s, const void* text, Py_ssize_t length) noexcept:
    if s.quiet:
        return
    if s.length + length > s.capacity:
        if s.taker != NULL and not s.waits:
            put_long(s, <const u8*>text, length)
            return
        if not grow(s, length):
            return
    memcpy(s.text + s.length, text, length)
    s.length += length


cdef inline void put_char(State* s, u8 char) noexcept:
    if s.quiet or (s.length >= s.capacity and not grow(s, 1)):
        return
    s.text[s.length] = char
    s.length += 1


cdef void line(State* s, int depth) noexcept:
    cdef Py_ssize_t spaces
    if s.indent < 0 or s.quiet:
        return
    spaces = <Py_ssize_t>s.indent * (s.level + depth)
    if s.length + spaces + 1 > s.capacity and not grow(s, spaces + 1):
        return
    s.text[s.length] = 10
    memset(s.text + s.length + 1, 32, spaces)
    s.length += spaces + 1


cdef inline void next_item(State* s, int* first, int depth) noexcept:
    """The comma before all items but the first, and the line that an item begins."""
    if not first[0]:
        put_char(s, 44)
    first[0] = 0
    line(s, depth)


cdef inline void put_key(State* s, FieldPlan* field) noexcept:
    put(s, field.key, field.key_length)
    if s.indent >= 0:
        put_char(s, 32)


cdef inline void put_colon(State* s) noexcept:
    put_char(s, 58)
    if s.indent >= 0:
        put_char(s, 32)


cdef void put_number(State* s, u64 value, int negative) noexcept:
    cdef u8[24] digits
    cdef int at = 24
    while True:
        at -= 1
        digits[at] = <u8>(48 + value % 10)
        value //= 10
        if not value:
            break
    if negative:
        at -= 1
        digits[at] = 45
    put(s, &digits[at], 24 - at)


cdef void put_signed(State* s, i64 value) noexcept:
    if value < 0:
        put_number(s, <u64>(-(value + 1)) + 1, 1)
    else:
        put_number(s, <u64>value, 0)


cdef inline int odd(State* s) noexcept:
    """Gives up since the decoder in Python finds something odd here."""
    s.odd = 1
    return 0


cdef inline int is_plain(const u8* text, int escaped) noexcept:
    """Whether eight characters are ASCII, and where that matters none of those to be escaped.

    Each test sets the highest bit of a byte for which it holds. One that borrows from the next byte
    may set it there too, and has set its own.
    """
    cdef u64 word, quote, slash
    memcpy(&word, text, 8)
    if not escaped:
        return not word & <u64>0x8080808080808080
    quote = word ^ <u64>0x2222222222222222
    slash = word ^ <u64>0x5C5C5C5C5C5C5C5C
    return not (
        word | (word - <u64>0x2020202020202020)
        | (quote - <u64>0x0101010101010101) | (slash - <u64>0x0101010101010101)
    ) & <u64>0x8080808080808080


cdef int put_text(State* s, const u8* text, Py_ssize_t length, int write) noexcept:
    """Quoted; 0 where it is no UTF-8."""
    cdef Py_ssize_t at = 0, begun = 0
    cdef int escaped = write and not s.quiet
    cdef u8 c, d
    if write:
        put_char(s, 34)
    while at < length:
        if length - at >= 8 and is_plain(text + at, escaped):
            at += 8
            continue
        c = text[at]
        if c >= 0x20 and c < 0x80 and c != 34 and c != 92:
            at += 1
            continue
        if c >= 0x80:
            if c < 0xC2:
                return odd(s)
            if c < 0xE0:
                if length - at < 2 or (text[at + 1] & 0xC0) != 0x80:
                    return odd(s)
                at += 2
            elif c < 0xF0:
                if length - at < 3:
                    return odd(s)
                d = text[at + 1]
                if (d & 0xC0) != 0x80 or (text[at + 2] & 0xC0) != 0x80:
                    return odd(s)
                if (c == 0xE0 and d < 0xA0) or (c == 0xED and d > 0x9F):
                    return odd(s)
                at += 3
            elif c < 0xF5:
                if length - at < 4:
                    return odd(s)
                d = text[at + 1]
                if (
                    (d & 0xC0) != 0x80
                    or (text[at + 2] & 0xC0) != 0x80
                    or (text[at + 3] & 0xC0) != 0x80
                ):
                    return odd(s)
                if (c == 0xF0 and d < 0x90) or (c == 0xF4 and d > 0x8F):
                    return odd(s)
                at += 4
            else:
                return odd(s)
            continue
        if write:
            put(s, text + begun, at - begun)
            put_char(s, 92)
            if c == 34 or c == 92:
                put_char(s, c)
            elif c == 10:
                put_char(s, 110)
            elif c == 13:
                put_char(s, 114)
            elif c == 9:
                put_char(s, 116)
            elif c == 8:
                put_char(s, 98)
            elif c == 12:
                put_char(s, 102)
            else:
                put(s, b"u00", 3)
                put_char(s, HEX[c >> 4])
                put_char(s, HEX[c & 15])
        at += 1
        begun = at
    if write:
        put(s, text + begun, length - begun)
        put_char(s, 34)
    return 1


cdef void put_base64(State* s, const u8* data, Py_ssize_t length) noexcept:
    cdef Py_ssize_t at = 0
    cdef u32 word
    put_char(s, 34)
    while at < length:
        word = <u32>data[at] << 16
        if at + 1 < length:
            word |= <u32>data[at + 1] << 8
        if at + 2 < length:
            word |= data[at + 2]
        put_char(s, BASE64[word >> 18 & 63])
        put_char(s, BASE64[word >> 12 & 63])
        put_char(s, BASE64[word >> 6 & 63] if at + 1 < length else 61)
        put_char(s, BASE64[word & 63] if at + 2 < length else 61)
        at += 3
    put_char(s, 34)


cdef int put_double(State* s, double value) except -1:
    """As json_text.number has it."""
    cdef char* made
    cdef u8[32] digits
    cdef int count = 0, at = 0, power = 0, step, negative = 0, sign
    cdef i64 whole
    if value != value:
        put(s, b'"NaN"', 5)
        return 1
    if value - value != 0:
        if value > 0:
            put(s, b'"Infinity"', 10)
        else:
            put(s, b'"-Infinity"', 11)
        return 1
    if -EXACT < value < EXACT:
        whole = <i64>value
        if <double>whole == value:
            if whole == 0 and 1.0 / value < 0:
                put(s, b"-0", 2)
            else:
                put_signed(s, whole)
            return 1
    if s.quiet:
        return 1
    made = PyOS_double_to_string(value, b"r", 0, 0, NULL)
    while made[at] and made[at] != 101:
        at += 1
    if not made[at]:
        put(s, made, at)
        PyMem_Free(made)
        return 1
    # The digits are right, but the bounds of the exponent are others in JSON.
    sign = 0
    step = at + 1
    if made[step] == 45:
        sign = 1
    if made[step] == 45 or made[step] == 43:
        step += 1
    while made[step]:
        power = power * 10 + (made[step] - 48)
        step += 1
    if sign:
        power = -power
    step = 0
    if made[0] == 45:
        negative = 1
        step = 1
    while step < at and count < 32:
        if made[step] != 46:
            digits[count] = <u8>made[step]
            count += 1
        step += 1
    PyMem_Free(made)
    while count > 1 and digits[count - 1] == 48:
        count -= 1
    if negative:
        put_char(s, 45)
    if power < -6 or power >= 21:
        put_char(s, digits[0])
        if count > 1:
            put_char(s, 46)
            put(s, &digits[1], count - 1)
        put_char(s, 101)
        put_char(s, 45 if power < 0 else 43)
        put_number(s, <u64>(-power if power < 0 else power), 0)
    elif power < 0:
        put(s, b"0.", 2)
        for step in range(-power - 1):
            put_char(s, 48)
        put(s, digits, count)
    else:
        for step in range(power + 1):
            put_char(s, digits[step] if step < count else 48)
        if count > power + 1:
            put_char(s, 46)
            put(s, &digits[power + 1], count - power - 1)
    return 1


# The wire

cdef inline int varint(const u8** place, const u8* end, u64* out) noexcept:
    """A varint of at most 64 bits; 0 where there is none."""
    cdef u64 value = 0
    cdef int shift = 0
    cdef const u8* at = place[0]
    while at < end and shift < 70:
        if shift == 63 and at[0] > 1:
            return 0
        value |= (<u64>(at[0] & 0x7F)) << shift
        if at[0] < 0x80:
            place[0] = at + 1
            out[0] = value
            return 1
        at += 1
        shift += 7
    return 0


cdef inline int read_length(const u8** place, const u8* end, Py_ssize_t* length) noexcept:
    """The length of what follows, all of which lies before the end; else 0."""
    cdef u64 value
    if not varint(place, end, &value):
        return 0
    if value > <u64>(end - place[0]):
        return 0
    length[0] = <Py_ssize_t>value
    return 1


cdef inline int read_tag(const u8** place, const u8* end, u32* tag) noexcept:
    """A tag of one or two bytes, as all are that numbers below 2048 have; else 0."""
    cdef const u8* at = place[0]
    if at >= end:
        return 0
    if at[0] < 0x80:
        tag[0] = at[0]
        place[0] = at + 1
        return 1
    if end - at < 2 or at[1] >= 0x80:
        return 0
    tag[0] = (<u32>(at[0] & 0x7F)) | (<u32>at[1] << 7)
    place[0] = at + 2
    return 1


cdef int skip(const u8** place, const u8* end, u32 wire) noexcept:
    """Passes a payload; 0 for a group and for what is none."""
    cdef u64 value
    cdef Py_ssize_t length
    if wire == 0:
        return varint(place, end, &value)
    if wire == 2:
        if not read_length(place, end, &length):
            return 0
    elif wire == 1:
        length = 8
    elif wire == 5:
        length = 4
    else:
        return 0
    if end - place[0] < length:
        return 0
    place[0] += length
    return 1


# Single values

cdef int moment_parts(const u8* at, const u8* end, i64* seconds, i64* nanos) noexcept:
    """What a Timestamp or Duration is made of, in the order of its fields; else 0."""
    cdef u64 value
    cdef int last = 0
    while at < end:
        if at[0] == 0x08 and last < 1:
            last = 1
        elif at[0] == 0x10 and last < 2:
            last = 2
        else:
            return 0
        at += 1
        if not varint(&at, end, &value):
            return 0
        if last == 1:
            seconds[0] = <i64>value
        else:
            nanos[0] = <i64>(<int><u32>value)
    return 1


cdef int is_in_range(i64 seconds, i64 nanos, int op) noexcept:
    """Whether a Timestamp or Duration is one that protobuf allows."""
    if op == DURATION:
        if seconds < -MOST_DURATION or seconds > MOST_DURATION:
            return 0
        if nanos < -MOST_NANOS or nanos > MOST_NANOS:
            return 0
        return not ((seconds < 0 and nanos > 0) or (nanos < 0 and seconds > 0))
    return LEAST_SECONDS <= seconds <= MOST_SECONDS and 0 <= nanos <= MOST_NANOS


cdef int put_moment(State* s, const u8* at, const u8* end, int op) noexcept:
    """A Timestamp or Duration within its range; else 0."""
    cdef i64 seconds = 0, nanos = 0
    cdef i64 days, second, z, era, doe, yoe, year, doy, mp, day, month
    if not moment_parts(at, end, &seconds, &nanos) or not is_in_range(seconds, nanos, op):
        return 0
    if op == DURATION:
        put_char(s, 34)
        if seconds < 0 or nanos < 0:
            put_char(s, 45)
        put_number(s, <u64>(-seconds if seconds < 0 else seconds), 0)
        put_fraction(s, -nanos if nanos < 0 else nanos)
        put(s, b's"', 2)
        return 1
    days = seconds // 86400
    second = seconds % 86400
    if second < 0:
        second += 86400
        days -= 1
    # Days to a date of the Gregorian calendar, years beginning in March.
    z = days + 719468
    era = (z if z >= 0 else z - 146096) // 146097
    doe = z - era * 146097
    yoe = (doe - doe // 1460 + doe // 36524 - doe // 146096) // 365
    year = yoe + era * 400
    doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
    mp = (5 * doy + 2) // 153
    day = doy - (153 * mp + 2) // 5 + 1
    month = mp + 3 if mp < 10 else mp - 9
    if month <= 2:
        year += 1
    put_char(s, 34)
    put_two(s, year // 100)
    put_two(s, year % 100)
    put_char(s, 45)
    put_two(s, month)
    put_char(s, 45)
    put_two(s, day)
    put_char(s, 84)
    put_two(s, second // 3600)
    put_char(s, 58)
    put_two(s, second // 60 % 60)
    put_char(s, 58)
    put_two(s, second % 60)
    put_fraction(s, nanos)
    put(s, b'Z"', 2)
    return 1


cdef void put_two(State* s, i64 value) noexcept:
    put_char(s, <u8>(48 + value // 10))
    put_char(s, <u8>(48 + value % 10))


cdef void put_fraction(State* s, i64 nanos) noexcept:
    cdef int count = 9, at
    cdef u8[9] digits
    if nanos == 0:
        return
    if nanos % 1000000 == 0:
        count = 3
        nanos //= 1000000
    elif nanos % 1000 == 0:
        count = 6
        nanos //= 1000
    for at in range(count - 1, -1, -1):
        digits[at] = <u8>(48 + nanos % 10)
        nanos //= 10
    put_char(s, 46)
    put(s, digits, count)


cdef inline void mark(State* s, int item, int within) noexcept:
    cdef int bit
    if item >= 0 and not s.probing:
        bit = item + (s.within_from if within else 0)
        s.seen[bit >> 6] |= (<u64>1) << (bit & 63)


cdef int scalar(
    State* s, FieldPlan* field, const u8** place, const u8* end, int within,
    int in_field, int* first, int depth, int list_open
) except -1:
    """A number, bool or enum; 0 where it is none that is written.

    ``in_field`` says that it stands in a field of its own, which is left out where it is unset.
    """
    cdef u64 raw = 0
    cdef u32 small
    cdef i64 signed_ = 0
    cdef double real = 0
    cdef int op = field.op, is_zero
    cdef EnumTable* values = field.values
    if field.wire == 0:
        if not varint(place, end, &raw):
            return odd(s)
    elif field.wire == 1:
        if end - place[0] < 8:
            return odd(s)
        memcpy(&raw, place[0], 8)
        place[0] += 8
    else:
        if end - place[0] < 4:
            return odd(s)
        memcpy(&small, place[0], 4)
        raw = small
        place[0] += 4
    if op == INT32 or op == ENUM or op == SFIXED32:
        signed_ = <i64>(<int><u32>raw)
        is_zero = signed_ == 0
    elif op == INT64 or op == SFIXED64:
        signed_ = <i64>raw
        is_zero = signed_ == 0
    elif op == SINT32:
        small = <u32>raw
        signed_ = <i64>(<int>((small >> 1) ^ (0 - (small & 1))))
        is_zero = signed_ == 0
    elif op == SINT64:
        signed_ = <i64>((raw >> 1) ^ (0 - (raw & 1)))
        is_zero = signed_ == 0
    elif op == UINT32 or op == FIXED32:
        raw = <u32>raw
        is_zero = raw == 0
    elif op == DOUBLE:
        memcpy(&real, &raw, 8)
        is_zero = raw == 0  # a minus zero is none
    else:
        is_zero = raw == 0
    if op == ENUM:
        if signed_ < 0 or signed_ >= values.count or values.names[signed_] == NULL:
            return 0
        mark(s, values.marks[signed_], within)
        if values.contested[signed_] and not s.probing:
            s.contested = 1
    if in_field:
        if is_zero and not field.presence:
            return 1
        next_item(s, first, depth)
        put_key(s, field)
    elif list_open:
        next_item(s, first, depth)
    if op == ENUM:
        put(s, values.names[signed_], values.lengths[signed_])
    elif op == BOOL:
        if raw:
            put(s, b"true", 4)
        else:
            put(s, b"false", 5)
    elif op == DOUBLE:
        put_double(s, real)
    elif op == INT64 or op == SINT64 or op == SFIXED64:
        put_char(s, 34)
        put_signed(s, signed_)
        put_char(s, 34)
    elif op == UINT64 or op == FIXED64:
        put_char(s, 34)
        put_number(s, raw, 0)
        put_char(s, 34)
    elif op == UINT32 or op == FIXED32:
        put_number(s, raw, 0)
    else:
        put_signed(s, signed_)
    return 1


# Maps

cdef int compare(const void* one, const void* other) noexcept nogil:
    cdef const Span* a = <const Span*>one
    cdef const Span* b = <const Span*>other
    cdef Py_ssize_t shared = a.key_length if a.key_length < b.key_length else b.key_length
    cdef int found = memcmp(a.key, b.key, shared)
    if found:
        return found
    return (a.key_length > b.key_length) - (a.key_length < b.key_length)


cdef int entries(State* s, const u8** place, const u8* end, u32 tag) noexcept:
    """Puts the entries that stand one after another under a tag on the stack, by key; else 0.

    Each has its key and then its value, and no key stands twice.
    """
    cdef const u8* at = place[0]
    cdef const u8* before
    cdef const u8* stop
    cdef Py_ssize_t begun = s.span_count, length, count, index
    cdef u32 next_tag
    cdef Span* made
    cdef int is_sorted = 1
    while at < end:
        before = at
        if not read_tag(&at, end, &next_tag):
            return 0
        if next_tag != tag:
            at = before
            break
        if not read_length(&at, end, &length):
            return 0
        stop = at + length
        if at >= stop or at[0] != 0x0A:
            return 0
        at += 1
        if not read_length(&at, stop, &length):
            return 0
        if s.span_count == s.span_capacity:
            made = <Span*>realloc(s.spans, s.span_capacity * 2 * sizeof(Span))
            if made == NULL:
                s.failed = 1
                return 0
            s.spans = made
            s.span_capacity *= 2
        made = &s.spans[s.span_count]
        made.key = at
        made.key_length = length
        at += length
        if at >= stop:
            return 0
        made.value = at
        made.value_length = stop - at
        s.span_count += 1
        if is_sorted and s.span_count - begun > 1:
            is_sorted = compare(made - 1, made) < 0
        at = stop
    place[0] = at
    count = s.span_count - begun
    if not is_sorted:
        qsort(&s.spans[begun], count, sizeof(Span), compare)
        for index in range(begun + 1, begun + count):
            if compare(&s.spans[index - 1], &s.spans[index]) >= 0:
                return 0
    return 1


cdef int is_header(State* s, const u8* key, Py_ssize_t length) noexcept:
    """1 for a key whose value is a secret, 0 for another, -1 where letters are not ASCII."""
    cdef Py_ssize_t at, size, step
    cdef const u8* word
    cdef u8 c
    cdef int index
    for at in range(length):
        if key[at] >= 0x80:
            return -1
    for index in range(s.header_count):
        word = s.header_words[index]
        size = s.header_lengths[index]
        at = 0
        while at + size <= length:
            step = 0
            while step < size:
                c = key[at + step]
                if c >= 65 and c <= 90:
                    c += 32
                if c != word[step]:
                    break
                step += 1
            if step == size:
                return 1
            at += 1
    return 0


cdef int look_into_entries(
    State* s, FieldPlan* entry, const u8* at, const u8* end, u32 tag, int depth
) except -1:
    """Whether entries that are not plain have something odd about them, or one of their values."""
    cdef const u8* stop
    cdef u32 found, value_tag = <u32>(16 | entry.wire)
    cdef Py_ssize_t length
    cdef int keys
    while at < end and read_tag(&at, end, &found) and found == tag:
        if not read_length(&at, end, &length):
            return odd(s)
        stop = at + length
        keys = 0
        while at < stop:
            if not read_tag(&at, stop, &found):
                return 0
            if (found != 0x0A and found != value_tag) or (found == 0x0A and keys):
                return odd(s)
            if found == 0x0A:
                keys = 1
            if found == value_tag and entry.op == MESSAGE:
                # Of several they are one message, in which each is as odd as alone.
                if not read_length(&at, stop, &length):
                    return odd(s)
                put_message(s, entry.message, at, at + length, 1, depth, 0)
                if s.odd:
                    return 0
                at += length
            elif not skip(&at, stop, found & 7):
                return odd(s)
    return 0


cdef int put_map(
    State* s, FieldPlan* field, const u8** place, const u8* end, u32 tag, int within, int depth
) except -1:
    cdef const u8* begin = place[0]
    cdef int done = put_entries(s, field, place, end, tag, within, depth)
    if not done and s.probing and not s.odd:
        look_into_entries(s, field.entry, begin, end, tag, depth + 1)
    return done


cdef int put_entries(
    State* s, FieldPlan* field, const u8** place, const u8* end, u32 tag, int within, int depth
) except -1:
    cdef FieldPlan* entry = field.entry
    cdef Py_ssize_t begun = s.span_count, stop, index, length
    cdef Span span
    cdef const u8* at
    cdef const u8* last
    cdef u32 value_tag
    cdef int first = 1, none = 1, is_secret
    if not entries(s, place, end, tag):
        return 0
    stop = s.span_count
    put_char(s, 123)
    for index in range(begun, stop):
        span = s.spans[index]
        next_item(s, &first, depth + 1)
        if not put_text(s, span.key, span.key_length, 1):
            return 0
        put_colon(s)
        at = span.value
        last = at + span.value_length
        if not read_tag(&at, last, &value_tag) or value_tag != <u32>(16 | entry.wire):
            return 0
        if entry.wire != 2:
            if not scalar(s, entry, &at, last, within, 0, &none, 0, 0) or at != last:
                return 0
            continue
        if not read_length(&at, last, &length) or at + length != last:
            return 0
        is_secret = 0
        if field.rule == HEADER_KEYS and not s.reveal:
            is_secret = is_header(s, span.key, span.key_length)
            if is_secret < 0:
                return 0
        elif field.rule != PLAIN and not s.reveal:
            return 0
        if not payload(s, entry, at, length, within, depth + 1, is_secret and length):
            return 0
    s.span_count = begun
    line(s, depth)
    put_char(s, 125)
    return 1


# Dynamic values

cdef int put_value(State* s, const u8* at, const u8* end, int depth) except -1:
    """A google.protobuf.Value with one member that JSON has; else 0."""
    cdef Py_ssize_t length
    cdef double real
    cdef u8 member
    if at >= end:
        return 0
    member = at[0]
    at += 1
    if member == 0x1A or member == 0x2A or member == 0x32:
        if not read_length(&at, end, &length) or at + length != end:
            return 0
        if member == 0x1A:
            return put_text(s, at, length, 1)
        if member == 0x2A:
            return put_struct(s, at, end, depth)
        return put_list(s, at, end, depth)
    if member == 0x11:
        if end - at != 8:
            return 0
        memcpy(&real, at, 8)
        return put_double(s, real) if real - real == 0 else 0
    if (member == 0x20 or member == 0x08) and end - at == 1 and at[0] < 0x80:
        if member == 0x08:
            put(s, b"null", 4)
        elif at[0]:
            put(s, b"true", 4)
        else:
            put(s, b"false", 5)
        return 1
    return 0


cdef int put_struct(State* s, const u8* at, const u8* end, int depth) except -1:
    cdef Py_ssize_t begun = s.span_count, stop, index, length
    cdef Span span
    cdef const u8* value
    cdef const u8* last
    cdef int first = 1
    if depth > DEEPEST or not entries(s, &at, end, 0x0A) or at != end:
        return 0
    stop = s.span_count
    put_char(s, 123)
    for index in range(begun, stop):
        span = s.spans[index]
        next_item(s, &first, depth + 1)
        if not put_text(s, span.key, span.key_length, 1):
            return 0
        put_colon(s)
        value = span.value
        last = value + span.value_length
        if value[0] != 0x12:
            return 0
        value += 1
        if not read_length(&value, last, &length) or value + length != last:
            return 0
        if not put_value(s, value, last, depth + 1):
            return 0
    s.span_count = begun
    if not first:
        line(s, depth)
    put_char(s, 125)
    return 1


cdef int put_list(State* s, const u8* at, const u8* end, int depth) except -1:
    cdef Py_ssize_t length
    cdef int first = 1
    if depth > DEEPEST:
        return 0
    put_char(s, 91)
    while at < end:
        if at[0] != 0x0A:
            return 0
        at += 1
        if not read_length(&at, end, &length):
            return 0
        next_item(s, &first, depth + 1)
        if not put_value(s, at, at + length, depth + 1):
            return 0
        at += length
    if not first:
        line(s, depth)
    put_char(s, 93)
    return 1


# Messages

cdef int payload(
    State* s, FieldPlan* field, const u8* at, Py_ssize_t length, int within, int depth, int secret
) except -1:
    """What has a length; ``secret`` for what is covered, which is a text or bytes."""
    cdef int op = field.op
    if secret:
        if op == STRING:
            if not put_text(s, at, length, 0):
                return 0
        elif op != BYTES:
            return 0
        put(s, b'"[covered]"', 11)
        s.covered += 1
        return 1
    if op == STRING:
        return put_text(s, at, length, 1)
    if op == MESSAGE:
        return put_message(s, field.message, at, at + length, within, depth, 0)
    if op == TIMESTAMP or op == DURATION:
        return put_moment(s, at, at + length, op)
    if op == STRUCT:
        return put_struct(s, at, at + length, depth)
    if op == VALUE:
        return put_value(s, at, at + length, depth)
    if op == LIST_VALUE:
        return put_list(s, at, at + length, depth)
    if op == BYTES:
        put_base64(s, at, length)
        return 1
    return 0


cdef int is_flagged(MessagePlan* message, const u8* at, const u8* end) noexcept:
    """Whether is_secret is true in a message; -1 where that is not told at a glance."""
    cdef int flagged = 0
    cdef u32 tag
    cdef u64 value
    while at < end:
        if not read_tag(&at, end, &tag):
            return -1
        if tag == <u32>(message.flag << 3):
            if not varint(&at, end, &value):
                return -1
            flagged = value != 0
        elif not skip(&at, end, tag & 7):
            return -1
    return flagged


cdef struct Occurrence:
    u32 number
    const u8* start
    const u8* end


cdef int by_number(const void* one, const void* other) noexcept nogil:
    cdef const Occurrence* a = <const Occurrence*>one
    cdef const Occurrence* b = <const Occurrence*>other
    if a.number != b.number:
        return -1 if a.number < b.number else 1
    return (a.start > b.start) - (a.start < b.start)


cdef int put_sorted(
    State* s, MessagePlan* message, const u8* begin, const u8* end, int within, int depth
) except -1:
    """A message whose fields are not in the order of their numbers, as Go leaves them."""
    cdef Py_ssize_t count = 0, index = 0
    cdef const u8* at = begin
    cdef u32 tag
    cdef Occurrence* found
    cdef u8* copy
    cdef u8* to
    cdef int done
    while at < end:
        if not read_tag(&at, end, &tag):
            return 0
        if not skip(&at, end, tag & 7):
            return odd(s)  # nothing here has groups
        count += 1
    found = <Occurrence*>malloc(count * sizeof(Occurrence))
    copy = <u8*>malloc(end - begin)
    if found == NULL or copy == NULL:
        free(found)
        free(copy)
        s.failed = 1
        return 0
    at = begin
    for index in range(count):
        found[index].start = at
        read_tag(&at, end, &tag)
        skip(&at, end, tag & 7)
        found[index].number = tag >> 3
        found[index].end = at
    qsort(found, count, sizeof(Occurrence), by_number)
    to = copy
    for index in range(count):
        memcpy(to, found[index].start, found[index].end - found[index].start)
        to += found[index].end - found[index].start
    free(found)
    try:
        done = put_message(s, message, copy, to, within, depth, 1)
    finally:
        free(copy)
    return done


cdef int doubt(State* s, MessagePlan* other, const u8* begin, const u8* end) noexcept:
    """Leaves it to the decoder whether bytes hold a secret as another message; 0 for too many."""
    cdef u32[2] head
    cdef Py_ssize_t length = end - begin
    if s.doubts == NULL:
        s.doubts = <u8*>malloc(MOST_DOUBTS)
        if s.doubts == NULL:
            s.failed = 1
            return 0
    if length > MOST_DOUBTS - s.doubt_length - <Py_ssize_t>sizeof(head):
        return 0
    head[0] = <u32>(other - s.messages)
    head[1] = <u32>length
    memcpy(s.doubts + s.doubt_length, head, sizeof(head))
    memcpy(s.doubts + s.doubt_length + sizeof(head), begin, length)
    s.doubt_length += sizeof(head) + length
    return 1


cdef int is_secret_otherwise(
    State* s, FieldPlan* field, const u8* begin, const u8* end
) except -1:
    """0 where a field holds no secret even if it is what else it may be; else 1.

    Where that is not told at a glance it is 0, and what may hold one is kept as a doubt.
    """
    cdef int index, done = 0, quiet = s.quiet
    cdef Py_ssize_t covered = s.covered, spans = s.span_count
    s.probing = s.quiet = 1
    for index in range(field.other_count):
        s.odd = 0
        s.covered = 0
        # What does not fit is nothing else.
        done = put_message(s, field.others[index], begin, end, 0, 0, 0)
        if done:
            done = s.covered > 0
        elif not s.odd:
            done = not doubt(s, field.others[index], begin, end)
        s.span_count = spans
        if done:
            break
    s.probing = s.odd = 0
    s.quiet = quiet
    s.covered = covered
    return done


cdef int are_in_order(const u8* at, const u8* end) noexcept:
    """Whether the fields of a message are in the order of their numbers."""
    cdef u32 tag, last = 0
    while at < end:
        if not read_tag(&at, end, &tag) or not skip(&at, end, tag & 7):
            break  # which is found again where it is written
        if tag >> 3 < last:
            return 0
        last = tag >> 3
    return 1


cdef int put_message(
    State* s, MessagePlan* message, const u8* begin, const u8* end, int within, int depth,
    int is_sorted
) except -1:
    cdef const u8* at = begin
    cdef const u8* start
    cdef const u8* tagged
    cdef const u8* stop
    cdef u32 tag, next_tag, number, last = 0
    cdef u64 chosen = 0, raw
    cdef FieldPlan* field
    cdef int first = 1, first_in = 1, is_open = 0, flagged = 0, inside, none = 1, done, waits = 0
    cdef Py_ssize_t length, text_before = s.length, covered_before = s.covered
    if depth > DEEPEST:
        return 0
    if s.taker != NULL and not s.quiet and not s.waits and not is_sorted:
        if end - begin > s.at_once:
            if not are_in_order(at, end):
                return put_sorted(s, message, begin, end, within, depth)
        else:
            # Where it turns out that its fields are in no order, it is written once more.
            if s.length > s.room:
                hand_on_all(s)
            s.waits = waits = 1
            text_before = s.length
    if message.flag and not s.reveal:
        flagged = is_flagged(message, at, end)
    put_char(s, 123)
    while at < end:
        start = tagged = at
        if not read_tag(&at, end, &tag):
            # With a number of more than two bytes it is no field of this message.
            if varint(&at, end, &raw) and raw >> 3 < 2048:
                return 0
            return odd(s) if message.complete else 0
        number = tag >> 3
        if number >= <u32>message.size or message.table[number] == NULL:
            return odd(s) if message.complete else 0
        field = message.table[number]
        if field.op == UNSUPPORTED:
            return 0
        if number < last:
            if is_sorted:
                return 0
            s.length = text_before
            s.covered = covered_before
            done = put_sorted(s, message, begin, end, within, depth)
            s.waits = s.waits and not waits
            return done
        if number == last:
            if not field.repeated:
                return 0
        else:
            if is_open:
                line(s, depth + 1)
                put_char(s, 93)
                is_open = 0
            if field.oneof >= 0:
                if chosen >> field.oneof & 1:
                    return 0
                chosen |= (<u64>1) << field.oneof
        last = number
        mark(s, field.mark, within)
        inside = within
        if field.contested:
            s.contested = s.contested or not s.probing
            inside = 1
        if field.other_count and not s.probing and not s.reveal:
            stop = at
            while True:
                if not skip(&stop, end, tag & 7):
                    return 0
                if is_secret_otherwise(s, field, start, stop):
                    return 0
                start = stop
                if field.op != MAP or stop >= end or not read_tag(&stop, end, &next_tag):
                    break
                if next_tag != tag:
                    break
        if field.op == MAP:
            if tag & 7 != 2:
                return odd(s)
            next_item(s, &first, depth + 1)
            put_key(s, field)
            at = tagged
            if not put_map(s, field, &at, end, tag, inside, depth + 1):
                return 0
            if at < end:
                # Entries of one map that stand apart are seen as a field that stands twice.
                stop = at
                if not read_tag(&stop, end, &tag):
                    return 0
                if tag >> 3 == number:
                    return 0
            continue
        if tag & 7 == 2:
            if not read_length(&at, end, &length):
                return odd(s)
            stop = at + length
            if field.wire != 2:
                if not (field.repeated and field.packable):
                    return odd(s)
                while at < stop:
                    if not is_open:
                        next_item(s, &first, depth + 1)
                        put_key(s, field)
                        put_char(s, 91)
                        is_open, first_in = 1, 1
                    if not scalar(s, field, &at, stop, inside, 0, &first_in, depth + 2, 1):
                        return 0
                continue
            if field.repeated:
                if not is_open:
                    next_item(s, &first, depth + 1)
                    put_key(s, field)
                    put_char(s, 91)
                    is_open, first_in = 1, 1
                next_item(s, &first_in, depth + 2)
                if not payload(s, field, at, length, inside, depth + 2, 0):
                    return 0
            elif length or field.presence:
                next_item(s, &first, depth + 1)
                put_key(s, field)
                if not payload(
                    s, field, at, length, inside, depth + 1,
                    length and not s.reveal
                    and (field.rule == ALWAYS or (field.rule == IF_FLAGGED and flagged)),
                ):
                    return 0
            at = stop
            continue
        if <int>(tag & 7) != field.wire:
            return odd(s)
        if field.repeated:
            if not is_open:
                next_item(s, &first, depth + 1)
                put_key(s, field)
                put_char(s, 91)
                is_open, first_in = 1, 1
            if not scalar(s, field, &at, end, inside, 0, &first_in, depth + 2, 1):
                return 0
        elif not scalar(s, field, &at, end, inside, 1, &first, depth + 1, 0):
            return 0
    if is_open:
        line(s, depth + 1)
        put_char(s, 93)
    if not first:
        line(s, depth)
    put_char(s, 125)
    s.waits = s.waits and not waits
    return flagged >= 0


cdef struct Block:
    Block* below


cdef enum:
    HEAD = 16  # bytes of a block before what is used of it, which is aligned for anything


cdef class Blocks:
    """What owns pieces of memory.

    They hang together by themselves: what Python would hold is gone before ``__dealloc__`` runs,
    where this is collected as garbage.
    """

    cdef Block* top

    def __dealloc__(self):
        cdef Block* below
        while self.top != NULL:
            below = self.top.below
            free(self.top)
            self.top = below

    cdef void* block(self, size_t size) except NULL:
        """Zeroed memory that lives as long as this does."""
        cdef Block* made = <Block*>calloc(1, HEAD + size + 1)
        if made == NULL:
            raise MemoryError
        made.below = self.top
        self.top = made
        return <char*>made + HEAD


cdef class Transcoder(Blocks):
    """What of the messages of one kind is usual."""

    cdef State state
    cdef MessagePlan* messages
    cdef int count
    cdef list kept

    def __cinit__(self, list messages not None, int marks, tuple header_words not None):
        """Takes each message as (is_secret's number, all in it, fields); the first is the whole.

        Args:
            messages: a field is (number, op, wire, repeated, packable, presence, oneof, rule,
                mark, contested, key, enum, message, entry, others): the enum as (number, name, mark,
                contested) each, the message by its place, the entry as such a field; others are
                places of messages whose only field is what else it may be.
            marks: how many marks there are.
            header_words: parts of the keys of HEADER_KEYS maps, in small letters.
        """
        cdef int index
        cdef FieldPlan* made
        memset(&self.state, 0, sizeof(State))
        self.messages = NULL
        self.kept = []
        self.state.capacity = 1 << 16
        self.state.text = <u8*>malloc(self.state.capacity)
        self.state.span_capacity = 256
        self.state.spans = <Span*>malloc(self.state.span_capacity * sizeof(Span))
        self.state.within_from = marks
        self.state.words = (2 * marks + 63) // 64
        self.state.seen = <u64*>calloc(self.state.words + 1, sizeof(u64))
        if not (self.state.text and self.state.spans and self.state.seen):
            raise MemoryError
        self.state.header_count = len(header_words)
        self.state.header_words = <const u8**>self.block(len(header_words) * sizeof(u8*))
        self.state.header_lengths = <Py_ssize_t*>self.block(len(header_words) * sizeof(Py_ssize_t))
        for index, word in enumerate(header_words):
            self.state.header_words[index] = self.text(word)
            self.state.header_lengths[index] = len(word)
        self.count = len(messages)
        self.messages = <MessagePlan*>self.block(self.count * sizeof(MessagePlan))
        for index, (flag, complete, fields) in enumerate(messages):
            self.messages[index].flag = flag
            self.messages[index].complete = complete
            self.messages[index].size = max((one[0] for one in fields), default=0) + 1
            self.messages[index].table = <FieldPlan**>self.block(
                self.messages[index].size * sizeof(FieldPlan*)
            )
            for one in fields:
                made = <FieldPlan*>self.block(sizeof(FieldPlan))
                self.fill(made, one)
                self.messages[index].table[made.number] = made

    def __dealloc__(self):
        free(self.state.text)
        free(self.state.spans)
        free(self.state.seen)
        free(self.state.doubts)

    cdef const u8* text(self, bytes one) except NULL:
        self.kept.append(one)
        return <const u8*>PyBytes_AS_STRING(one)

    cdef int fill(self, FieldPlan* made, tuple one) except -1:
        cdef int index, at
        cdef EnumTable* values
        (
            made.number, made.op, made.wire, made.repeated, made.packable, made.presence,
            made.oneof, made.rule, made.mark, made.contested, key, enum, message, entry,
            others,
        ) = one
        if not 0 <= made.number < 2048 or made.oneof > 63:
            raise ValueError(one)
        made.key = self.text(key)
        made.key_length = len(key)
        if made.op == ENUM:
            values = made.values = <EnumTable*>self.block(sizeof(EnumTable))
            values.count = max((named[0] for named in enum), default=-1) + 1
            values.names = <const u8**>self.block(values.count * sizeof(u8*))
            values.lengths = <int*>self.block(values.count * sizeof(int))
            values.marks = <int*>self.block(values.count * sizeof(int))
            values.contested = <int*>self.block(values.count * sizeof(int))
            for number, name, item, contested in enum:
                index = number
                if not 0 <= index < values.count:
                    raise ValueError(one)
                values.names[index] = self.text(name)
                values.lengths[index] = len(name)
                values.marks[index] = item
                values.contested[index] = contested
        if made.op == MESSAGE:
            index = message
            if not 0 <= index < self.count:
                raise ValueError(one)
            made.message = &self.messages[index]
        made.other_count = len(others)
        made.others = <MessagePlan**>self.block(len(others) * sizeof(MessagePlan*))
        for at, place in enumerate(others):
            index = place
            if not 0 <= index < self.count:
                raise ValueError(one)
            made.others[at] = &self.messages[index]
        if made.op == MAP:
            made.entry = <FieldPlan*>self.block(sizeof(FieldPlan))
            self.fill(made.entry, entry)
        return 0

    cdef int run(self, bytes data, int indent, int level, bint reveal, bint quiet) except -1:
        cdef State* s = &self.state
        s.length = s.covered = 0
        return self.run_on(data, indent, level, reveal, quiet)

    cdef int run_on(self, bytes data, int indent, int level, bint reveal, bint quiet) except -1:
        """The same behind the text that is there."""
        cdef State* s = &self.state
        cdef const u8* at = <const u8*>PyBytes_AS_STRING(data)
        s.span_count = s.doubt_length = 0
        s.contested = s.failed = s.odd = s.probing = 0
        s.messages = self.messages
        s.quiet, s.reveal, s.indent, s.level = quiet, reveal, indent, level
        memset(s.seen, 0, s.words * sizeof(u64))
        if not put_message(s, &self.messages[0], at, at + PyBytes_GET_SIZE(data), 0, 0, 0):
            return 0
        return not s.failed

    cdef object evidence(self):
        if not self.state.contested:
            return None
        return PyBytes_FromStringAndSize(
            <const char*>self.state.seen, self.state.words * sizeof(u64)
        )

    cdef object doubts(self):
        if not self.state.doubt_length:
            return None
        return PyBytes_FromStringAndSize(<const char*>self.state.doubts, self.state.doubt_length)

    cdef void shrink(self) noexcept:
        cdef u8* made
        if self.state.capacity > KEPT:
            made = <u8*>realloc(self.state.text, KEPT)
            if made != NULL:
                self.state.text = made
                self.state.capacity = KEPT

    def json(self, bytes data not None, int indent, int level, bint reveal):
        """JSON, how many secrets stand covered in it, what was seen if that decides, and doubts.

        Args:
            data: a blob.
            indent: spaces a level; below 0 for one line.
            level: how many levels deep it will stand.
            reveal: no secret is covered.

        Returns:
            None where the blob is not usual.
        """
        cdef object made = None
        if self.run(data, indent, level, reveal, False):
            made = (
                PyBytes_FromStringAndSize(<const char*>self.state.text, self.state.length),
                self.state.covered,
                self.evidence(),
                self.doubts(),
            )
        self.shrink()
        return made

    def checked(self, bytes data not None, bint reveal):
        """What :meth:`json` says beside the text: covered secrets, what was seen, and doubts.

        Args:
            data: a blob.
            reveal: no secret is covered.

        Returns:
            None where the blob is not usual.
        """
        if not self.run(data, -1, 0, reveal, True):
            return None
        return self.state.covered, self.evidence(), self.doubts()

    def write(
        self, bytes data not None, int indent, int level, bint reveal, Py_ssize_t room,
        write not None,
    ):
        """Hands out JSON in parts.

        Args:
            data: a blob that is usual.
            indent: spaces a level; below 0 for one line.
            level: how many levels deep it will stand.
            reveal: no secret is covered.
            room: bytes of a part, at least one; not many more than that.
            write: takes the parts.

        Raises:
            MemoryError: it ran out.
            ValueError: the blob is not usual.
            Exception: what taking a part raised.
        """
        cdef State own = self.state
        cdef PartTaker taker = PartTaker()
        cdef const u8* at = <const u8*>PyBytes_AS_STRING(data)
        cdef int done = 0
        taker.write = write
        own.taker = <void*>taker
        own.waits = 0
        own.length = own.covered = own.span_count = own.doubt_length = 0
        own.contested = own.failed = own.odd = own.probing = own.quiet = 0
        own.doubts = NULL
        own.messages = self.messages
        own.reveal, own.indent, own.level = reveal, indent, level
        # There is as much room again for a text that waits.
        own.capacity, own.room, own.at_once = 2 * room, room, room >> 4
        own.text = <u8*>malloc(own.capacity)
        own.span_capacity = 256
        own.spans = <Span*>malloc(own.span_capacity * sizeof(Span))
        own.seen = <u64*>calloc(own.words + 1, sizeof(u64))
        try:
            if not (own.text and own.spans and own.seen):
                raise MemoryError
            done = put_message(
                &own, &self.messages[0], at, at + PyBytes_GET_SIZE(data), 0, 0, 0
            )
            if done:
                hand_on_all(&own)
            if taker.raised is not None:
                raise taker.raised
            if own.failed:
                raise MemoryError
            if not done:
                raise ValueError(len(data))
        finally:
            free(own.text)
            free(own.spans)
            free(own.seen)
            free(own.doubts)

    def json_of_several(
        self, list blobs not None, Py_ssize_t start, Py_ssize_t end, int indent, int level,
        bint reveal, bytes between not None, dict settled not None, dict hiding not None,
        Py_ssize_t room,
    ):
        """JSON of the blobs from one place on, up to the first one that has to be looked at.

        Args:
            blobs: of which those that are None are to be looked at.
            start: the first.
            end: the place behind the last.
            indent: as of one.
            level: the same.
            reveal: the same.
            between: what stands between two of them.
            settled: True for each evidence that is known to leave no other way to read a blob.
            hiding: False for doubts that are known to hide nothing.
            room: bytes after which there are no more.

        Returns:
            The text, of how many, and how many secrets stand covered in it.
        """
        cdef State* s = &self.state
        cdef Py_ssize_t at = start, length, covered
        cdef object made, blob
        s.length = s.covered = 0
        while at < end and s.length < room:
            length, covered = s.length, s.covered
            s.quiet = 0
            if at > start:
                put(s, PyBytes_AS_STRING(between), PyBytes_GET_SIZE(between))
            blob = blobs[at]
            if (
                blob is None
                or not self.run_on(blob, indent, level, reveal, False)
                or (s.doubt_length and hiding.get(self.doubts()) is not False)
                or (s.contested and settled.get(self.evidence()) is not True)
            ):
                s.length, s.covered = length, covered
                break
            at += 1
        made = (
            PyBytes_FromStringAndSize(<const char*>s.text, s.length), at - start, s.covered
        )
        self.shrink()
        return made

    def usual(self, bytes data not None):
        """What was seen of a blob if that decides, and doubts; None where it is not usual."""
        if not self.run(data, -1, 0, False, True):
            return None
        return self.evidence(), self.doubts()

    def seen(self, bytes data not None):
        """What was seen of a blob, whether that decides or not; None where it is not usual."""
        if not self.run(data, -1, 0, True, True):
            return None
        return PyBytes_FromStringAndSize(
            <const char*>self.state.seen, self.state.words * sizeof(u64)
        )

    def usual_of_several(
        self, list blobs not None, Py_ssize_t start, Py_ssize_t end, dict settled not None,
        dict hiding not None,
    ):
        """How many blobs from one place on are usual, up to the first one to be looked at.

        Args:
            blobs: as of :meth:`json_of_several`.
            start: the same.
            end: the same.
            settled: the same.
            hiding: the same.
        """
        cdef State* s = &self.state
        cdef Py_ssize_t at = start
        cdef object blob
        while at < end:
            blob = blobs[at]
            if (
                blob is None
                or not self.run(blob, -1, 0, False, True)
                or (s.doubt_length and hiding.get(self.doubts()) is not False)
                or (s.contested and settled.get(self.evidence()) is not True)
            ):
                break
            at += 1
        return at - start

    def decodes(self, bytes data not None):
        """Whether a blob is usual, whatever its contested numbers mean; then it decodes."""
        return bool(self.run(data, -1, 0, True, True))


# Single values of a message

cdef struct Pick:
    FieldPlan* field
    int slot                # -1 where its value is not given
    int presence            # where it is said that it is there; -1 where it is not
    int bit                 # its own among those of its message
    PickedFields* below     # NULL where it is not looked into

cdef struct PickedFields:
    int size                # of the table
    Pick** table            # by number, NULL where a field is passed over


cdef object scalar_value(FieldPlan* field, const u8** place, const u8* end):
    """A number, bool or enum as the decoder has it; None where there is none."""
    cdef u64 raw = 0
    cdef u32 small = 0
    cdef double real
    cdef int op = field.op
    if field.wire == 0:
        if not varint(place, end, &raw):
            return None
        small = <u32>raw
    elif field.wire == 1:
        if end - place[0] < 8:
            return None
        memcpy(&raw, place[0], 8)
        place[0] += 8
    else:
        if end - place[0] < 4:
            return None
        memcpy(&small, place[0], 4)
        place[0] += 4
    if op == INT32 or op == ENUM or op == SFIXED32:
        return <int>small
    if op == INT64 or op == SFIXED64:
        return <i64>raw
    if op == UINT32 or op == FIXED32:
        return small
    if op == UINT64 or op == FIXED64:
        return raw
    if op == SINT32:
        return <int>((small >> 1) ^ (0 - (small & 1)))
    if op == SINT64:
        return <i64>((raw >> 1) ^ (0 - (raw & 1)))
    if op == BOOL:
        return raw != 0
    if op == DOUBLE:
        memcpy(&real, &raw, 8)
        return real
    return None


cdef object text_value(int op, const u8* at, Py_ssize_t length):
    """A text, bytes, or a time in nanoseconds; None where it is none, or out of range."""
    cdef i64 seconds = 0, nanos = 0
    cdef const u8* end = at + length
    if op == STRING:
        try:
            return (<const char*>at)[:length].decode("utf-8")
        except UnicodeDecodeError:
            return None
    if op == BYTES:
        return PyBytes_FromStringAndSize(<const char*>at, length)
    if op == TIMESTAMP or op == DURATION:
        if not moment_parts(at, end, &seconds, &nanos) or not is_in_range(seconds, nanos, op):
            return None
        return seconds * 1000000000 + nanos if -9000000000 < seconds < 9000000000 else (
            <object>seconds * 1000000000 + nanos
        )
    return None


cdef int pick_entry(dict made, FieldPlan* entry, const u8* at, const u8* end) except -1:
    """An entry of a map with its key, then its value, and no key that was there before; else 0."""
    cdef Py_ssize_t length
    cdef u32 tag
    if at >= end or at[0] != 0x0A:
        return 0
    at += 1
    if not read_length(&at, end, &length):
        return 0
    key = text_value(STRING, at, length)
    at += length
    if key is None or key in made or not read_tag(&at, end, &tag):
        return 0
    if tag != <u32>(16 | entry.wire):
        return 0
    if entry.wire != 2:
        value = scalar_value(entry, &at, end)
    else:
        if not read_length(&at, end, &length):
            return 0
        value = text_value(entry.op, at, length)
        at += length
    if value is None or at != end:
        return 0
    made[key] = value
    return 1


cdef int pick(State* s, PickedFields* fields, const u8* at, const u8* end, list out) except -1:
    """The values of a message, each of whose picked fields stands once or is repeated; else 0."""
    cdef u32 tag, number
    cdef u64 there = 0, chosen = 0
    cdef Pick* one
    cdef FieldPlan* field
    cdef Py_ssize_t length
    cdef const u8* stop
    while at < end:
        if not read_tag(&at, end, &tag):
            return 0
        number = tag >> 3
        if number >= <u32>fields.size or fields.table[number] == NULL:
            if number == 0 or not skip(&at, end, tag & 7):
                return 0
            continue
        one = fields.table[number]
        field = one.field
        if not field.repeated:
            if there >> one.bit & 1:
                return 0
            there |= (<u64>1) << one.bit
            if field.oneof >= 0:
                if chosen >> field.oneof & 1:
                    return 0
                chosen |= (<u64>1) << field.oneof
        if one.presence >= 0:
            out[one.presence] = True
        if <int>(tag & 7) == 2:
            if not read_length(&at, end, &length):
                return 0
            stop = at + length
            if field.wire != 2:
                if not (field.repeated and field.packable):
                    return 0
                values = elements(out, one.slot)
                while at < stop:
                    value = scalar_value(field, &at, stop)
                    if value is None:
                        return 0
                    values.append(value)
                continue
            if one.below != NULL:
                if not pick(s, one.below, at, stop, out):
                    return 0
            elif field.op == MAP:
                if type(out[one.slot]) is not dict:
                    out[one.slot] = {}
                if not pick_entry(<dict>out[one.slot], field.entry, at, stop):
                    return 0
            elif one.slot < 0:
                # Of another member of a oneof it is only seen that it can be read. What is made
                # of values here may let other threads in, so nothing is set before.
                s.length = s.span_count = s.covered = 0
                s.contested = s.failed = s.odd = s.probing = 0
                s.quiet, s.reveal, s.indent, s.level = 1, 1, -1, 0
                if not payload(s, field, at, length, 0, 0, 0) or s.failed:
                    return 0
            else:
                value = text_value(field.op, at, length)
                if value is None:
                    return 0
                if field.repeated:
                    elements(out, one.slot).append(value)
                else:
                    out[one.slot] = value
            at = stop
            continue
        if <int>(tag & 7) != field.wire:
            return 0
        value = scalar_value(field, &at, end)
        if value is None:
            return 0
        if field.repeated:
            elements(out, one.slot).append(value)
        elif one.slot >= 0:
            out[one.slot] = value
    return 1


cdef list elements(list out, int slot):
    """What was seen so far of a repeated field."""
    if type(out[slot]) is not list:
        out[slot] = []
    return <list>out[slot]


cdef class Projection(Blocks):
    """A few values of the messages that a transcoder reads."""

    cdef Transcoder whole
    cdef PickedFields* root
    cdef list absent

    def __cinit__(self, Transcoder whole not None, list absent not None, list messages not None):
        """Takes which fields of which messages are looked at; the first is the whole.

        Args:
            whole: what reads the messages.
            absent: for each slot what it is where the field is not there.
            messages: the picked fields of each, as (number, slot, presence, below): the last is
                the place of the message that is looked into. What is not there is -1.

        Raises:
            ValueError: a field has a form that is not read so.
        """
        cdef PickedFields* made
        cdef Py_ssize_t index
        self.whole = whole
        self.absent = absent
        made = self.root = <PickedFields*>self.block(len(messages) * sizeof(PickedFields))
        plans = {0: 0}  # of the whole by the place of the messages here
        for index, fields in enumerate(messages):
            self.fill(made, index, fields, &whole.messages[<Py_ssize_t>plans[index]], plans)

    cdef int fill(
        self, PickedFields* made, Py_ssize_t index, list fields, MessagePlan* message, dict plans
    ) except -1:
        cdef Pick* one
        cdef int number, below, bit
        if len(fields) > 64:
            raise ValueError(fields)
        made[index].size = max((field[0] for field in fields), default=0) + 1
        made[index].table = <Pick**>self.block(made[index].size * sizeof(Pick*))
        for bit, field in enumerate(fields):
            one = <Pick*>self.block(sizeof(Pick))
            number, one.slot, one.presence, below = field
            one.bit = bit
            if not 0 < number < message.size or message.table[number] == NULL:
                raise ValueError(field)
            one.field = message.table[number]
            if not is_picked(one.field, one.slot, below):
                raise ValueError(field)
            if below >= 0:
                one.below = &made[below]
                plans[below] = one.field.message - self.whole.messages
            made[index].table[number] = one
        return 0

    def values(self, bytes data not None):
        """What is in the slots, or None where a blob is not plain enough to tell.

        Of a repeated field it is a list, of a map a dict.
        """
        cdef State* s = &self.whole.state
        cdef const u8* at = <const u8*>PyBytes_AS_STRING(data)
        cdef list out = list(self.absent)
        if not pick(s, self.root, at, at + PyBytes_GET_SIZE(data), out):
            return None
        return out

    def values_of_several(self, list blobs not None, Py_ssize_t start, Py_ssize_t end):
        """What :meth:`values` says of each blob from one place on.

        Args:
            blobs: of which those that are None are nothing to be told of.
            start: the first.
            end: the place behind the last.
        """
        return [
            None if blob is None else self.values(<bytes>blob) for blob in blobs[start:end]
        ]


cdef int is_picked(FieldPlan* field, int slot, int below) noexcept:
    """Whether a field has a form whose value is given."""
    cdef int op = field.op
    if op == UNSUPPORTED or (slot < 0 and field.repeated):
        return 0
    if below >= 0:
        return op == MESSAGE and slot < 0 and not field.repeated
    if slot < 0:
        return op != MAP
    if op == MAP:
        op = field.entry.op
        return op == STRING or op == BYTES or op >= INT32
    if op == TIMESTAMP or op == DURATION:
        return not field.repeated
    return op == STRING or op == BYTES or op >= INT32
