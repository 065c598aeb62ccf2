#!/bin/sh
# gavel-kotlin-compile MEMORY_MB ENTRY SOURCE...: compiles into /tmp/out, and writes the name of the main class to
# /tmp/out/launch. GAVEL_JVM is one flag of the JVM instead of the archive of the compiler's classes.
memory=$1 entry=$2
shift 2
[ $# -gt 0 ] || set -- "$entry"
stem=${entry##*/}
stem=${stem%.*}
# The file main.kt makes the class MainKt.
stem=$(printf %.1s "$stem" | tr '[:lower:]' '[:upper:]')${stem#?}
lib=/opt/kotlin/lib
/opt/java/bin/java "${GAVEL_JVM:--XX:SharedArchiveFile=/opt/kotlin/compile.jsa}" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
    -XX:-UsePerfData -Xlog:disable -Xlog:all=error:stderr -Xss16m "-Xmx${memory}m" -Djava.awt.headless=true \
    -cp "$lib/kotlin-compiler.jar" org.jetbrains.kotlin.cli.jvm.K2JVMCompiler \
    -no-reflect -nowarn -kotlin-home /opt/kotlin -jdk-home /opt/java -d /tmp/out "$@" || exit 1
exec sh /opt/gavel/find-main.sh "$stem" /tmp/out
