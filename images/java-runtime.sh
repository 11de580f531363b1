#!/usr/bin/env bash
# Cuts a Java runtime for images from the JDK in JAVA_HOME: every module of Java itself, and those of the JDK that the services use.
#   images/java-runtime.sh FOLDER
set -euo pipefail

[ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/jlink" ] || { printf "java-runtime: JAVA_HOME must name a JDK 25, got '%s'.\n" "${JAVA_HOME:-}" >&2; exit 2; }
exec "$JAVA_HOME/bin/jlink" --strip-debug --no-header-files --no-man-pages --compress=zip-6 --output "$1" \
    --add-modules java.se,jdk.crypto.cryptoki,jdk.httpserver,jdk.incubator.vector,jdk.jfr,jdk.localedata,jdk.management,jdk.naming.dns,jdk.net,jdk.security.auth,jdk.security.jgss,jdk.unsupported,jdk.zipfs
