package pnas.orchestrator.capacity;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a watch keeps of the objects of a kind: what is decided by, and not the objects. A pod has 8 KB, and a large cluster a hundred thousand of them.
 * The watch itself gets an object with nothing but its name and version, which is all that it compares.
 *
 * <p>Written by the watch, on one thread at a time, and read by others meanwhile.
 */
final class Kept<T extends HasMetadata, R> implements ItemStore<T> {
    /**
     * An object.
     *
     * @param uid which tells it from an earlier one of its name
     * @param version that it had when it was seen last
     * @param reading what of it matters here
     */
    record Entry<R>(String name, String uid, String version, R reading) {}

    private final Map<String, Entry<R>> entries = new ConcurrentHashMap<>();
    private final Function<T, Optional<R>> reading;
    private final Function<ObjectMeta, T> stub;
    private final Runnable changed;

    /**
     * Keeps nothing yet.
     *
     * @param stub an object with nothing but these metadata
     * @param changed called where what matters changed
     */
    Kept(Function<T, Optional<R>> reading, Function<ObjectMeta, T> stub, Runnable changed) {
        this.reading = reading;
        this.stub = stub;
        this.changed = changed;
    }

    List<Entry<R>> entries() {
        return List.copyOf(entries.values());
    }

    @Override
    public String getKey(T object) {
        return Cache.metaNamespaceKeyFunc(object);
    }

    /** Of what does not matter nothing is kept, not even that it is there: to the watch, each change of it is its first. */
    @Override
    public @Nullable T put(String key, T object) {
        Optional<R> read = reading.apply(object);
        if (read.isEmpty()) {
            return remove(key);
        }
        ObjectMeta metadata = object.getMetadata();
        @Nullable Entry<R> before = entries.put(
                key,
                new Entry<>(
                        metadata.getName(),
                        Objects.requireNonNullElse(metadata.getUid(), ""),
                        Objects.requireNonNullElse(metadata.getResourceVersion(), ""),
                        read.get()));
        if (before == null || !before.reading().equals(read.get())) {
            changed.run();
        }
        return before == null ? null : stub(key, before);
    }

    @Override
    public @Nullable T remove(String key) {
        @Nullable Entry<R> before = entries.remove(key);
        if (before == null) {
            return null;
        }
        changed.run();
        return stub(key, before);
    }

    @Override
    public Stream<String> keySet() {
        return entries.keySet().stream();
    }

    @Override
    public Stream<T> values() {
        return entries.entrySet().stream().map(entry -> stub(entry.getKey(), entry.getValue()));
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public @Nullable T get(String key) {
        @Nullable Entry<R> entry = entries.get(key);
        return entry == null ? null : stub(key, entry);
    }

    private T stub(String key, Entry<R> entry) {
        int slash = key.indexOf('/');
        ObjectMeta metadata = new ObjectMeta();
        metadata.setNamespace(slash < 0 ? null : key.substring(0, slash));
        metadata.setName(key.substring(slash + 1));
        metadata.setResourceVersion(entry.version().isEmpty() ? null : entry.version());
        return stub.apply(metadata);
    }
}
