package pnas.orchestrator.access;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.hibernate.Session;
import org.hibernate.exception.ConstraintViolationException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import pnas.access.ApiKey;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.failure.Problem;

/**
 * The keys, and the browsers that signed in. Every method is its own transaction and may be called by many threads and by several orchestrators
 * at once. To refuse a key costs one hash and at most one row read by its index, and a text that is no key not even that.
 */
@ApplicationScoped
public class Keys {
    /** Who has the key that the configuration names. */
    static final String CONFIGURED = "admin";

    private static final Logger LOG = Logger.getLogger(Keys.class);
    /** To write a row with each request would make reading as dear as writing. */
    private static final Duration LAST_USED = Duration.ofMinutes(5);

    private static final int TOKEN_BYTES = 32;
    /** As short as cannot be guessed within its time: people copy it. */
    private static final int CODE_BYTES = 16;

    private static final Duration CODE_LENGTH = Duration.ofMinutes(10);
    /** Of one key. An older one opens nothing any more. */
    private static final int MOST_CODES = 20;

    private static final String NAME_INDEX = "api_key_by_name";

    private final Session database;
    private final AccessConfiguration configuration;
    private final ProviderLogin provider;
    private final SecureRandom random = new SecureRandom();

    Keys(Session database, AccessConfiguration configuration, ProviderLogin provider) {
        this.database = database;
        this.configuration = configuration;
        this.provider = provider;
    }

    /**
     * A key that was just made.
     *
     * @param key the only time that it is told
     */
    public record Made(KeyView view, ApiKey key) {}

    /** Whether a key, as somebody sent it, opens, and to whom. */
    @Transactional
    public Admission check(String text) {
        if (!ApiKey.isValid(text)) {
            return new Admission.Refused(Refusal.MALFORMED);
        }
        ApiKey key = new ApiKey(text);
        if (isConfigured(key.hash())) {
            return new Admission.Admitted(CONFIGURED, Role.ADMIN);
        }
        KeyEntity found = KeyEntity.findById(key.id());
        return found == null || !same(found.hash, key.hash())
                ? new Admission.Refused(Refusal.UNKNOWN)
                : admission(found);
    }

    /** Whether the token of a browser opens, and to whom. */
    @Transactional
    public Admission checkSession(String token) {
        return database.createNativeQuery(
                        "select key_hash, name, role from browser_session where token_hash = :hash and expires_at > now()",
                        Tuple.class)
                .setParameter("hash", ApiKey.hash(token))
                .getResultStream()
                .findFirst()
                .map(this::ofSession)
                .orElseGet(() -> new Admission.Refused(Refusal.SESSION_OVER));
    }

    private Admission ofSession(Tuple session) {
        String keyHash = session.get("key_hash", String.class);
        if (keyHash != null) {
            return ofHash(keyHash);
        }
        return provider.isOffered()
                ? new Admission.Admitted(
                        session.get("name", String.class), Role.valueOf(session.get("role", String.class)))
                : new Admission.Refused(Refusal.SESSION_OVER);
    }

    private Admission ofHash(String hash) {
        if (isConfigured(hash)) {
            return new Admission.Admitted(CONFIGURED, Role.ADMIN);
        }
        return KeyEntity.<KeyEntity>find("hash", hash)
                .firstResultOptional()
                .map(this::admission)
                // The configuration names another key by now.
                .orElseGet(() -> new Admission.Refused(Refusal.REVOKED));
    }

    private Admission admission(KeyEntity key) {
        Instant now = now();
        if (key.revokedAt != null) {
            return new Admission.Refused(Refusal.REVOKED);
        }
        if (key.expiresAt != null && !key.expiresAt.isAfter(now)) {
            return new Admission.Refused(Refusal.EXPIRED);
        }
        if (key.lastUsedAt == null || key.lastUsedAt.isBefore(now.minus(LAST_USED))) {
            key.lastUsedAt = now;
        }
        return new Admission.Admitted(key.name, key.role);
    }

