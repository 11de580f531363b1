package pnas.orchestrator.experiment;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.util.Optional;
import org.hibernate.Session;
import pnas.dataset.Contents;
import pnas.dataset.DataRegister;
import pnas.network.ImageShape;

/** What data sets hold, in the database: for all orchestrators, and after a start. */
@ApplicationScoped
class RegisteredDataSets implements DataRegister {
    private final Session database;

    RegisteredDataSets(Session database) {
        this.database = database;
    }

    @Override
    @Transactional
    public Optional<Contents> find(String name, ImageShape image, String fingerprint) {
        return database.createNativeQuery("""
                        select content_hash, image, classes, images, test, test_apart, validation from data_set
                        where name = :name and asked_image = :image and fingerprint = :fingerprint
                        """, Tuple.class)
                .setParameter("name", name)
                .setParameter("image", image.toString())
                .setParameter("fingerprint", fingerprint)
                .uniqueResultOptional()
                .map(row -> new Contents(
                        row.get("content_hash", String.class),
                        ImageShape.parse(row.get("image", String.class)),
                        row.get("classes", Integer.class),
                        row.get("images", Integer.class),
                        row.get("test", Integer.class),
                        row.get("test_apart", Boolean.class),
                        row.get("validation", Integer.class)));
    }

    @Override
    @Transactional
    public void add(String name, ImageShape image, String fingerprint, Contents contents) {
        database.createNativeMutationQuery("""
                        insert into data_set
                            (name, asked_image, fingerprint, content_hash, image, classes, images, test, test_apart, validation)
                        values (:name, :asked, :fingerprint, :hash, :image, :classes, :images, :test, :apart, :validation)
                        on conflict do nothing
                        """)
                .setParameter("name", name)
                .setParameter("asked", image.toString())
                .setParameter("fingerprint", fingerprint)
                .setParameter("hash", contents.contentHash())
                .setParameter("image", contents.image().toString())
                .setParameter("classes", contents.classes())
                .setParameter("images", contents.images())
                .setParameter("test", contents.test())
                .setParameter("apart", contents.testApart())
                .setParameter("validation", contents.validation())
                .executeUpdate();
    }
}
