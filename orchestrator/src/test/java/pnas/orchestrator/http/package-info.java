@NullMarked
package pnas.orchestrator.http;

import org.jspecify.annotations.NullMarked;
