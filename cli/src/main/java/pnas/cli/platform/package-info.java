/**
 * Talking to the platform. {@link pnas.cli.platform.Orchestrator} speaks its REST interface, whose answers {@link pnas.cli.platform.Experiment} reads as far as they are
 * shown; {@link pnas.cli.platform.LocalPlatform} starts and stops the platform of this machine as a child process, and {@link pnas.cli.platform.Diagnosis} says
 * what this machine lacks. It knows no command and prints nothing.
 */
@NullMarked
package pnas.cli.platform;

import org.jspecify.annotations.NullMarked;
