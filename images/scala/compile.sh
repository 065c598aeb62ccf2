#!/bin/sh
# gavel-scala-compile MEMORY_MB ENTRY SOURCE...: compiles into /tmp/out, and writes the name of the main class to
# /tmp/out/launch. GAVEL_JVM is one flag of the JVM instead of the cache of the compiler's classes.
memory=$1 entry=$2
shift 2
stem=${entry##*/}
home=/opt/scala/compiler
scalac() {
    /opt/java/bin/java "${GAVEL_JVM:--XX:AOTCache=/opt/scala/compile.aot}" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
        -XX:-UsePerfData -Xss16m "-Xmx${memory}m" \
        -cp "$home/scala-compiler.jar:/opt/scala/scala-library.jar:$home/scala-reflect.jar:$home/scala-xml_2.11.jar:$home/scala-parser-combinators_2.11.jar" \
        scala.tools.nsc.Main "$@"
}
if [ "$entry" = -version ]; then scalac -version 2>&1 && exit; fi
[ $# -gt 0 ] || set -- "$entry"
scalac -usejavacp -nowarn -encoding UTF-8 -d /tmp/out "$@" || exit 1
exec sh /opt/gavel/find-main.sh "${stem%.*}" /tmp/out
