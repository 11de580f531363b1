/** What the tests of this module share. */
@NullMarked
package pnas.trainer;

import org.jspecify.annotations.NullMarked;
