package pnas.simulation;

/** What can go wrong, and what a user may want, each tied to something that happens and not to an instant. */
enum Fault {
    // ---- the broker
    RECORD_DOUBLED(Point.RECORD_SENT),
    RECORD_DELAYED(Point.RECORD_SENT),
    RECORD_LOST_AND_REFUSED(Point.RECORD_SENT),
    ACKNOWLEDGEMENT_LOST(Point.RECORD_SENT),
    JOB_DOUBLED(Point.JOB_SENT),
    JOB_DELAYED(Point.JOB_SENT),
    JOB_ACKNOWLEDGEMENT_LOST(Point.JOB_SENT),
    COMMAND_LOST(Point.COMMAND_SENT),
    BROKER_RESTARTED(Point.RECORD_SENT),
    JOBS_LOST(Point.JOB_SENT),
    TOPIC_LOST(Point.RECORD_SENT),
    REQUESTS_LOST(Point.REQUEST_SENT),
    LOCK_ENDED(Point.JOB_TAKEN),
    REBALANCED(Point.BATCH_READ),
    // ---- the database, and who uses it
    CRASH_BEFORE_COMMIT(Point.COMMIT),
    CRASH_AFTER_COMMIT(Point.COMMIT),
    CONNECTION_LOST_BEFORE_COMMIT(Point.COMMIT),
    CONNECTION_LOST_AFTER_COMMIT(Point.COMMIT),
    CRASH_IN_TRANSACTION(Point.STORE_CALLED),
    ORCHESTRATOR_FROZEN(Point.STORE_CALLED),
    CRASH_AFTER_SENDING_JOBS(Point.JOBS_SENT),
    /** The connection that holds the turn ends meanwhile, so that another orchestrator has one at the same time. */
    NOTE_OF_JOBS_LATE(Point.JOBS_SENT),
    /** One of the jobs is trained and fails before the note that they were sent; its trial waits again by then. */
    NOTE_OF_JOBS_AFTER_A_SETBACK(Point.JOBS_SENT),
    /** Between finding a result to reuse and reusing it, a claim of the trial that is to have it. */
    REUSE_AFTER_A_CLAIM(Point.REUSE_FOUND),
    // ---- trainers
    TRAINER_CRASHED_BEFORE_CLAIM(Point.JOB_TAKEN),
    TRAINER_CRASHED_AFTER_CLAIM(Point.CLAIM_SENT),
    TRAINER_CRASHED_IN_TRAINING(Point.TRAINING_BEGUN),
    TRAINER_FROZEN(Point.TRAINING_BEGUN),
    TRAINER_FROZEN_BEFORE_CLAIM(Point.JOB_TAKEN),
    HEARTBEATS_SLOW(Point.TRAINING_BEGUN),
    TRAINER_LEAVES(Point.TRAINING_BEGUN),
    TRAINER_UNABLE(Point.JOB_TAKEN),
    CHILD_CRASHED(Point.TRAINING_BEGUN),
    CHILD_STALLED(Point.TRAINING_BEGUN),
    OUT_OF_MEMORY(Point.TRAINING_BEGUN),
    RESULT_FORGED(Point.TRAINING_BEGUN),
    // ---- the predictor
    PREDICTOR_CRASHED(Point.RANKING_BEGUN),
    PREDICTOR_LATE(Point.RANKING_BEGUN),
    PREDICTOR_FROZEN(Point.RANKING_BEGUN),
    ANSWER_DOUBLED(Point.RANKING_BEGUN),
    ANSWER_LOST(Point.RANKING_BEGUN),
    RANKING_FAILED(Point.RANKING_BEGUN),
    RANKING_FAILED_FOR_GOOD(Point.RANKING_BEGUN),
    /** The search is cancelled in a ranking of minutes, and the predictor is not told so. */
    CANCELLED_UNHEARD_IN_A_RANKING(Point.RANKING_BEGUN),
    NOTE_OF_REQUEST_LATE(Point.REQUEST_SENT),
    CRASH_AFTER_SENDING_REQUEST(Point.REQUEST_SENT),
    CRASH_IN_A_REQUEST(Point.REQUEST_BEGUN),
    /** Nobody asks again for a request of which half was sent, and the predictor is not told so. */
    CRASH_IN_A_REQUEST_AND_CANCELLED_UNHEARD(Point.REQUEST_BEGUN),
    // ---- the user
    CRASHED_AND_PAUSED_AFTER_SENDING_JOBS(Point.JOBS_SENT),
    CRASHED_AND_TWINS_BEGUN_AFTER_SENDING_JOBS(Point.JOBS_SENT),
    PAUSED_AT_CLAIM(Point.TRIAL_RUNNING),
    PAUSED_AT_DISPATCH(Point.JOBS_SENT),
    PAUSED_AT_RESULT(Point.TRIAL_TRAINED),
    PAUSED_AT_THE_LAST_RESULT(Point.TRIAL_RUNNING),
    PAUSED_AT_REQUEST(Point.REQUEST_SENT),
    CANCELLED_AT_CLAIM(Point.TRIAL_RUNNING),
    CANCELLED_AT_REQUEST(Point.REQUEST_SENT),
    RETRIED_AT_CLAIM(Point.TRIAL_RUNNING),
    RETRIED_IN_A_PAUSE(Point.TRIAL_RUNNING),
    RETRIED_AT_REQUEST(Point.REQUEST_SENT),
    RETRIED_AT_EXPANSION(Point.STAGE_EXPANDING),
    RETRIED_AT_THE_END(Point.SEARCH_ENDED),
    RESUMED_AT_THE_END(Point.SEARCH_ENDED),
    WIDENED(Point.SEARCH_ENDED),
    DEEPENED(Point.SEARCH_ENDED),
    SECOND_SEARCH(Point.TRIAL_RUNNING);

