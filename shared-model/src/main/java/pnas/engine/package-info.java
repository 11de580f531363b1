/** What trains cells: {@link pnas.engine.Engine} is the one list of engines. */
@NullMarked
package pnas.engine;

import org.jspecify.annotations.NullMarked;
