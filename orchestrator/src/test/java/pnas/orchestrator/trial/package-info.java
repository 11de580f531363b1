/** Tests of trials, without a broker or a database. */
@NullMarked
package pnas.orchestrator.trial;

import org.jspecify.annotations.NullMarked;
