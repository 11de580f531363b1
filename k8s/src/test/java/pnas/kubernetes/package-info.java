/**
 * Holds the manifests to their rules without a cluster. {@link pnas.kubernetes.Rendering} is an overlay as it is applied, {@link
 * pnas.kubernetes.Rule} what each of them must keep.
 */
@NullMarked
package pnas.kubernetes;

import org.jspecify.annotations.NullMarked;
