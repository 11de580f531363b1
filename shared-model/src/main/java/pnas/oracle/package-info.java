/**
 * A synthetic truth about cells, {@link pnas.oracle.SyntheticOracle}, by which searches and predictors are tried without training. Uses
 * {@code pnas.cell} only.
 */
@NullMarked
package pnas.oracle;

import org.jspecify.annotations.NullMarked;
