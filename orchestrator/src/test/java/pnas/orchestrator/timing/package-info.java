/** Tests of the times that trainings take. */
@NullMarked
package pnas.orchestrator.timing;

import org.jspecify.annotations.NullMarked;
