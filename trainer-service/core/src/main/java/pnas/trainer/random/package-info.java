/**
 * Chance from seeds: {@link pnas.trainer.random.Draws}. Splits of data, the order of images and the synthetic oracle draw from here, so that
 * the same seed gives the same numbers on every machine and every Java.
 */
@NullMarked
package pnas.trainer.random;

import org.jspecify.annotations.NullMarked;
