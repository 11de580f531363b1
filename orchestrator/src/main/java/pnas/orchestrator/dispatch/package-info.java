/**
 * From the table to the trainers: sends queued trials as jobs, never many more than the trainers can take. A turn reads what is to be sent, sends it, and notes
 * what the broker has, in the order of {@link pnas.orchestrator.life.store.Turns}. Nothing here is called by other features; it is woken by commits.
 */
@NullMarked
package pnas.orchestrator.dispatch;

import org.jspecify.annotations.NullMarked;
