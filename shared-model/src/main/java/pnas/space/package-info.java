/**
 * The cells that a search may look at: {@link pnas.space.SearchSpace} lists the first stage, expands cells by one block, counts all cells and
 * draws uniform ones. Uses {@code pnas.cell} only.
 */
@NullMarked
package pnas.space;

import org.jspecify.annotations.NullMarked;
