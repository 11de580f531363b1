/**
 * What is traced beyond a request: {@link pnas.orchestrator.tracing.Traces} keeps the context of the request that created an experiment and
 * begins spans under it later, when its jobs are sent. Nothing here does anything unless tracing is switched on.
 */
@NullMarked
package pnas.orchestrator.tracing;

import org.jspecify.annotations.NullMarked;
