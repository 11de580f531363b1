package pnas.orchestrator.life;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A table of cases: below each input, lines of states and what follows there. */
final class CaseTable {
    private CaseTable() {}

    /** An input in a state. */
    record Case(String input, String state, String follows) {
        String place() {
            return input + " at " + state;
        }

        @Override
        public String toString() {
            return place() + ": " + follows;
        }
    }

    static List<Case> read(String name) throws IOException {
        List<Case> cases = new ArrayList<>();
        String input = "";
        for (String line : lines(name)) {
            if (line.startsWith(" ")) {
                String[] parts = line.split("->", 2);
                for (String state : parts[0].strip().split(" ", -1)) {
                    cases.add(new Case(input, state, parts[1].strip()));
                }
            } else {
                input = line;
            }
        }
        return cases;
    }

    private static List<String> lines(String name) throws IOException {
        try (InputStream table = Objects.requireNonNull(CaseTable.class.getResourceAsStream(name), name)) {
            return new String(table.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        }
    }
}
