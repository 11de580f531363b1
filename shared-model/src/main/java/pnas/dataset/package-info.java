/**
 * Data sets on disk. {@link pnas.dataset.DataFolder} reads them by name: the digits that ship with the project, CIFAR-10 in its binary layout, and
 * folders of PNG and JPEG images. It checks everything it reads and names file and record of what is wrong. The orchestrator
 * {@linkplain pnas.dataset.DataFolder#describe describes} a data set, a trainer {@linkplain pnas.dataset.DataFolder#read reads} it.
 */
@NullMarked
package pnas.dataset;

import org.jspecify.annotations.NullMarked;
