/**
 * The HTTP boundary that REST and pages share: {@link pnas.orchestrator.http.HttpGuard}, which every request passes, who the caller is, what may stand in a path or a
 * query, the problem documents and the stream of events. It decides nothing about a search. {@code api} and {@code web} stand above it, side by side.
 */
@NullMarked
package pnas.orchestrator.http;

import org.jspecify.annotations.NullMarked;
