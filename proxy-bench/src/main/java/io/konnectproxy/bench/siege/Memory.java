package io.konnectproxy.bench.siege;

/**
 * What a process holds, in bytes.
 *
 * @param resident what the system counts
 * @param heap objects that live
 * @param outside what Java code holds outside the heap, buffers most of all
 */
record Memory(long resident, long heap, long outside) {
    static String mebibytes(long bytes) {
        return Long.toString((bytes + (1 << 19)) >> 20);
    }
}
