package pnas.input;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** What an account may do that is not root, in a test that root may run. */
public final class OtherAccount {
    private static final int NOBODY = 65534;

    private OtherAccount() {}

    /** Takes all rights on a file or folder away; root has them still. */
    public static void lock(Path path) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("---------"));
    }

    /** Runs this with files opened as if by another account where this one is root, for which no lock holds. */
    @SuppressWarnings("restricted") // There is no other way to have one thread be another account to the file system.
    public static void run(Runnable test) {
        Linker linker = Linker.nativeLinker();
        MethodHandle account = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("setfsuid"), FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        int own = set(account, -1);
        if (own != 0) {
            test.run();
            return;
        }
        set(account, NOBODY);
        try {
            test.run();
        } finally {
            set(account, own);
        }
    }

    /** Gives the one before. */
    private static int set(MethodHandle account, int id) {
        try {
            return (int) account.invokeExact(id);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
