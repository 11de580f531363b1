/**
 * Everything of the platform on one machine, without containers: {@link pnas.local.EmbeddedKafka} and
 * {@link pnas.local.EmbeddedDatabase} for tests and platforms that need a broker or a database, and {@link pnas.local.PlatformMain}, which starts both
 * and all services as processes of their own, keeps them alive and stops them in order. It meets the services in their environment
 * variables and their health page only, and the command line in the lines that it prints and the file that it keeps.
 */
@NullMarked
package pnas.local;

import org.jspecify.annotations.NullMarked;
