/**
 * Builds the container images of the services: {@link pnas.images.ImagesCommand} is the command, {@link pnas.images.ServiceImage} says what lies in
 * each. No container engine takes part; a base image comes from a registry or from a file.
 */
@NullMarked
package pnas.images;

import org.jspecify.annotations.NullMarked;
