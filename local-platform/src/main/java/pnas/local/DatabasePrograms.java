package pnas.local;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.jar.JarEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * The programs of PostgreSQL, unpacked from the class path where no other account can swap them.
 *
 * @param folder what they are unpacked to; several databases may share it
 */
record DatabasePrograms(Path folder) {
    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";

    DatabasePrograms {
        folder = folder.toAbsolutePath();
    }

    /** Unpacks them unless that was done, and returns the folder that has them in {@code bin}. */
    Path unpack() throws IOException {
        OwnerOnly.createFolders(folder);
        Path place = folder.toRealPath();
        if (!Ownership.isOwn(place)) {
            throw new IOException("the programs of PostgreSQL are not unpacked to " + place
                    + ", as it belongs to another account or is open to others: remove it");
        }
        URL archive = archive();
        Path programs = place.resolve(version(archive));
        if (!Files.isDirectory(programs)) {
            Path next = Files.createTempDirectory(place, "unpacking-");
            try {
                unpack(archive, next);
                Files.move(next, programs, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileAlreadyExistsException | DirectoryNotEmptyException | AtomicMoveNotSupportedException e) {
                // Another process was quicker.
                if (!Files.isDirectory(programs)) {
                    throw e;
                }
            } finally {
                Ownership.deleteAll(next);
            }
        }
        return programs;
    }

    private static void unpack(URL archive, Path target) throws IOException {
        try (InputStream file = archive.openStream();
                TarArchiveInputStream entries = new TarArchiveInputStream(new XZCompressorInputStream(file))) {
            for (TarArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                Path path = target.resolve(entry.getName()).normalize();
                if (entry.isDirectory()) {
                    OwnerOnly.createFolders(path);
                } else {
                    OwnerOnly.createFolders(path.resolveSibling(""));
                    if (entry.isSymbolicLink()) {
                        Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                    } else {
                        OwnerOnly.copy(entries, path, entry.getName().contains("bin/"));
                    }
                }
            }
        }
    }

    private static URL archive() throws IOException {
        URL archive = DatabasePrograms.class.getResource(ARCHIVE);
        if (archive == null) {
            throw new IOException("the class path lacks " + ARCHIVE + ", the programs of PostgreSQL");
        }
        return archive;
    }

    /** A name that another archive does not have, known without reading all of it. */
    private static String version(URL archive) throws IOException {
        if (archive.openConnection() instanceof JarURLConnection jar) {
            jar.setUseCaches(false);
            JarEntry entry = jar.getJarEntry();
            jar.getJarFile().close();
            return String.format(Locale.ROOT, "postgresql-%08x-%d", entry.getCrc(), entry.getSize());
        }
        throw new IOException("the programs of PostgreSQL are expected in a jar, got " + archive);
    }
}
