/**
 * The REST interface under {@code /api/v1}. Resources translate between HTTP and the public services of the other features; they decide nothing about a search.
 */
@NullMarked
package pnas.orchestrator.api;

import org.jspecify.annotations.NullMarked;
