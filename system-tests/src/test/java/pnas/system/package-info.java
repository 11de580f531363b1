/**
 * The whole platform as a user runs it: every service a process, a real broker, a real database, real trainings. The tests reach it as users do, by
 * REST and pages, and hurt it from outside, by signals and records. Entry type: {@link pnas.system.RunningPlatform}.
 */
@NullMarked
package pnas.system;

import org.jspecify.annotations.NullMarked;
