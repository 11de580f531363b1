package pnas.simulation;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * A method that can be left in the middle and gone on with later, or never. It is what virtual threads are made of in the JDK, without their scheduler: the order in which
 * actors go on is the seed's alone, and a switch costs less than a microsecond. One that is never gone on with is a process that died.
 */
final class Coroutine {
    private static final Object SCOPE;
    private static final MethodHandle NEW;
    private static final MethodHandle RUN;
    private static final MethodHandle YIELD;

    static {
        try {
            Class<?> scope = Class.forName("jdk.internal.vm.ContinuationScope");
            Class<?> continuation = Class.forName("jdk.internal.vm.Continuation");
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            SCOPE = scope.getConstructor(String.class).newInstance("simulation");
            NEW = lookup.findConstructor(continuation, MethodType.methodType(void.class, scope, Runnable.class))
                    .asType(MethodType.methodType(Object.class, Object.class, Runnable.class));
            RUN = lookup.findVirtual(continuation, "run", MethodType.methodType(void.class))
                    .asType(MethodType.methodType(void.class, Object.class));
            YIELD = lookup.findStatic(continuation, "yield", MethodType.methodType(boolean.class, scope))
                    .asType(MethodType.methodType(boolean.class, Object.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Object continuation;
    private @Nullable Throwable failure;

    Coroutine(Runnable body) {
        continuation = call(() -> (Object) NEW.invokeExact(SCOPE, (Runnable) () -> {
            try {
                body.run();
            } catch (RuntimeException | Error e) {
                failure = e;
            }
        }));
    }

    /** Goes on until it waits again, or ends. What it throws comes out here. */
    void run() {
        call(() -> {
            RUN.invokeExact(continuation);
            return SCOPE;
        });
        switch (failure) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    /** Leaves the one that calls this. */
    static void leave() {
        call(() -> {
            boolean _ = (boolean) YIELD.invokeExact(SCOPE);
            return SCOPE;
        });
    }

    @FunctionalInterface
    private interface Call {
        Object make() throws Throwable;
    }

    private static Object call(Call call) {
        try {
            return call.make();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
