/**
 * What every feature needs of Kafka: {@link pnas.orchestrator.broker.Records} sends, dead letters included; the topics and groups are set up
 * at the start; committed offsets can be compared with the ends of a topic.
 */
@NullMarked
package pnas.orchestrator.broker;

import org.jspecify.annotations.NullMarked;
