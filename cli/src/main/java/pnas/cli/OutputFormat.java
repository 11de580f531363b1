package pnas.cli;

/** How results are printed. */
enum OutputFormat {
    /** For people. */
    TABLE,
    /** For programs: one JSON document on the standard output, all else on the standard error. */
    JSON
}
