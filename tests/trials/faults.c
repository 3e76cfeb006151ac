/* Let one call to the operating system fail: preloaded into a process, armed by it for the n-th call on a folder.
 *
 * Only calls on files whose path lies in FAULTS_FOLDER count. While armed each of them is written to FAULTS_LOG as
 * "call file", before it is done; the process may be killed by the very next instruction. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

/* What happens to the call; the same numbers are in tests/trials/faults.py. */
enum fault { NONE, FAIL_EIO, FAIL_ENOSPC, SHORT, KILL, TORN };

static int armed, position, seen, fault, lasting, log_file = -1;
static const char *folder;

/* Start counting at 0; the call number `at` (from 1) meets the fault `what`, and where it `lasts` all that follow too.
 * With `at` 0 they are only logged. */
void faults_arm(int at, int what, int lasts)
{
    folder = getenv("FAULTS_FOLDER");
    const char *path = getenv("FAULTS_LOG");
    if (!folder || !path)
        abort();
    if (log_file < 0)
        log_file = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log_file < 0)
        abort();
    seen = 0, position = at, fault = what, lasting = lasts, armed = 1;
}

void faults_disarm(void)
{
    armed = 0;
}

static void die(void)
{
    syscall(SYS_kill, getpid(), SIGKILL);
    for (;;)
        pause();
}

/* Count a call on this path, and say what is to happen to it. */
static int meet(const char *call, const char *path)
{
    size_t length = folder ? strlen(folder) : 0;
    if (!armed || strncmp(path, folder, length) || (path[length] && path[length] != '/'))
        return NONE;
    char line[4352];
    int size = snprintf(line, sizeof line, "%s %s\n", call, path[length] ? path + length + 1 : ".");
    syscall(SYS_write, log_file, line, (size_t)size);
    if (++seen != position && !(lasting && seen > position))
        return NONE;
    if (fault == KILL)
        die();
    errno = fault == FAIL_EIO ? EIO : ENOSPC;
    return fault;
}

static int meet_file(const char *call, int file)
{
    char link[64], path[4096];
    if (!armed)
        return NONE;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t size = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
    if (size < 0)
        return NONE;
    path[size] = 0;
    return meet(call, path);
}

#define REAL(name) \
    static __typeof__(&name) real; \
    if (!real) \
        real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

/* A call that does all or nothing. After a kill "torn" there is nothing to tear: it is done, and then all ends. */
#define WHOLE(result, name, met, ...) \
    do { \
        REAL(name); \
        int met_fault = met; \
        if (met_fault == FAIL_EIO || met_fault == FAIL_ENOSPC) \
            return -1; \
        result done = real(__VA_ARGS__); \
        if (met_fault == TORN) \
            die(); \
        return done; \
    } while (0)

/* A call that writes `size` bytes; SHORT and TORN do the first half of them. */
#define PARTIAL(name, file, size, whole, half) \
    do { \
        REAL(name); \
        int met_fault = meet_file(#name, file); \
        if (met_fault == FAIL_EIO || met_fault == FAIL_ENOSPC) \
            return -1; \
        if (met_fault == NONE) \
            return whole; \
        ssize_t done = half; \
        if (met_fault == TORN) \
            die(); \
        return done; \
    } while (0)

ssize_t write(int file, const void *data, size_t size)
{
    PARTIAL(write, file, size, real(file, data, size), real(file, data, size / 2));
}

ssize_t pwrite(int file, const void *data, size_t size, off_t at)
{
    PARTIAL(pwrite, file, size, real(file, data, size, at), real(file, data, size / 2, at));
}

ssize_t pwrite64(int file, const void *data, size_t size, off64_t at)
{
    PARTIAL(pwrite64, file, size, real(file, data, size, at), real(file, data, size / 2, at));
}

ssize_t writev(int file, const struct iovec *parts, int count)
{
    PARTIAL(writev, file, count, real(file, parts, count), real(file, parts, count / 2));
}

ssize_t pwritev(int file, const struct iovec *parts, int count, off_t at)
{
    PARTIAL(pwritev, file, count, real(file, parts, count, at), real(file, parts, count / 2, at));
}

ssize_t pwritev64(int file, const struct iovec *parts, int count, off64_t at)
{
    PARTIAL(pwritev64, file, count, real(file, parts, count, at), real(file, parts, count / 2, at));
}

int fsync(int file)
{
    WHOLE(int, fsync, meet_file("fsync", file), file);
}

int fdatasync(int file)
{
    WHOLE(int, fdatasync, meet_file("fdatasync", file), file);
}

int ftruncate(int file, off_t size)
{
    WHOLE(int, ftruncate, meet_file("ftruncate", file), file, size);
}

int ftruncate64(int file, off64_t size)
{
    WHOLE(int, ftruncate64, meet_file("ftruncate64", file), file, size);
}

int fallocate(int file, int mode, off_t at, off_t size)
{
    WHOLE(int, fallocate, meet_file("fallocate", file), file, mode, at, size);
}

/* By path: the folder is given absolute, and so are the paths of a bank's files. */
int rename(const char *from, const char *to)
{
    WHOLE(int, rename, meet("rename", to), from, to);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    WHOLE(int, renameat, meet("renameat", to), from_folder, from, to_folder, to);
}

int unlink(const char *path)
{
    WHOLE(int, unlink, meet("unlink", path), path);
}

int unlinkat(int at, const char *path, int flags)
{
    WHOLE(int, unlinkat, meet("unlinkat", path), at, path, flags);
}
