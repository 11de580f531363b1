/** Tests of the work with the broker. */
@NullMarked
package pnas.orchestrator.broker;

import org.jspecify.annotations.NullMarked;
