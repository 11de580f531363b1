/** What shows who somebody is: {@link pnas.access.ApiKey}, made by the orchestrator or on the command line, and checked by the orchestrator. */
@NullMarked
package pnas.access;

import org.jspecify.annotations.NullMarked;
