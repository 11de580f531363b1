/**
 * What is told of an experiment: {@link pnas.orchestrator.event.Event} has every kind of event with what it says, and is the one place that knows their names
 * and their JSON. The core decides which events follow, {@code live} keeps them, REST and pages read them. Plain Java.
 */
@NullMarked
package pnas.orchestrator.event;

import org.jspecify.annotations.NullMarked;
