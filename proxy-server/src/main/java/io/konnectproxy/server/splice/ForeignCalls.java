package io.konnectproxy.server.splice;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.Optional;

/**
 * The calls by the foreign function API of JDK 22 and later (JEP 454). It is found by reflection, since a JDK 17 builds this. To load it
 * takes some 50 ms, which no event loop may wait for.
 */
final class ForeignCalls implements SystemCalls {
    private static final int F_SETPIPE_SZ = 1031;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;
    private static final int SPLICE_F_MOVE = 1;
    private static final int SPLICE_F_NONBLOCK = 2;

    private final Foreign foreign;
    private final MethodHandle splice;
    private final MethodHandle pipe;
    private final MethodHandle resize;
    private final MethodHandle close;
    /** A place for {@code errno} of each thread, and behind it for the ends of a pipe; it is read right behind the call. */
    private final ThreadLocal<Place> errno;

    private ForeignCalls() throws ReflectiveOperationException {
        foreign = new Foreign();
        Class<?> number = int.class;
        Class<?> wide = long.class;
        // Pointers are passed as numbers of the same width.
        splice = foreign.function("splice", wide, 6, number, wide, number, wide, wide, number);
        pipe = foreign.function("pipe2", number, 2, wide, number);
        resize = foreign.function("fcntl", number, 2, number, number, number);
        close = foreign.function("close", number, 1, number);
        errno = ThreadLocal.withInitial(() -> foreign.place(3 * Integer.BYTES));
    }

    /** Whether this JDK on this system can have them. */
    static boolean canBe() {
        return Runtime.version().feature() >= 22
                && System.getProperty("os.name", "").toLowerCase(Locale.ROOT).equals("linux");
    }

    /** Loads them; empty where the JVM does not permit native access, or has no such function. */
    static Optional<SystemCalls> load() {
        try {
            if (!canBe()) {
                return Optional.empty();
            }
            ForeignCalls calls = new ForeignCalls();
            calls.callEachOnce();
            return Optional.of(calls);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            return Optional.empty();
        }
    }

    /** The JDK prepares a function when it is called first: 14 ms for all of them, which no event loop may wait for either. */
    private void callEachOnce() {
        int[] ends = new int[2];
        if (pipe(ends) == 0) {
            resize(ends[1], 1);
            splice(ends[0], ends[1], 1);
            close(ends[0]);
            close(ends[1]);
        }
    }

    @Override
    public long splice(int from, int to, long most) {
        Place failure = errno.get();
        try {
            long moved = (long)
                    splice.invokeExact(failure.segment, from, 0L, to, 0L, most, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
            return moved < 0 ? -failure.bytes.getInt(0) : moved;
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    @Override
    public int pipe(int[] ends) {
        Place failure = errno.get();
        try {
            int result =
                    (int) pipe.invokeExact(failure.segment, failure.address + Integer.BYTES, O_NONBLOCK | O_CLOEXEC);
            ends[0] = failure.bytes.getInt(Integer.BYTES);
            ends[1] = failure.bytes.getInt(2 * Integer.BYTES);
            return result < 0 ? -failure.bytes.getInt(0) : result;
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    @Override
    public int resize(int end, int bytes) {
        Place failure = errno.get();
        try {
            int result = (int) resize.invokeExact(failure.segment, end, F_SETPIPE_SZ, bytes);
            return result < 0 ? -failure.bytes.getInt(0) : result;
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    @Override
    public int close(int descriptor) {
        Place failure = errno.get();
        try {
            int result = (int) close.invokeExact(failure.segment, descriptor);
            return result < 0 ? -failure.bytes.getInt(0) : result;
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    private static IllegalStateException thrown(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return new IllegalStateException("a foreign function threw", e);
    }

    /** Some bytes outside of the heap. */
    private record Place(Object segment, long address, ByteBuffer bytes) {}

    /** What is used of {@code java.lang.foreign}. */
    private static final class Foreign {
        private final Object linker;
        private final Object lookup;
        private final Class<?> layout = type("MemoryLayout");
        private final Class<?> option = type("Linker$Option");
        private final Class<?> segment = type("MemorySegment");
        private final Class<?> descriptor = type("FunctionDescriptor");
        private final Method allocate = type("SegmentAllocator").getMethod("allocate", long.class, long.class);

        Foreign() throws ReflectiveOperationException {
            linker = type("Linker").getMethod("nativeLinker").invoke(null);
            lookup = type("Linker").getMethod("defaultLookup").invoke(linker);
        }

        private static Class<?> type(String name) throws ClassNotFoundException {
            return Class.forName("java.lang.foreign." + name);
        }

        private Object layout(Class<?> of) throws ReflectiveOperationException {
            return type("ValueLayout")
                    .getField(of == int.class ? "JAVA_INT" : "JAVA_LONG")
                    .get(null);
        }

        private Object array(Class<?> of, Object... elements) {
            Object array = Array.newInstance(of, elements.length);
            for (int i = 0; i < elements.length; i++) {
                Array.set(array, i, elements[i]);
            }
            return array;
        }

        /**
         * A function of the C library, as a method with a place for {@code errno} in front of its arguments.
         *
         * @param fixed the number of arguments before the variable ones
         */
        MethodHandle function(String name, Class<?> returns, int fixed, Class<?>... takes)
                throws ReflectiveOperationException {
            Object[] layouts = new Object[takes.length];
            for (int i = 0; i < takes.length; i++) {
                layouts[i] = layout(takes[i]);
            }
            Object function = descriptor
                    .getMethod("of", layout, layout.arrayType())
                    .invoke(null, layout(returns), array(layout, layouts));
            Object capture =
                    option.getMethod("captureCallState", String[].class).invoke(null, (Object) new String[] {"errno"});
            Object options = fixed == takes.length
                    ? array(option, capture)
                    : array(
                            option,
                            capture,
                            option.getMethod("firstVariadicArg", int.class).invoke(null, fixed));
            Optional<?> address = (Optional<?>)
                    type("SymbolLookup").getMethod("find", String.class).invoke(lookup, name);
            MethodHandle handle = (MethodHandle) type("Linker")
                    .getMethod("downcallHandle", segment, descriptor, option.arrayType())
                    .invoke(linker, address.orElseThrow(), function, options);
            return handle.asType(MethodType.methodType(returns, takes).insertParameterTypes(0, Object.class));
        }

        /** It lives as long as somebody knows it, for it alone is in its arena. */
        Place place(int bytes) {
            try {
                Object memory = type("Arena").getMethod("ofAuto").invoke(null);
                Object allocated = allocate.invoke(memory, bytes, Integer.BYTES);
                ByteBuffer view = (ByteBuffer) segment.getMethod("asByteBuffer").invoke(allocated);
                long address = (long) segment.getMethod("address").invoke(allocated);
                return new Place(allocated, address, view.order(ByteOrder.nativeOrder()));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("no memory outside of the heap", e);
            }
        }
    }
}
