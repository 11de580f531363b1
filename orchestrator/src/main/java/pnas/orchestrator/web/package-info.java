/**
 * The pages, rendered on the server with Qute and complete without a script: the list of experiments, an experiment, its trials, each trial, its
 * events, several experiments compared, the trainers. htmx swaps parts of them when an {@link pnas.orchestrator.web.Update} says that something
 * has changed, and charts.js draws what {@link pnas.orchestrator.web.Charts} and its like send. Pages show what the public services of the other
 * features say and decide nothing.
 */
@NullMarked
package pnas.orchestrator.web;

import org.jspecify.annotations.NullMarked;
