/**
 * Who may do what: keys and the browsers that signed in with one, kept as rows. Entry type is {@link pnas.orchestrator.access.Keys}; the HTTP boundary
 * asks it about each request, and {@link pnas.orchestrator.access.Caller} says on whose behalf the present one runs.
 */
@NullMarked
@Tables(owns = {"api_key", "browser_session", "sign_in_code"})
package pnas.orchestrator.access;

import org.jspecify.annotations.NullMarked;
import pnas.orchestrator.Tables;
