/**
 * Transactions: what is found, locked, read, decided and stored, in which order. {@link pnas.orchestrator.life.store.Store} is the port that keeps rows; its
 * adapters are PostgreSQL and, for tests, maps in memory.
 */
@NullMarked
package pnas.orchestrator.life.store;

import org.jspecify.annotations.NullMarked;
