/**
 * The command line. {@link pnas.cli.Pnas} is the root of the commands: {@code space} and {@code network} compute by themselves, the
 * others talk to the platform ({@link pnas.cli.platform.Orchestrator}), and {@code up}, {@code demo} and {@code search} start that of this
 * machine ({@link pnas.cli.platform.LocalPlatform}). A command is one file; what it prints stands in {@code screen}. Nothing here knows the broker or the database.
 */
@NullMarked
package pnas.cli;

import org.jspecify.annotations.NullMarked;
