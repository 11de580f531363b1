/** Tests of the pages as a browser gets them, and of what they compute. */
@NullMarked
package pnas.orchestrator.web;

import org.jspecify.annotations.NullMarked;