    /** What happens. */
    enum Point {
        /** Any record but a job or a command is sent. */
        RECORD_SENT(100),
        JOB_SENT(14),
        COMMAND_SENT(3),
        /** The jobs of a turn of dispatch are with the broker. */
        JOBS_SENT(8),
        /** A turn of dispatch has found results for trials that wait. */
        REUSE_FOUND(1),
        /** A trainer has the record of a job. */
        JOB_TAKEN(14),
        /** A claim is with the broker. */
        CLAIM_SENT(14),
        TRAINING_BEGUN(12),
        /** An orchestrator has read some records. */
        BATCH_READ(120),
        COMMIT(120),
        STORE_CALLED(600),
        TRIAL_RUNNING(12),
        TRIAL_TRAINED(6),
        /** A stage is to choose its cells. */
        STAGE_EXPANDING(2),
        /** The first records of a request are sent. */
        REQUEST_BEGUN(2),
        REQUEST_SENT(2),
        /** A predictor has all of a request, and ranks. */
        RANKING_BEGUN(2),
        SEARCH_ENDED(1);

        private final int usually;

        Point(int usually) {
            this.usually = usually;
        }

        /** How often it happens at least in most schedules. */
        int usually() {
            return usually;
        }
    }

    private final Point point;

    Fault(Point point) {
        this.point = point;
    }

    /** Whether a request for a ranking may have to be sent again because of it: one that only takes its time is not. */
    boolean excuses() {
        return switch (point) {
            case RECORD_SENT, BATCH_READ, COMMIT, STORE_CALLED, JOBS_SENT, REUSE_FOUND, REQUEST_BEGUN, REQUEST_SENT ->
                true;
            case RANKING_BEGUN -> this != PREDICTOR_LATE && this != CANCELLED_UNHEARD_IN_A_RANKING;
            case JOB_SENT,
                    COMMAND_SENT,
                    JOB_TAKEN,
                    CLAIM_SENT,
                    TRAINING_BEGUN,
                    TRIAL_RUNNING,
                    TRIAL_TRAINED,
                    STAGE_EXPANDING,
                    SEARCH_ENDED -> false;
        };
    }

    Point point() {
        return point;
    }
}
