package pnas.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import pnas.cell.Cell;
import pnas.failure.ErrorCode;

/** The answer to a {@link RankingRequest}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = RankingAnswer.Ranked.class, name = "ranked"),
    @JsonSubTypes.Type(value = RankingAnswer.Failed.class, name = "failed"),
})
public sealed interface RankingAnswer extends RankingMessage {
    /**
     * The ranking.
     *
     * @param candidates how many candidates were scored
     * @param best the K best, best first; ties by the least canonical text
     * @param histogram all scores
     * @param quality how well the predictor does within the stage that it learnt last, absent under 10 cells
     * @param seconds time that fitting and scoring took
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Ranked(
            int schemaVersion,
            UUID requestId,
            String experimentId,
            int candidates,
            List<Scored> best,
            Histogram histogram,
            @Nullable Quality quality,
            double seconds)
            implements RankingAnswer {
        public Ranked {
            Checks.schemaVersion(schemaVersion);
            Checks.atLeast("candidates", 1, candidates);
            best = List.copyOf(best);
            if (best.isEmpty() || best.size() > candidates) {
                throw new IllegalArgumentException(
                        "best must hold 1 to " + candidates + " candidates, got " + best.size());
            }
        }
    }

    /**
     * The request could not be answered.
     *
     * @param code its kind decides whether asking again may help
     * @param message for a person
     */
    record Failed(int schemaVersion, UUID requestId, String experimentId, ErrorCode code, String message)
            implements RankingAnswer {
        public Failed {
            Checks.schemaVersion(schemaVersion);
        }
    }

    /**
     * A candidate with its score.
     *
     * @param cell the candidate as it was scored: the blocks of its parent, then the new one
     * @param score predicted accuracy
     * @param least lower end of the interval that holds nine measurements of ten; absent where the predictor knows too little of its errors
     * @param greatest upper end of it, absent with the lower one
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Scored(
            Cell cell,
            double score,
            @Nullable Double least,
            @Nullable Double greatest) {
        public Scored {
            Checks.between("score", -Double.MAX_VALUE, Double.MAX_VALUE, score);
            if (least == null != (greatest == null)) {
                throw new IllegalArgumentException(
                        "an interval must have both ends or none, got " + least + " to " + greatest);
            }
            if (least != null && greatest != null) {
                Checks.between("least", 0, 1, least);
                Checks.between("greatest", least, 1, greatest);
            }
        }

        /** One of whose accuracy nothing is known but the score. */
        public Scored(Cell cell, double score) {
            this(cell, score, null, null);
        }
    }

    /**
     * A histogram with bins of equal width.
     *
     * @param least lower edge of the first bin
     * @param greatest upper edge of the last bin
     * @param counts candidates in each bin; a score on an edge belongs to the bin above it, the greatest to the last bin
     */
    record Histogram(double least, double greatest, List<Integer> counts) {
        public Histogram {
            counts = List.copyOf(counts);
            if (counts.isEmpty() || !(least <= greatest)) {
                throw new IllegalArgumentException("a histogram needs bins between ordered edges");
            }
        }
    }

    /**
     * Correlation of predicted with measured accuracy; each is absent where one side does not vary.
     *
     * @param spearman rank correlation
     * @param pearson linear correlation
     * @param kendall Kendall's tau-b
     * @param cells how many cells it was computed on
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Quality(
            @Nullable Double spearman,
            @Nullable Double pearson,
            @Nullable Double kendall,
            int cells) {}
}
