package pnas.orchestrator.http;

import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import pnas.cell.Cell;
import pnas.failure.PlainText;
import pnas.failure.PnasException;
import pnas.failure.Problem;
import pnas.orchestrator.drawing.Theme;
import pnas.orchestrator.life.TrialState;
import pnas.orchestrator.trial.TrialQuery;

/** Reads the parameters of a query and remembers every one that is wrong. {@link #check} comes after the last one and before any use. */
public final class QueryParameters {
    /** The most entries that a page may have. */
    public static final int MAX_PAGE_SIZE = 1000;

    private static final Pattern EVENT_ID = Pattern.compile("[0-9]{1,18}");
    private static final Theme[] FILES = {Theme.LIGHT, Theme.DARK};

    private final MultivaluedMap<String, String> values;
    private final List<Problem> problems = new ArrayList<>();

    public QueryParameters(MultivaluedMap<String, String> values) {
        this.values = values;
    }

    /** The text of a parameter, absent where the query lacks it or leaves it empty. */
    public @Nullable String text(String name) {
        String text = values.getFirst(name);
        return text == null || text.isBlank() ? null : text;
    }

    /** A whole number within bounds. */
    public int number(String name, int least, int greatest, int otherwise) {
        String text = text(name);
        if (text == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= greatest) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // The problem below says it.
        }
        wrong(name, "must be a whole number from " + least + " to " + greatest, text);
        return otherwise;
    }

    /** The text of a header, absent where the request lacks it; one that is empty is there, and of several it is the first. */
    public static @Nullable String header(HttpServerRequest request, String name) {
        return request.headers().getAll(name).stream().findFirst().orElse(null);
    }

    /** The id of an event, 0 where none is given. */
    public long eventId(String name, @Nullable String text) {
        if (text == null) {
            return 0;
        }
        if (EVENT_ID.matcher(text).matches()) {
            return Long.parseLong(text);
        }
        wrong(name, "must be the id of an event, a whole number", text);
        return 0;
    }

    /** Whether a switch is on. */
    public boolean flag(String name) {
        String text = text(name);
        if (text != null && !text.equals("true") && !text.equals("false")) {
            wrong(name, "must be true or false", text);
        }
        return "true".equals(text);
    }

    /** One of some constants, by the text that each goes by. */
    public <E> @Nullable E oneOf(String name, E[] constants, Function<E, String> toText) {
        String text = text(name);
        if (text == null) {
            return null;
        }
        E constant = constant(constants, toText, text);
        if (constant == null) {
            wrong(name, "must be one of " + texts(constants, toText), text);
        }
        return constant;
    }

    private static <E> @Nullable E constant(E[] constants, Function<E, String> toText, String text) {
        for (E constant : constants) {
            if (toText.apply(constant).equals(text)) {
                return constant;
            }
        }
        return null;
    }

    private static <E> String texts(E[] constants, Function<E, String> toText) {
        return Arrays.stream(constants).map(toText).collect(Collectors.joining(", "));
    }

    /** The page size, within what is allowed. */
    public int pageSize(int otherwise) {
        return number("pageSize", 1, MAX_PAGE_SIZE, otherwise);
    }

    /** Which trials, in which order: {@code stage}, {@code state}, {@code sort}, {@code pageSize} and {@code pageToken}. */
    public TrialQuery trialQuery(int pageSize) {
        int stage = number("stage", 1, Cell.MAX_BLOCKS, 0);
        TrialState state = oneOf("state", TrialState.values(), TrialState::name);
        String sort = text("sort");
        boolean descending = sort != null && sort.startsWith("-");
        TrialQuery.Sort column = TrialQuery.Sort.RANK;
        if (sort != null) {
            String name = descending ? sort.substring(1) : sort;
            TrialQuery.Sort named = constant(TrialQuery.Sort.values(), TrialQuery.Sort::text, name);
            if (named == null) {
                wrong("sort", "must be one of " + texts(TrialQuery.Sort.values(), TrialQuery.Sort::text), sort);
            } else {
                column = named;
            }
        }
        return new TrialQuery(
                stage == 0 ? null : stage, state, column, descending, pageSize(pageSize), text("pageToken"));
    }

    /** The theme of a drawing that is a file of its own. */
    public Theme theme() {
        Theme theme = oneOf("theme", FILES, file -> file.name().toLowerCase(Locale.ROOT));
        return theme == null ? Theme.LIGHT : theme;
    }

    /** Notes that a parameter is wrong. */
    public void wrong(String name, String expected, String given) {
        problems.add(new Problem(name, expected + ", got '" + PlainText.excerpt(given) + "'"));
    }

    /**
     * Ends the reading.
     *
     * @throws PnasException with all problems where there are some
     */
    public void check() {
        if (!problems.isEmpty()) {
            throw PnasException.invalidInput(problems);
        }
    }
}
