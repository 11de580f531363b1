package pnas.kubernetes;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** What every rendering must keep besides the schema. */
enum Rule {
    /** A workload's selector, each Service and each budget choose the pods that they are meant for. */
    SELECTORS_MATCH(Selection::breaches),
    /** Ports are named after ports of the container. */
    PORTS_RESOLVE(Ports::breaches),
    /** ConfigMaps, claims, accounts and roles are there; Secrets are documented. */
    REFERENCES_RESOLVE(References::breaches),
    /** Requests and limits are there, and the former are not larger. */
    RESOURCES_ARE_BOUNDED(Resources::breaches),
    /** The API server is asked for what is called and nothing else. */
    ACCESS_IS_WHAT_IS_CALLED(Access::breaches),
    /** The profile "restricted" of Pod Security, and a root file system that nobody writes. */
    PODS_ARE_RESTRICTED(PodSecurity::breaches),
    /** Images have a tag or digest and stand in the one list of them. */
    IMAGES_ARE_PINNED(Images::breaches),
    /** A pod has the time to end in good order. */
    GRACE_IS_LONG_ENOUGH(Grace::breaches),
    /** Variables are settings that exist, and say so in the documents. */
    VARIABLES_ARE_KNOWN(Variables::breaches),
    /** Long-lived containers are probed. */
    CONTAINERS_ARE_PROBED(Probes::breaches),
    /** Everything is denied but what the services need. */
    NETWORK_IS_CLOSED_BUT_FOR_WHAT_IS_NEEDED(Network::breaches),
    /** Words of a fixed list, which the schema does not hold. */
    WORDS_ARE_OF_THEIR_LIST(Words::breaches);

    @SuppressWarnings("ImmutableEnumChecker") // Each is a reference to a method without state.
    private final Function<Rendering, Stream<String>> check;

    Rule(Function<Rendering, Stream<String>> check) {
        this.check = check;
    }

    /** A sentence for each place that breaks the rule. */
    List<String> breaches(Rendering rendering) {
        return check.apply(rendering).toList();
    }
}
