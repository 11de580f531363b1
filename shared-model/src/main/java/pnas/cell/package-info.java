/**
 * Cells of the search space: operations, blocks, their text form and their identity.
 */
@NullMarked
package pnas.cell;

import org.jspecify.annotations.NullMarked;
