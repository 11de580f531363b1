/**
 * The HTTP boundary: the REST interface under {@code /api/v1}, the problem documents that it answers with, and {@link
 * pnas.orchestrator.api.HttpGuard}, which every request passes. Resources translate between HTTP and the public services of the other
 * features; they decide nothing about a search.
 */
@NullMarked
package pnas.orchestrator.api;

import org.jspecify.annotations.NullMarked;
