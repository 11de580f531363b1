/**
 * From the table to the trainers: sends queued trials as jobs, never many more than the trainers can take, and sends again what got lost on
 * the way. Nothing here is called by other features; it is woken by commits.
 */
@NullMarked
package pnas.orchestrator.dispatch;

import org.jspecify.annotations.NullMarked;
