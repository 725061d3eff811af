# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
# cython: initializedcheck=False, embedsignature=False
"""Pages of a file read without a call of Python for each of them.

SQLite reaches an open file by a table of functions, which it looks up anew at each call. This puts
another table in its place, the same but for a few: reading, which takes a whole page from a
descriptor and leaves all else to the function that was there (a page that is cut short, an error,
and one reading in a few milliseconds, at which the watch is looked at), and closing, which puts the
old table back. The layout of both structures is part of what SQLite promises to file layers.

Where pages are asked for one behind the other, many are read at once, which is kept for as long as
the same lock is held: what SQLite reads of the file under it nobody writes meanwhile.

A file may be put together of a database and its log: then a page is that of its newest frame, or
else the database's, as :class:`inspector.store.commits.PrefixPages` has it.
"""

cdef extern from *:
    """
    #include <stdint.h>
    #include <stdlib.h>

    /* A log over the database: of what page each frame is, up to the last one that counts. */
    typedef struct {
        int descriptor;
        long long page, size;   /* bytes of a page, and of the whole that they make up */
        const uint32_t* numbers;
        long long count;
    } page_log;

    static uint32_t log_word(const unsigned char* at, int big_endian)
    {
        return big_endian
            ? (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3]
            : (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[1] << 8 | at[0];
    }

    /* Go on with the two sums of a log over pairs of words. */
    static void log_add(uint32_t* sums, const unsigned char* data, long long size, int big_endian)
    {
        for (long long at = 0; at + 8 <= size; at += 8) {
            sums[0] += log_word(data + at, big_endian) + sums[1];
            sums[1] += log_word(data + at + 4, big_endian) + sums[0];
        }
    }

    #ifdef _WIN32
    /* Files are shared in another way there; the layer of Python reads them. */
    static int quick_pages(long long place, int descriptor, double pause, const page_log* log)
    {
        (void)place; (void)descriptor; (void)pause; (void)log;
        return 0;
    }
    #else
    #include <errno.h>
    #include <stddef.h>
    #include <string.h>
    #include <time.h>
    #include <unistd.h>

    typedef struct page_file page_file;
    typedef int (*page_read)(page_file*, void*, int, long long);

    /* sqlite3_io_methods as of its third version; older ones end sooner. */
    typedef struct {
        int version;
        int (*close)(page_file*);
        page_read read;
        void (*others[14])(void);
        void (*fetching[2])(void);
    } page_methods;

    /* sqlite3_file: what follows is the file layer's own. */
    struct page_file { const page_methods* methods; };

    typedef struct { uint32_t page, frame; } page_frame;

    #define LOG_HEADER 32
    #define LOG_FRAME_HEADER 24
    #define LOG_MOST (1 << 18)  /* frames; with more it takes long to note them for each reading */

    #define PAGE_VERSION 3
    #define PAGE_LEAST 512      /* bytes; what is shorter is looked at before there is a lock */
    #define PAGES_AHEAD (64 << 10)
    #define PAGES_IN_TURN 4     /* readings, after which more is read at once */
    #define PAGES_IN_VAIN 64    /* the same, where it brought less than it cost */

    typedef struct {
        page_methods methods;   /* first: by it the file leads here */
        const page_methods* before;
        int descriptor;
        long long pause, next;  /* nanoseconds */
        long long last;         /* where the one before was read */
        int in_turn, of_use;
        long long start, held;  /* of what was read at once */
        unsigned char* ahead;
        page_log log;
        page_frame* frames;     /* by page, the newest of each; 0 where there is no log */
        uint32_t mask;          /* places in it, a power of two, less one */
    } quick_table;

    enum { PAGE_LOCK = 4, PAGE_UNLOCK = 5, PAGE_SHM_LOCK = 11 };

    static long long page_clock(void)
    {
        struct timespec now;
    #ifdef CLOCK_MONOTONIC_COARSE
        clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    #else
        clock_gettime(CLOCK_MONOTONIC, &now);
    #endif
        return now.tv_sec * 1000000000LL + now.tv_nsec;
    }

    static long long page_bytes(int descriptor, void* room, long long amount, long long offset)
    {
        ssize_t found;
        do
            found = pread(descriptor, room, (size_t)amount, (off_t)offset);
        while (found < 0 && errno == EINTR);
        return found;
    }

    /* Where the newest frame of a page is noted, or would be. */
    static page_frame* log_place(const quick_table* table, uint32_t page)
    {
        uint32_t at = (uint32_t)(page * 0x9E3779B1u) & table->mask;
        while (table->frames[at].page && table->frames[at].page != page)
            at = (at + 1) & table->mask;
        return table->frames + at;
    }

    /* Note the newest frame of each page; the log's numbers are not looked at afterwards. */
    static int log_noted(quick_table* table, const page_log* log)
    {
        uint32_t places = 16;
        if (log->page < PAGE_LEAST || log->count < 0 || log->count > LOG_MOST)
            return 0;
        while (places < 2 * log->count)
            places *= 2;
        table->log = *log;
        table->mask = places - 1;
        table->frames = (page_frame*)calloc(places, sizeof(page_frame));
        if (!table->frames)
            return 0;
        for (uint32_t at = 0; at < log->count; at++) {
            page_frame* noted;
            if (!log->numbers[at])
                return 0;
            noted = log_place(table, log->numbers[at]);
            noted->page = log->numbers[at];
            noted->frame = at + 1;
        }
        return 1;
    }

    /* Put the pages that have frames in their place; whether that can be done, and how many. */
    static int log_over(const quick_table* table, unsigned char* room, int amount,
                        long long offset, int* pages)
    {
        const page_log* log = &table->log;
        long long done = 0, length;
        *pages = 0;
        for (; done < amount; done += length) {
            long long page = (offset + done) / log->page, start = (offset + done) % log->page;
            uint32_t frame;
            length = log->page - start < amount - done ? log->page - start : amount - done;
            if (page >= UINT32_MAX)
                return 0;
            frame = log_place(table, (uint32_t)page + 1)->frame;
            if (!frame)
                continue;
            if (page_bytes(log->descriptor, room + done, length,
                           LOG_HEADER + (frame - 1) * (LOG_FRAME_HEADER + log->page)
                           + LOG_FRAME_HEADER + start) != length)
                return 0;
            ++*pages;
        }
        return 1;
    }

    /* Whether a page is of those that were read at once, or one from which that is to be done. */
    static int page_ahead(quick_table* table, void* room, int amount, long long offset)
    {
        long long way = offset - table->last;
        if (amount < PAGE_LEAST || amount > PAGES_AHEAD / 2)
            return 0;
        table->last = offset;
        if (offset < table->start || offset + amount > table->start + table->held) {
            if (way < 0 || way > PAGES_AHEAD) {
                table->in_turn = table->in_turn < 0 ? table->in_turn + 1 : 0;
                return 0;
            }
            /* The same page again is a look at a key, which lies before the blob. */
            table->in_turn += way > 0;
            if (table->in_turn < PAGES_IN_TURN)
                return 0;
            if (table->held && table->of_use < PAGES_IN_TURN) {
                table->in_turn = -PAGES_IN_VAIN;
                table->held = 0;
                return 0;
            }
            if (!table->ahead && !(table->ahead = (unsigned char*)malloc(PAGES_AHEAD)))
                return 0;
            table->start = offset;
            table->of_use = 0;
            table->held = page_bytes(table->descriptor, table->ahead, PAGES_AHEAD, offset);
            if (table->held < amount) {
                table->held = 0;
                return 0;
            }
        }
        table->of_use++;
        memcpy(room, table->ahead + (offset - table->start), (size_t)amount);
        return 1;
    }

    /* Whether all of what is asked for could be read. */
    static int page_whole(quick_table* table, unsigned char* room, int amount, long long offset)
    {
        int pages = 0;
        if (table->frames) {
            if (offset < 0 || offset + amount > table->log.size)
                return 0;
            /* A page, or a part of one, as nearly always. */
            if (offset % table->log.page + amount <= table->log.page
                && (!log_over(table, room, amount, offset, &pages) || pages))
                return pages;
        }
        if (!page_ahead(table, room, amount, offset)
            && page_bytes(table->descriptor, room, amount, offset) != amount)
            return 0;
        return !table->frames || offset % table->log.page + amount <= table->log.page
            || log_over(table, room, amount, offset, &pages);
    }

    static int quick_read(page_file* file, void* room, int amount, long long offset)
    {
        quick_table* table = (quick_table*)file->methods;
        long long now = page_clock();
        if (now >= table->next)
            table->next = now + table->pause;
        else if (page_whole(table, (unsigned char*)room, amount, offset))
            return 0;
        return table->before->read(file, room, amount, offset);
    }

    static void page_forget(page_file* file)
    {
        ((quick_table*)file->methods)->held = 0;
    }

    static int quick_lock(page_file* file, int level)
    {
        quick_table* table = (quick_table*)file->methods;
        page_forget(file);
        return ((int (*)(page_file*, int))table->before->others[PAGE_LOCK])(file, level);
    }

    static int quick_unlock(page_file* file, int level)
    {
        quick_table* table = (quick_table*)file->methods;
        page_forget(file);
        return ((int (*)(page_file*, int))table->before->others[PAGE_UNLOCK])(file, level);
    }

    static int quick_shm_lock(page_file* file, int first, int count, int how)
    {
        quick_table* table = (quick_table*)file->methods;
        page_forget(file);
        return ((int (*)(page_file*, int, int, int))table->before->others[PAGE_SHM_LOCK])(
            file, first, count, how);
    }

    static int quick_close(page_file* file)
    {
        quick_table* table = (quick_table*)file->methods;
        file->methods = table->before;
        free(table->ahead);
        free(table->frames);
        free(table);
        return file->methods->close(file);
    }

    static int quick_pages(long long place, int descriptor, double pause, const page_log* log)
    {
        page_file* file = (page_file*)(size_t)place;
        quick_table* table;
        if (!file || !file->methods || descriptor < 0 || sizeof(off_t) < sizeof(long long)
            || file->methods->version < 1 || file->methods->version > PAGE_VERSION
            || file->methods->close == quick_close)
            return 0;
        table = (quick_table*)calloc(1, sizeof(quick_table));
        if (!table)
            return 0;
        if (log && !log_noted(table, log)) {
            free(table->frames);
            free(table);
            return 0;
        }
        /* What an older version lacks SQLite does not ask for; it is not there to be copied. */
        static const size_t sizes[] = {
            0, offsetof(page_methods, others) + 10 * sizeof(void (*)(void)),
            offsetof(page_methods, fetching), sizeof(page_methods),
        };
        memcpy(&table->methods, file->methods, sizes[file->methods->version]);
        table->before = file->methods;
        table->methods.read = quick_read;
        table->methods.close = quick_close;
        table->methods.others[PAGE_LOCK] = (void (*)(void))quick_lock;
        table->methods.others[PAGE_UNLOCK] = (void (*)(void))quick_unlock;
        if (file->methods->version > 1)
            table->methods.others[PAGE_SHM_LOCK] = (void (*)(void))quick_shm_lock;
        table->descriptor = descriptor;
        table->pause = (long long)(pause * 1e9);
        file->methods = &table->methods;
        return 1;
    }
    #endif
    """
    ctypedef struct page_log:
        int descriptor
        long long page, size, count
        const unsigned int* numbers

    int quick_pages(long long place, int descriptor, double pause, const page_log*) noexcept
    void log_add(unsigned int*, const unsigned char*, long long, int) noexcept


def added(unsigned int first, unsigned int second, bytes data not None, bint big_endian):
    """What the sums of a log are after more data, as :func:`inspector.store.wal_file.added` says."""
    cdef unsigned int sums[2]
    sums[0], sums[1] = first, second
    log_add(sums, data, len(data), big_endian)
    return sums[0], sums[1]


def read_quickly(long long place, int descriptor, double pause, log=None):
    """Let SQLite read an open file by a descriptor; whether it does.

    Args:
        place: the address of the file as SQLite knows it.
        descriptor: of the same file, open until SQLite closes that.
        pause: seconds after which one reading goes the way that all went before.
        log: a log over it: its descriptor, as long open; bytes of a page, and of the whole
            database; an array of the pages of its frames; how many of them count.
    """
    cdef page_log told
    if log is None:
        return bool(quick_pages(place, descriptor, pause, NULL))
    told.descriptor, told.page, told.size, numbers, told.count = log
    address, length = numbers.buffer_info()
    if numbers.itemsize != sizeof(told.numbers[0]) or told.count > length or told.descriptor < 0:
        return False
    told.numbers = <const unsigned int*><size_t>address
    return bool(quick_pages(place, descriptor, pause, &told))
