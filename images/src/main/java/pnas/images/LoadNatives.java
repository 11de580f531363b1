package pnas.images;

/** Loads the native libraries of a class, by which they are unpacked. Runs in a process of its own with the libraries on its class path. */
final class LoadNatives {
    private LoadNatives() {}

    public static void main(String[] arguments) throws ReflectiveOperationException {
        Class<?> loaded = Class.forName(arguments[0], false, LoadNatives.class.getClassLoader());
        Class.forName("org.bytedeco.javacpp.Loader")
                .getMethod("load", Class.class)
                .invoke(null, loaded);
    }
}
