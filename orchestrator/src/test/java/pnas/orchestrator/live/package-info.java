@NullMarked
package pnas.orchestrator.live;

import org.jspecify.annotations.NullMarked;
