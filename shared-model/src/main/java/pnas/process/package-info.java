/**
 * How processes are started: {@link pnas.process.Program} starts all of them, with the environment that {@link pnas.process.Inheritance} leaves and, where
 * they run Java, by a {@link pnas.process.JavaCommand}. Used by whatever starts one: the command line, the platform of one machine, trainers and images.
 */
@NullMarked
package pnas.process;

import org.jspecify.annotations.NullMarked;
