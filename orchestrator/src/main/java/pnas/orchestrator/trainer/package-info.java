/**
 * The trainers that announced themselves: read from {@code pnas.workers} and kept as rows. Entry type is {@link
 * pnas.orchestrator.trainer.Trainers}; the dispatcher asks it for live slots, the API for the list.
 */
@NullMarked
@Tables(owns = "trainer")
package pnas.orchestrator.trainer;

import org.jspecify.annotations.NullMarked;
import pnas.orchestrator.Tables;
