/**
 * What a search is. A {@link pnas.orchestrator.specification.SpecificationDraft} as somebody wrote it becomes a {@link
 * pnas.orchestrator.specification.Specification} in which nothing is left out and nothing is wrong. Each group of settings is one file: it says what its settings
 * are, what somebody may write, what is right, what is usual, how JSON has them and how pages show them. A new setting goes into the file of its group; it needs no other
 * one of the orchestrator. Plain Java: it knows the shared model, and nothing else of the orchestrator.
 */
@NullMarked
package pnas.orchestrator.specification;

import org.jspecify.annotations.NullMarked;
