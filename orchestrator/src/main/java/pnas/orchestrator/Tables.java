package pnas.orchestrator;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The tables that the SQL of a package names. A table has one owner, which alone writes it; another package that reads it says so here. */
@Target(ElementType.PACKAGE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Tables {
    /** Those that the package keeps. */
    String[] owns() default {};

    /** Those of other packages that it reads. */
    String[] reads() default {};
}
