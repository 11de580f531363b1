/**
 * What shows who somebody is: {@link pnas.access.ApiKey}, made by the orchestrator or on the command line, and checked by the orchestrator; on one machine
 * {@link pnas.access.LocalAccounts}; {@link pnas.access.UnshownPassword}, what a database is not told; {@link pnas.access.BrokerRights}, what a broker must allow; and
 * {@link pnas.access.KnownHosts}, what a request may be addressed to.
 */
@NullMarked
package pnas.access;

import org.jspecify.annotations.NullMarked;
