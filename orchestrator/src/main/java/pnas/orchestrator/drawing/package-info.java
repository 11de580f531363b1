/**
 * Cells as pictures. {@link pnas.orchestrator.drawing.CellDrawings} lays a cell out with ELK's layered algorithm and writes it as SVG: one
 * drawing serves the pages, the download and the command line. Knows cells and nothing else of the platform.
 */
@NullMarked
package pnas.orchestrator.drawing;

import org.jspecify.annotations.NullMarked;
