/**
 * Files that people give: whatever lies under a name, {@link pnas.input.InputFile} reads it or says what is wrong with it, and {@link pnas.input.Csv}
 * reads tables as spreadsheets write them.
 */
@NullMarked
package pnas.input;

import org.jspecify.annotations.NullMarked;
