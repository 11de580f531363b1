/** Tests of tables, and what tests of tables have in common. */
@NullMarked
package pnas.orchestrator.state;

import org.jspecify.annotations.NullMarked;
