/**
 * The pages: the list of experiments and the page of one, rendered on the server with Qute. htmx swaps fragments of them when {@link
 * pnas.orchestrator.web.LiveUpdates} says that something has changed, and charts.js draws what {@link
 * pnas.orchestrator.web.Charts} sends. Pages show what the public services of the other features say and decide nothing.
 */
@NullMarked
package pnas.orchestrator.web;

import org.jspecify.annotations.NullMarked;
