/**
 * Named arrays of numbers in files, in a form that every engine and every library of the field reads: {@link pnas.trainer.tensor.SafeTensors}.
 * Knows no engine. What it reads is held to bounds before anything is allocated, and is never more than numbers and texts.
 */
@NullMarked
package pnas.trainer.tensor;

import org.jspecify.annotations.NullMarked;
