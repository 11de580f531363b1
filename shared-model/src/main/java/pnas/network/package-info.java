/**
 * Networks without a framework: a {@link pnas.network.Network} is a list of layers with shapes, made from a cell by {@link
 * pnas.network.NetworkBuilder}. Engines, drawings and costs all come from it. Uses {@code pnas.cell} only.
 */
@NullMarked
package pnas.network;

import org.jspecify.annotations.NullMarked;
