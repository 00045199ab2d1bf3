package dev.bactrian.archive.isal;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Array;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Intel's ISA-L ({@code libisal.so.2}), called by Java's foreign function interface, which is final since Java 22. All of
 * that interface is reached by reflection, once, so that a JDK 17 can build what a JDK 25 runs.
 */
public final class IsalLibrary {

    /**
     * Versions whose {@code struct isal_zstream} and {@code struct inflate_state} are laid out as is said where they are filled
     * (isa-l/igzip_lib.h).
     */
    private static final Pattern KNOWN = Pattern.compile("libisal\\.so\\.(2\\.0\\.(?:30|31))");

    /** The oldest Java that can call it. */
    public static final int FIRST_JAVA = 22;

    private static final String FOREIGN = "java.lang.foreign.";
    private static final List<Path> FOLDERS = Stream.of(
                    "/usr/lib/x86_64-linux-gnu",
                    "/usr/lib/aarch64-linux-gnu",
                    "/usr/lib64",
                    "/usr/lib",
                    "/usr/local/lib")
            .map(Path::of)
            .toList();

    private final String version;
    private final MethodHandle init;
    private final MethodHandle deflate;
    private final MethodHandle inflateInit;
    private final MethodHandle inflate;

    private IsalLibrary(
            String version, MethodHandle init, MethodHandle deflate, MethodHandle inflateInit, MethodHandle inflate) {
        this.version = version;
        this.init = init;
        this.deflate = deflate;
        this.inflateInit = inflateInit;
        this.inflate = inflate;
    }

    /** The library, where this machine has it in a version that is known, and this Java can call it. */
    public static Optional<IsalLibrary> find() {
        if (Runtime.version().feature() < FIRST_JAVA) {
            return Optional.empty();
        }
        return FOLDERS.stream().map(IsalLibrary::in).flatMap(Optional::stream).findFirst();
    }

    private static Optional<IsalLibrary> in(Path folder) {
        try {
            Path file = folder.resolve("libisal.so.2");
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            Matcher name = KNOWN.matcher(file.toRealPath().getFileName().toString());
            return name.matches() ? Optional.of(open(file, name.group(1))) : Optional.empty();
        } catch (IOException | ReflectiveOperationException | RuntimeException | LinkageError e) {
            return Optional.empty();
        }
    }

    private static IsalLibrary open(Path file, String version) throws ReflectiveOperationException {
        Class<?> arena = type("Arena");
        Object lookup = type("SymbolLookup")
                .getMethod("libraryLookup", Path.class, arena)
                .invoke(null, file, arena.getMethod("global").invoke(null));
        Object pointer = type("ValueLayout").getField("JAVA_LONG").get(null);
        Object number = type("ValueLayout").getField("JAVA_INT").get(null);
        Class<?> layout = type("MemoryLayout");
        Object layouts = Array.newInstance(layout, 1);
        Array.set(layouts, 0, pointer);
        Class<?> descriptor = type("FunctionDescriptor");
        Object returnsNothing =
                descriptor.getMethod("ofVoid", layouts.getClass()).invoke(null, layouts);
        Object returnsNumber =
                descriptor.getMethod("of", layout, layouts.getClass()).invoke(null, number, layouts);
        return new IsalLibrary(
                version,
                function(lookup, "isal_deflate_init", returnsNothing),
                function(lookup, "isal_deflate", returnsNumber),
                function(lookup, "isal_inflate_init", returnsNothing),
                function(lookup, "isal_inflate", returnsNumber));
    }

    private static MethodHandle function(Object lookup, String name, Object descriptor)
            throws ReflectiveOperationException {
        Optional<?> symbol = (Optional<?>)
                type("SymbolLookup").getMethod("find", String.class).invoke(lookup, name);
        Class<?> linkerType = type("Linker");
        Object options = Array.newInstance(type("Linker$Option"), 0);
        Object linker = linkerType.getMethod("nativeLinker").invoke(null);
        return (MethodHandle) linkerType
                .getMethod("downcallHandle", type("MemorySegment"), type("FunctionDescriptor"), options.getClass())
                .invoke(linker, symbol.orElseThrow(() -> new NoSuchMethodException(name)), descriptor, options);
    }

    private static Class<?> type(String name) throws ClassNotFoundException {
        return Class.forName(FOREIGN + name);
    }

    /** Where a direct buffer lies; it stays there as long as the buffer is in use. */
    public static long address(ByteBuffer direct) {
        try {
            Class<?> segment = type("MemorySegment");
            Object memory = segment.getMethod("ofBuffer", Buffer.class).invoke(null, direct);
            return (Long) segment.getMethod("address").invoke(memory);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    public String version() {
        return version;
    }

    /** {@code void isal_deflate_init(struct isal_zstream *)}. */
    public void init(long stream) {
        try {
            init.invokeExact(stream);
        } catch (Throwable e) {
            throw new IllegalStateException("isal_deflate_init can't be called", e);
        }
    }

    /** {@code int isal_deflate(struct isal_zstream *)}; 0 is good. */
    public int deflate(long stream) {
        try {
            return (int) deflate.invokeExact(stream);
        } catch (Throwable e) {
            throw new IllegalStateException("isal_deflate can't be called", e);
        }
    }

    /** {@code void isal_inflate_init(struct inflate_state *)}. */
    void inflateInit(long state) {
        try {
            inflateInit.invokeExact(state);
        } catch (Throwable e) {
            throw new IllegalStateException("isal_inflate_init can't be called", e);
        }
    }

    /** {@code int isal_inflate(struct inflate_state *)}; below 0 is bad. */
    int inflate(long state) {
        try {
            return (int) inflate.invokeExact(state);
        } catch (Throwable e) {
            throw new IllegalStateException("isal_inflate can't be called", e);
        }
    }
}
