/** Tests of the core: tables of cases, in milliseconds. */
@NullMarked
package pnas.orchestrator.life;

import org.jspecify.annotations.NullMarked;
