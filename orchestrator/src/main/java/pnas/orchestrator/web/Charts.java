package pnas.orchestrator.web;

import java.util.ArrayList;
import java.util.List;
import pnas.orchestrator.report.StageDetail;

/**
 * What charts.js draws: columns of numbers, as uPlot takes them.
 *
 * @param curve best so far
 * @param stages predicted against measured, stages with predictions only
 */
record Charts(CurveColumns curve, List<ScatterColumns> stages) {
    /** The most points of a curve: more than a screen has pixels. */
    static final int MAX_POINTS = 2000;

    /**
     * A curve; all lists are of the same length.
     *
     * @param finished trainings that had ended
     * @param accuracy of that training
     * @param best of all until then
     * @param stage of that training
     * @param cell id of its cell
     */
    record CurveColumns(
            List<Integer> finished, List<Double> accuracy, List<Double> best, List<Integer> stage, List<String> cell) {}

    /** Predicted and measured accuracy of the cells of a stage that have both, and their ids; all lists are of the same length. */
    record ScatterColumns(int stage, List<Double> predicted, List<Double> measured, List<String> cell) {}

    static Charts of(Curve curve, List<StageDetail> stages) {
        List<Curve.Point> points = curve.atMost(MAX_POINTS).points();
        return new Charts(
                new CurveColumns(
                        points.stream().map(Curve.Point::number).toList(),
                        points.stream().map(Curve.Point::accuracy).toList(),
                        points.stream().map(Curve.Point::best).toList(),
                        points.stream().map(Curve.Point::stage).toList(),
                        points.stream().map(Curve.Point::cellId).toList()),
                stages.stream()
                        .filter(stage -> stage.stage() > 1)
                        .map(Charts::scatter)
                        .toList());
    }

    private static ScatterColumns scatter(StageDetail stage) {
        List<Double> predicted = new ArrayList<>();
        List<Double> measured = new ArrayList<>();
        List<String> cells = new ArrayList<>();
        for (StageDetail.Ranked cell : stage.cells()) {
            Double prediction = cell.predicted();
            Double accuracy = cell.accuracy();
            if (prediction != null && accuracy != null && predicted.size() < MAX_POINTS) {
                predicted.add(prediction);
                measured.add(accuracy);
                cells.add(cell.cellId());
            }
        }
        return new ScatterColumns(stage.stage(), predicted, measured, cells);
    }
}
