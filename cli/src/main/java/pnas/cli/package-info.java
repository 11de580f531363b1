/**
 * The command line. {@link pnas.cli.Pnas} is the root of the commands: {@code space} and {@code network} compute by themselves, the
 * others talk HTTP to the orchestrator ({@link pnas.cli.Orchestrator}), and {@code up}, {@code demo} and {@code search} start the platform
 * of this machine as a child process ({@link pnas.cli.LocalPlatform}). Nothing here knows the broker or the database.
 */
@NullMarked
package pnas.cli;

import org.jspecify.annotations.NullMarked;