    private boolean isConfigured(String hash) {
        return configured().stream().anyMatch(configured -> same(configured, hash));
    }

    private List<String> configured() {
        return configuration.adminKeyHash().orElseGet(List::of);
    }

    /** Takes as long for two texts that differ in their first character as for two that differ in their last. */
    private static boolean same(String hash, String other) {
        return MessageDigest.isEqual(hash.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Signs a browser in with a key that was just {@link #check checked}.
     *
     * @return what its cookie is to have, until {@link #sessionLength} is over
     */
    @Transactional
    public String open(String key) {
        return open(ApiKey.hash(key), null, null);
    }

    /**
     * Signs a browser in for somebody whom a provider vouches for.
     *
     * @return what its cookie is to have, until {@link #sessionLength} is over
     */
    @Transactional
    public String open(String name, Role role) {
        return open(null, name, role.name());
    }

    private String open(@Nullable String keyHash, @Nullable String name, @Nullable String role) {
        String token = draw(TOKEN_BYTES);
        database.createNativeMutationQuery("""
                        insert into browser_session (token_hash, key_hash, name, role, expires_at)
                        values (:token, :key, :name, :role, now() + make_interval(secs => :seconds))
                        """)
                .setParameter("token", ApiKey.hash(token))
                .setParameter("key", keyHash, String.class)
                .setParameter("name", name, String.class)
                .setParameter("role", role, String.class)
                .setParameter("seconds", (double) sessionLength().toSeconds())
                .executeUpdate();
        return token;
    }

    private String draw(int bytes) {
        byte[] drawn = new byte[bytes];
        random.nextBytes(drawn);
        return HexFormat.of().formatHex(drawn);
    }

    /**
     * A code that was just made.
     *
     * @param code the only time that it is told
     */
    public record Code(String code, Instant expiresAt) {}

    /**
     * Makes a code with which a browser signs in once, with what a key opens.
     *
     * @param keyHash of the key, which was just {@link #check checked}; null for the key that the configuration names
     * @throws PnasException with {@link ErrorCode#STATE_FORBIDS} where it names none
     */
    @Transactional
    public Code createCode(@Nullable String keyHash) {
        String whose = keyHash == null
                ? configured().stream().reduce((_, last) -> last).orElse(null)
                : keyHash;
        if (whose == null) {
            throw new PnasException(
                    ErrorCode.STATE_FORBIDS,
                    "a link signs in with a key, and this platform was told of none: show one, or start it with PNAS_ACCESS_ADMIN_KEY_HASH");
        }
        String code = draw(CODE_BYTES);
        Instant expiresAt = now().plus(CODE_LENGTH);
        database.createNativeMutationQuery("""
                        delete from sign_in_code where key_hash = :key and code_hash not in (
                            select code_hash from sign_in_code where key_hash = :key order by expires_at desc limit :others)
                        """)
                .setParameter("key", whose)
                .setParameter("others", MOST_CODES - 1)
                .executeUpdate();
        database.createNativeMutationQuery(
                        "insert into sign_in_code (code_hash, key_hash, expires_at) values (:code, :key, :end)")
                .setParameter("code", ApiKey.hash(code))
                .setParameter("key", whose)
                .setParameter("end", expiresAt)
                .executeUpdate();
        return new Code(code, expiresAt);
    }

    /**
     * Signs a browser in with a code, which opens nothing from now on.
     *
     * @return what its cookie is to have, until {@link #sessionLength} is over; absent where the code or its key opens nothing
     */
    @Transactional
    public Optional<String> openWithCode(String code) {
        return database
                .createNativeQuery(
                        "delete from sign_in_code where code_hash = :hash and expires_at > now() returning key_hash",
                        String.class)
                .setParameter("hash", ApiKey.hash(code))
                .getResultList()
                .stream()
                .filter(keyHash -> ofHash(keyHash) instanceof Admission.Admitted)
                .map(keyHash -> open(keyHash, null, null))
                .findFirst();
    }

    /** How long a browser stays signed in. */
    public Duration sessionLength() {
        return configuration.session();
    }

    /** Signs a browser out; nothing happens where it was not signed in. */
    @Transactional
    public void close(String token) {
        database.createNativeMutationQuery("delete from browser_session where token_hash = :hash")
                .setParameter("hash", ApiKey.hash(token))
                .executeUpdate();
    }

    /**
     * Makes a key.
     *
     * @param by who makes it
     * @throws PnasException with {@link ErrorCode#INVALID_INPUT} and all problems, {@link ErrorCode#STATE_FORBIDS} where another one takes the name
     *     at the same time
     */
    @Transactional
    public Made create(KeyDraft draft, @Nullable String by) {
        List<Problem> problems = draft.problems();
        if (problems.isEmpty() && isTaken(draft.named())) {
            problems.add(new Problem(
                    "name", "must be new, got '" + draft.named() + "', which another key has; revoke that first"));
        }
        if (!problems.isEmpty()) {
            throw PnasException.invalidInput(problems);
        }
        ApiKey key = ApiKey.draw(random);
        KeyEntity entity = new KeyEntity();
        entity.id = key.id();
        entity.name = draft.named();
        entity.role = draft.granted();
        entity.hash = key.hash();
        entity.createdAt = now();
        entity.createdBy = by;
        entity.expiresAt = draft.days() == null ? null : entity.createdAt.plus(Duration.ofDays(draft.days()));
        try {
            entity.persistAndFlush();
        } catch (ConstraintViolationException e) {
            if (!NAME_INDEX.equals(e.getConstraintName())) {
                throw e;
            }
            throw new PnasException(
                    ErrorCode.STATE_FORBIDS,
                    "a key with the name '" + entity.name
                            + "' was made at the same time: choose another name, or revoke that key first",
                    e);
        }
        LOG.infof("key %s '%s' with the role %s was made by %s", entity.id, entity.name, entity.role.text(), by);
        return new Made(entity.view(), key);
    }

    private static boolean isTaken(String name) {
        return name.equals(CONFIGURED) || KeyEntity.count("name = ?1 and revokedAt is null", name) > 0;
    }

    /** All keys, also those that open nothing any more, the newest first. */
    @Transactional
    public List<KeyView> list() {
        return KeyEntity.<KeyEntity>list("order by createdAt desc, id").stream()
                .map(KeyEntity::view)
                .toList();
    }

    /**
     * Has a key, and the browsers that signed in with it, open nothing from now on; nothing changes where that is so already.
     *
     * @throws PnasException with {@link ErrorCode#NOT_FOUND}
     */
    @Transactional
    public KeyView revoke(String id, @Nullable String by) {
        KeyEntity key = Optional.ofNullable(KeyEntity.<KeyEntity>findById(id))
                .orElseThrow(
                        () -> new PnasException(
                                ErrorCode.NOT_FOUND,
                                "there is no key with the id '" + id
                                        + "' in the database; one that the configuration names opens until the platform is"
                                        + " started without it: change PNAS_ACCESS_ADMIN_KEY_HASH, or remove secrets/admin.key from the platform's home"));
        if (key.revokedAt == null) {
            key.revokedAt = now();
            LOG.infof("key %s '%s' was revoked by %s", key.id, key.name, by);
        }
        return key.view();
    }

    private Instant now() {
        return database.createNativeQuery("select now()", Instant.class).getSingleResult();
    }

    @Scheduled(
            every = "1h",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    @Transactional
    void removeTheOld() {
        database.createNativeMutationQuery("""
                        delete from browser_session where token_hash in (select token_hash from browser_session
                            where expires_at < now() order by expires_at limit 1000)
                        """).executeUpdate();
        database.createNativeMutationQuery("delete from sign_in_code where expires_at < now()")
                .executeUpdate();
    }
}
