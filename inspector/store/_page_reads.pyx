# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
# cython: initializedcheck=False, embedsignature=False
"""Pages of a file read without a call of Python for each of them.

SQLite reaches an open file by a table of functions, which it looks up anew at each call. This puts
another table in its place, the same but for two: reading, which takes a whole page from a
descriptor and leaves all else to the function that was there (a page that is cut short, an error,
and one reading in a few milliseconds, at which the watch is looked at), and closing, which puts the
old table back. The layout of both structures is part of what SQLite promises to file layers.
"""

cdef extern from *:
    """
    #include <stdlib.h>

    #ifdef _WIN32
    /* Files are shared in another way there; the layer of Python reads them. */
    static int quick_pages(long long place, int descriptor, double pause)
    {
        (void)place; (void)descriptor; (void)pause;
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

    #define PAGE_VERSION 3

    typedef struct {
        page_methods methods;   /* first: by it the file leads here */
        const page_methods* before;
        int descriptor;
        long long pause, next;  /* nanoseconds */
    } quick_table;

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

    static int quick_read(page_file* file, void* room, int amount, long long offset)
    {
        quick_table* table = (quick_table*)file->methods;
        long long now = page_clock();
        if (now >= table->next)
            table->next = now + table->pause;
        else {
            ssize_t found;
            do
                found = pread(table->descriptor, room, (size_t)amount, (off_t)offset);
            while (found < 0 && errno == EINTR);
            if (found == amount)
                return 0;
        }
        return table->before->read(file, room, amount, offset);
    }

    static int quick_close(page_file* file)
    {
        quick_table* table = (quick_table*)file->methods;
        file->methods = table->before;
        free(table);
        return file->methods->close(file);
    }

    static int quick_pages(long long place, int descriptor, double pause)
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
        /* What an older version lacks SQLite does not ask for; it is not there to be copied. */
        static const size_t sizes[] = {
            0, offsetof(page_methods, others) + 10 * sizeof(void (*)(void)),
            offsetof(page_methods, fetching), sizeof(page_methods),
        };
        memcpy(&table->methods, file->methods, sizes[file->methods->version]);
        table->before = file->methods;
        table->methods.read = quick_read;
        table->methods.close = quick_close;
        table->descriptor = descriptor;
        table->pause = (long long)(pause * 1e9);
        file->methods = &table->methods;
        return 1;
    }
    #endif
    """
    int quick_pages(long long place, int descriptor, double pause) noexcept


def read_quickly(long long place, int descriptor, double pause):
    """Let SQLite read an open file by a descriptor; whether it does.

    Args:
        place: the address of the file as SQLite knows it.
        descriptor: of the same file, open until SQLite closes that.
        pause: seconds after which one reading goes the way that all went before.
    """
    return bool(quick_pages(place, descriptor, pause))
