package pnas.decision;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A type that decides, or a value that a decision is made of: what it returns follows from its arguments alone. It and what is nested in it are plain Java and
 * know no framework, so a test tries it in milliseconds. The tests of the walls hold each module to that.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Decides {}
