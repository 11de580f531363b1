/** Tests of experiments, without a broker or a database. */
@NullMarked
package pnas.orchestrator.experiment;

import org.jspecify.annotations.NullMarked;
