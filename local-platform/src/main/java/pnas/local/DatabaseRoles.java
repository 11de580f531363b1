package pnas.local;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.util.PasswordUtil;

/**
 * As whom PostgreSQL knows the platform: an owner, who makes and changes the tables, and a service that reads and writes their rows. Neither
 * is a superuser, and the service owns nothing.
 */
public record DatabaseRoles(Login owner, Login service) {
    // A sequence of a column goes with its table, and what belongs to an extension stays with it.
    private static final String OWN = """
            do $$
            declare each record;
            begin
                execute format('alter database %I owner to OWNER', current_database());
                execute format('revoke all on database %I from public', current_database());
                execute format('grant connect on database %I to SERVICE', current_database());
                for each in select format('alter table %s owner to OWNER', oid::regclass) as command from pg_class
                    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f', 'S')
                        and relowner <> 'OWNER'::regrole and not exists (select from pg_depend
                            where classid = 'pg_class'::regclass and objid = pg_class.oid and deptype in ('a', 'i', 'e'))
                loop execute each.command; end loop;
                for each in select format('alter routine %s owner to OWNER', oid::regprocedure) as command from pg_proc
                    where pronamespace = 'public'::regnamespace and proowner <> 'OWNER'::regrole and not exists (select from pg_depend
                        where classid = 'pg_proc'::regclass and objid = pg_proc.oid and deptype = 'e')
                loop execute each.command; end loop;
                for each in select format('alter type %s owner to OWNER', oid::regtype) as command from pg_type
                    where typnamespace = 'public'::regnamespace and typtype in ('e', 'd') and typowner <> 'OWNER'::regrole and not exists (
                        select from pg_depend where classid = 'pg_type'::regclass and objid = pg_type.oid and deptype = 'e')
                loop execute each.command; end loop;
            end $$;
            revoke all on schema public from public;
            grant usage on schema public to SERVICE;
            grant select, insert, update, delete on all tables in schema public to SERVICE;
            grant usage, select, update on all sequences in schema public to SERVICE;
            alter default privileges for role OWNER in schema public grant select, insert, update, delete on tables to SERVICE;
            alter default privileges for role OWNER in schema public grant usage, select, update on sequences to SERVICE""";

    /** A name and its password. */
    public record Login(String username, String password) {
        public Login {
            if (!username.matches("[a-z][a-z_]*")) {
                throw new IllegalArgumentException("a role must be a plain lower-case word, got '" + username + "'");
            }
        }

        @Override
        public String toString() {
            return username;
        }
    }

    /** The usual names with these passwords. */
    public static DatabaseRoles of(String ownerPassword, String servicePassword) {
        return new DatabaseRoles(new Login("pnas_owner", ownerPassword), new Login("pnas", servicePassword));
    }

    /** Makes the roles, or gives those that are there their passwords and takes from them whatever else they may. */
    public void establish(Connection superuser) throws SQLException {
        try (Statement statement = superuser.createStatement()) {
            for (Login role : new Login[] {owner, service}) {
                statement.execute("""
                        do $$ begin
                            if not exists (select from pg_roles where rolname = '%1$s') then create role %1$s; end if;
                        end $$""".formatted(role.username()));
                statement.execute("alter role " + role.username()
                        + " login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password '"
                        + verifier(role.password()) + "'");
            }
        }
    }

    /**
     * Gives the owner the database of this connection with all that any account made in its schema {@code public}, and the service its
     * rows, those of later tables too.
     */
    public void own(Connection superuser) throws SQLException {
        try (Statement statement = superuser.createStatement()) {
            statement.execute(OWN.replace("OWNER", owner.username()).replace("SERVICE", service.username()));
        }
    }

    /** What PostgreSQL keeps of a password, so that the password itself stands in no statement and in no log. */
    static String verifier(String password) {
        return PasswordUtil.encodeScramSha256(password.toCharArray());
    }
}
