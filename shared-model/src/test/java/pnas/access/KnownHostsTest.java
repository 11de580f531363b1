package pnas.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnownHostsTest {
    private final KnownHosts hosts = KnownHosts.with(List.of("Pnas.example", "fd00::7"));

    @ParameterizedTest
    @CsvSource({
        "localhost, true, true",
        "LOCALHOST, true, true",
        "127.0.0.1, true, true",
        "[::1], true, true",
        "::1, true, true",
        "pnas.EXAMPLE, true, true",
        "[fd00::7], true, true",
        "10.2.3.4, false, true",
        "[fd00::8], false, true",
        "[::ffff:10.2.3.4], false, true",
        "[fe80::1%eth0], false, true",
        "rebound.example, false, false",
        "10.2.3.4.rebound.example, false, false",
        "localhost.rebound.example, false, false",
        "pnas.example.rebound.example, false, false",
        "1.2.3, false, false",
        "cafe, false, false",
        "'', false, false"
    })
    void a_request_is_taken_that_names_the_server_or_where_that_is_enough_an_address(
            String host, boolean known, boolean knownOrAddress) {
        assertThat(hosts.has(host)).isEqualTo(known);
        assertThat(hosts.hasOrIsAddress(host)).isEqualTo(knownOrAddress);
    }
}
