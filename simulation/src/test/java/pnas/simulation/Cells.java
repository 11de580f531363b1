package pnas.simulation;

import java.util.Random;
import pnas.orchestrator.life.Trial;

/** What each cell is worth. */
final class Cells {
    private Cells() {}

    private static Random of(String cellId) {
        return new Random(Long.parseUnsignedLong(cellId, 16));
    }

    static double accuracy(String cellId) {
        return Math.round(of(cellId).nextDouble() * 1000) / 1000.0;
    }

    /** Under another seed a cell has another accuracy: the id of a repeat ends with its number. */
    static double accuracyOf(String trialId) {
        String cellId = Trial.cellOf(trialId);
        return trialId.endsWith(cellId)
                ? accuracy(cellId)
                : accuracy(cellId) * (9 - trialId.charAt(trialId.length() - 1) + '0') / 9;
    }

    private static int kind(String cellId) {
        return of(cellId).nextInt(2, 60);
    }

    /** Whether its loss becomes NaN. */
    static boolean diverges(String cellId) {
        return kind(cellId) < 14;
    }

    /** Whether it cannot be trained. */
    static boolean fails(String cellId) {
        return kind(cellId) >= 20 && kind(cellId) < 23;
    }

    /** Whether the process that trains it dies, each time. */
    static boolean crashes(String cellId) {
        return kind(cellId) == 23;
    }

    /** Whether it has no result, however often it is tried. */
    static boolean neverTrains(String cellId) {
        return fails(cellId) || crashes(cellId);
    }

    /** How long it takes. */
    static long milliseconds(String cellId) {
        return kind(cellId) == 24 ? 900_000 : 20_000 + Math.floorMod(cellId.hashCode(), 100_000);
    }
}
