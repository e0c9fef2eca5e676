package io.konnectproxy.server.splice;

/**
 * The calls of Linux that are needed. A negative result is an error number with its sign changed, as in the kernel's own interface. Any
 * thread.
 */
public interface SystemCalls {
    /** Nothing is there, or nothing more fits. */
    int EAGAIN = 11;

    int EINTR = 4;

    /** The system has no memory for it now. */
    int ENOMEM = 12;

    /** A sandbox does not permit the call. */
    int EPERM = 1;

    /** A security module does not. */
    int EACCES = 13;

    /** The system does not know the call. */
    int ENOSYS = 38;

    /** It knows it, but not for this kind of socket. */
    int EINVAL = 22;

    /** The same, of other kinds. */
    int EOPNOTSUPP = 95;

    /**
     * splice(2) with {@code SPLICE_F_MOVE | SPLICE_F_NONBLOCK} and no offsets.
     *
     * @return the bytes that were moved; 0 where nothing more comes, and also where what is there cannot be moved and the end is
     *     behind it
     */
    long splice(int from, int to, long most);

    /**
     * pipe2(2) with {@code O_NONBLOCK | O_CLOEXEC}.
     *
     * @param ends receives the end that is read from, and the one that is written to
     */
    int pipe(int[] ends);

    /**
     * fcntl(2) with {@code F_SETPIPE_SZ}.
     *
     * @return the size that it has then, in bytes
     */
    int resize(int pipe, int bytes);

    /** close(2). */
    int close(int descriptor);
}
