/**
 * What commands print: tables, drawings, progress that is drawn over, and what a command says when a signal ends it. It knows what is shown of an
 * {@link pnas.cli.platform.Experiment}, and no command.
 */
@NullMarked
package pnas.cli.screen;

import org.jspecify.annotations.NullMarked;
