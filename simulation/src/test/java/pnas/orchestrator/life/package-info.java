/** Lets the simulation ask the tables of states for their rows. */
@NullMarked
package pnas.orchestrator.life;

import org.jspecify.annotations.NullMarked;
