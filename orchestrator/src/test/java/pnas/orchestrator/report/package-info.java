/** Tests of what is shown, without a broker or a database. */
@NullMarked
package pnas.orchestrator.report;

import org.jspecify.annotations.NullMarked;
