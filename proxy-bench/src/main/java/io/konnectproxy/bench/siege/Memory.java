package io.konnectproxy.bench.siege;

/**
 * What a process holds, in bytes.
 *
 * @param resident what the system counts
 * @param held the same after collections, and after the C library has given back what is free
 * @param heap objects that live
 * @param outside what Java code holds outside the heap, buffers most of all
 */
record Memory(long resident, long held, long heap, long outside) {
    /** Nobody can be asked. */
    static final Memory UNKNOWN = new Memory(0, 0, 0, 0);

    boolean isKnown() {
        return resident > 0;
    }

    static String mebibytes(long bytes) {
        return Long.toString((bytes + (1 << 19)) >> 20);
    }
}
