/**
 * What happened, as it happens: {@link pnas.orchestrator.live.Events} keeps the events of every experiment in their order, {@link
 * pnas.orchestrator.live.Signals} wakes those in this process who wait for a commit, {@link pnas.orchestrator.live.Loops} has the threads that do. Every other
 * feature tells its transitions here.
 */
@NullMarked
@Tables(owns = "event")
package pnas.orchestrator.live;

import org.jspecify.annotations.NullMarked;
import pnas.orchestrator.Tables;
