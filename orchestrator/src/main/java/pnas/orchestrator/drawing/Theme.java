package pnas.orchestrator.drawing;

/** Where a drawing is shown, which decides its colours. */
public enum Theme {
    /** Inside a page: no background, and the colours follow the {@code color-scheme} of the page. */
    PAGE,
    /** A file of its own, dark on white. */
    LIGHT,
    /** A file of its own, light on near-black. */
    DARK;

    /** One of two CSS colours: the one of this theme, or both of them for the page to choose from. */
    String choose(String light, String dark) {
        return switch (this) {
            case PAGE -> "light-dark(" + light + ", " + dark + ")";
            case LIGHT -> light;
            case DARK -> dark;
        };
    }
}
