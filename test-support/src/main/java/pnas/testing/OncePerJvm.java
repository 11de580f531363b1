package pnas.testing;

import java.util.function.Supplier;

/**
 * What is started once in a JVM. Quarkus loads test resources in several class loaders, each with static fields of its own, so what was
 * started is remembered in the system properties, which all of them share.
 */
final class OncePerJvm {
    private OncePerJvm() {}

    /** The address of the server of this name, which is started when there is none. */
    static String address(String server, Supplier<String> start) {
        String key = "pnas.testing." + server;
        synchronized (System.getProperties()) {
            String address = System.getProperty(key);
            if (address == null) {
                address = start.get();
                System.setProperty(key, address);
            }
            return address;
        }
    }
}
