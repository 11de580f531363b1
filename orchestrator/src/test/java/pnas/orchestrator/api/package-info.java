/** Tests of the REST interface over HTTP, on a real database and broker. */
@NullMarked
package pnas.orchestrator.api;

import org.jspecify.annotations.NullMarked;
