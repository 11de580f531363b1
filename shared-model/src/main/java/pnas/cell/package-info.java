/**
 * Cells of the search space: operations, blocks, their text form and their identity. {@link pnas.cell.Cell} is the entry; {@link
 * pnas.cell.CellKey} serves code that compares hundreds of thousands of them. Every other package may use this one; it uses none.
 */
@NullMarked
package pnas.cell;

import org.jspecify.annotations.NullMarked;
