#!/bin/sh
# find-main.sh STEM FOLDER: writes to FOLDER/launch the name of the class whose `main(String[])` is to be run. Of several
# the one that is called after the entry file comes first, which for Kotlin is STEMKt.
stem=$1
cd "$2" || exit 1
mains=$(find . -name '*.class' ! -name '*$*' -exec grep -lF '([Ljava/lang/String;)V' {} + | sort |
    while read -r class; do if grep -qw main "$class"; then echo "$class"; fi; done)
chosen=
for class in $mains; do
    case ${class##*/} in
        "${stem}Kt.class" | "$stem.class") chosen=$class && break ;;
    esac
    [ -n "$chosen" ] || chosen=$class
done
if [ -z "$chosen" ]; then
    echo 'the submission is not a program: none of its classes has a main method' >&2
    exit 1
fi
chosen=${chosen#./}
echo "${chosen%.class}" | tr / . >launch
