#!/bin/sh
# gavel-groovy-compile MEMORY_MB ENTRY SOURCE...: compiles into /tmp/out, and writes the name of the main class to
# /tmp/out/launch. GAVEL_JVM is one flag of the JVM instead of the cache of the compiler's classes.
memory=$1 entry=$2
shift 2
[ $# -gt 0 ] || set -- "$entry"
stem=${entry##*/}
/opt/java/bin/java "${GAVEL_JVM:--XX:AOTCache=/opt/groovy/compile.aot}" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
    -XX:-UsePerfData -Xss16m "-Xmx${memory}m" -cp /opt/groovy/groovy-all.jar \
    org.codehaus.groovy.tools.FileSystemCompiler -d /tmp/out "$@" || exit 1
exec sh /opt/gavel/find-main.sh "${stem%.*}" /tmp/out
