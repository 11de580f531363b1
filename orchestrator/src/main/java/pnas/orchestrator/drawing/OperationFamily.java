package pnas.orchestrator.drawing;

import pnas.cell.Operation;

/**
 * Operations that look alike in a drawing. The hues are those of Okabe and Ito, which people with any colour vision tell apart; the outline and
 * the label say the same without colour.
 */
enum OperationFamily {
    /** Depthwise-separable convolutions. */
    SEPARABLE("#d3e6f6", "#0072b2", "#0f3a5c", "#56b4e9", Outline.SOLID),
    /** A convolution in two strips. */
    FACTORISED("#fdebc8", "#a86b00", "#4a3606", "#e69f00", Outline.SOLID),
    /** A dilated convolution. */
    DILATED("#f6deea", "#a63d78", "#4b2039", "#e79ac4", Outline.SOLID),
    /** Pooling. */
    POOLING("#cdeee3", "#007a5a", "#0b3f32", "#35c99a", Outline.ROUND),
    /** Nothing is computed. */
    IDENTITY("#ffffff", "#6b7280", "#1b1f27", "#9ca3af", Outline.DASHED);

    /** The outline of an operation's box. */
    enum Outline {
        SOLID,
        ROUND,
        DASHED
    }

    private final String lightFill;
    private final String lightLine;
    private final String darkFill;
    private final String darkLine;
    private final Outline outline;

    OperationFamily(String lightFill, String lightLine, String darkFill, String darkLine, Outline outline) {
        this.lightFill = lightFill;
        this.lightLine = lightLine;
        this.darkFill = darkFill;
        this.darkLine = darkLine;
        this.outline = outline;
    }

    static OperationFamily of(Operation operation) {
        return switch (operation.family()) {
            case SEPARABLE -> SEPARABLE;
            case FACTORISED -> FACTORISED;
            case DILATED -> DILATED;
            case POOLING -> POOLING;
            case IDENTITY -> IDENTITY;
        };
    }

    String fill(Theme theme) {
        return theme.choose(lightFill, darkFill);
    }

    String line(Theme theme) {
        return theme.choose(lightLine, darkLine);
    }

    Outline outline() {
        return outline;
    }
}
