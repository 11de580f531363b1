/**
 * What the services say to each other over Kafka: one sealed family of records for each topic of {@link pnas.message.Topics}, and
 * {@link pnas.message.Messages}, which turns them into JSON and back. This is the only place with Jackson annotations.
 *
 * <p>Every record carries {@code schemaVersion}. Unknown fields are ignored and only optional fields are ever added, so that services of
 * neighbouring releases understand each other; the JSON of every released version is frozen in the tests.
 */
@NullMarked
package pnas.message;

import org.jspecify.annotations.NullMarked;
