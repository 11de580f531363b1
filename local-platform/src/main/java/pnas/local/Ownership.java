package pnas.local;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which accounts can read and change a file or a folder, and what is done so that one alone can. */
final class Ownership {
    private static final int STICKY = 01000;
    private static final int OF_OTHERS = 0077;
    private static final int WRITABLE_BY_GROUP = 0020;
    private static final int WRITABLE_BY_ALL = 0002;
    private static final int MOST_LINKS = 40;

    private static final Set<PosixFilePermission> OWNERS = PosixFilePermissions.fromString("rwx------");

    private Ownership() {}

    /**
     * Why a folder, which may be missing, is not this account's alone to decide about, as the words of a sentence; nothing where it is. The folder
     * itself may be open to others, as that can be mended.
     */
    static Optional<String> objection(Path folder) throws IOException {
        int own = account();
        if (Files.exists(folder) && number(folder, "uid") != own) {
            return Optional.of("it belongs to another account, " + Files.getOwner(folder));
        }
        // The owner of the root of all files can change everything anyway.
        return objectionAbove(
                folder.toAbsolutePath(), Set.copyOf(List.of(own, number(Path.of("/"), "uid"))), MOST_LINKS);
    }

    /** Looks at every folder and link on the way, as an account that may change one of them can lead the way elsewhere. */
    private static Optional<String> objectionAbove(Path path, Set<Integer> trusted, int links) throws IOException {
        Path way = path.getRoot();
        for (Path name : path) {
            Path next = way.resolve(name);
            if (!Files.exists(next, LinkOption.NOFOLLOW_LINKS)) {
                return objectionTo(way, trusted);
            }
            Optional<String> objection = objectionTo(way, trusted);
            if (objection.isPresent()) {
                return objection;
            }
            if (!trusted.contains(attribute(next, "uid"))) {
                return Optional.of("its part %s belongs to another account, %s"
                        .formatted(next, Files.getOwner(next, LinkOption.NOFOLLOW_LINKS)));
            }
            if (Files.isSymbolicLink(next) && links > 0) {
                Path target = way.resolve(Files.readSymbolicLink(next)).normalize();
                Optional<String> elsewhere = objectionAbove(target, trusted, links - 1);
                if (elsewhere.isPresent()) {
                    return elsewhere;
                }
            }
            way = next;
        }
        return Optional.empty();
    }

    /** Whether another account could put something else in the place of what lies in a folder. */
    private static Optional<String> objectionTo(Path folder, Set<Integer> trusted) throws IOException {
        int mode = number(folder, "mode");
        if ((mode & STICKY) != 0) {
            // There everybody can add, and only its owner replace.
            return Optional.empty();
        }
        if ((mode & WRITABLE_BY_ALL) != 0) {
            return Optional.of("all accounts can write to %s, and so put their own in its place".formatted(folder));
        }
        if ((mode & WRITABLE_BY_GROUP) != 0 && !isOfOneAccount(folder, trusted)) {
            return Optional.of("the group %s can write to %s, and so put its own in its place"
                    .formatted(Files.getAttribute(folder, "posix:group"), folder));
        }
        return Optional.empty();
    }

    /** Many systems give each account a group of its own, by the account's name, and let it write. */
    private static boolean isOfOneAccount(Path folder, Set<Integer> trusted) throws IOException {
        return trusted.contains(number(folder, "uid"))
                && Files.getOwner(folder).getName().equals(String.valueOf(Files.getAttribute(folder, "posix:group")));
    }

    /** Whether this account alone can change a file or a folder. */
    static boolean isOwn(Path path) throws IOException {
        return number(path, "uid") == account() && (number(path, "mode") & OF_OTHERS) == 0;
    }

    /** Takes what the group and others may do with a file or a folder. */
    static void closeToOthers(Path path) throws IOException {
        Set<PosixFilePermission> kept = EnumSet.copyOf(OWNERS);
        kept.retainAll(Files.getPosixFilePermissions(path));
        Files.setPosixFilePermissions(path, kept);
    }

    /**
     * Closes everything below a folder to other accounts. Links are not followed. The folders that are named hold what belongs to others
     * as well, files with a second name elsewhere among it, and may be large: below them, a folder that is closed already is not looked into.
     */
    static void closeAll(Path folder, List<Path> holders) throws IOException {
        int own = account();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) throws IOException {
                return isHeld(visited) && isOwn(visited) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!attributes.isSymbolicLink()) {
                    close(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException || isHeld(file)) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }

            // After what it holds: a folder that is closed has nothing open in it, wherever this was broken off.
            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                close(visited);
                return FileVisitResult.CONTINUE;
            }

            private void close(Path path) throws IOException {
                try {
                    boolean open = (attribute(path, "mode") & OF_OTHERS) != 0;
                    if (open && !(isHeld(path) && belongsToOthersToo(path))) {
                        closeToOthers(path);
                    }
                } catch (NoSuchFileException e) {
                    // Removed meanwhile, which is as good.
                }
            }

            private boolean belongsToOthersToo(Path path) throws IOException {
                return attribute(path, "uid") != own || (attribute(path, "nlink") > 1 && !Files.isDirectory(path));
            }

            private boolean isHeld(Path path) {
                return holders.stream().anyMatch(path::startsWith);
            }
        });
    }

    /** Removes a file, or a folder with everything in it. */
    static void deleteAll(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** The number of the account of this process. */
    static int account() throws IOException {
        return number(FileSystems.getDefault().getPath("/proc/self"), "uid");
    }

    private static int number(Path path, String attribute) throws IOException {
        return (int) Files.getAttribute(path, "unix:" + attribute);
    }

    private static int attribute(Path path, String attribute) throws IOException {
        return (int) Files.getAttribute(path, "unix:" + attribute, LinkOption.NOFOLLOW_LINKS);
    }
}
