/**
 * What can go wrong, in one place: every failure has an {@link pnas.failure.ErrorCode} whose kind alone decides the HTTP status and
 * whether another attempt may help. {@link pnas.failure.PnasException} is the only exception type of our own that crosses a feature.
 */
@NullMarked
package pnas.failure;

import org.jspecify.annotations.NullMarked;
