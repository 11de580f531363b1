@NullMarked
package pnas.orchestrator.specification;

import org.jspecify.annotations.NullMarked;
