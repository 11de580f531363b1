/**
 * A real broker and a real database for tests, started when first asked for and shared by all tests of a JVM: {@link
 * pnas.testing.TestKafka} and {@link pnas.testing.TestDatabase}. They are containers where a Docker engine answers, and the embedded
 * ones of {@code pnas.local} elsewhere. Tests of a Quarkus application take {@link pnas.testing.KafkaAndDatabase} or {@link
 * pnas.testing.KafkaOnly} as their test resource.
 */
@NullMarked
package pnas.testing;

import org.jspecify.annotations.NullMarked;
