/** Lets the simulation look at the store in maps. */
@NullMarked
package pnas.orchestrator.life.store;

import org.jspecify.annotations.NullMarked;
