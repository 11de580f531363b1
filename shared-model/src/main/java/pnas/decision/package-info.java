/** How a type says that it decides and does nothing else: {@link pnas.decision.Decides}. */
@NullMarked
package pnas.decision;

import org.jspecify.annotations.NullMarked;
