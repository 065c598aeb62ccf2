#!/usr/bin/env bash
# What is in the images of languages: images/packages.sh [--json] [folder...]
#
# Without --json a line for each package of each image: image, package, version, package of the sources. With --json a list
# of bills of materials in the format of CycloneDX 1.6, one for each image, which scanners for known weaknesses read.
# Without folders: of every image of a language that is here. GAVEL__LANGUAGES__TAG is the images' tag, as in build.sh.
#
# The image itself is asked, so it is true of one that came from elsewhere too: Debian's packages as dpkg knows them, and what
# was copied in beside it, which the image lists in /usr/share/gavel/packages: a line as below, or a purl (ECMA-427).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=deploy/lib/step.sh
source deploy/lib/step.sh
# shellcheck source=images/lib.sh
source images/lib.sh

JSON=
if [[ ${1:-} == --json ]]; then
    JSON=yes
    shift
fi

# Name, version, package of the sources and architecture, with tabs between.
ask() {
    # The shell of the image is to expand what is in it.
    # shellcheck disable=SC2016
    docker run --rm --network none --read-only --cap-drop ALL --security-opt no-new-privileges --entrypoint /bin/sh "$1" -c '
        dpkg-query -W -f "\${db:Status-Abbrev}\${Package}\t\${Version}\t\${source:Package}\t\${Architecture}\n" | sed -n "s/^ii //p"
        cat /usr/share/gavel/packages 2>/dev/null || :'
}

as_lines() {
    awk -F '\t' -v image="$1" 'NF == 1 {
        name = $1; sub(/^pkg:/, "", name); sub(/[?].*/, "", name)
        version = name; sub(/.*@/, "", version); sub(/@[^@]*$/, "", name)
        print image "\t" name "\t" version "\t-"; next
    } { print image "\t" $1 "\t" $2 "\t" $3 }'
}

# No name and no version of a package has a character that JSON would want escaped.
as_json() {
    awk -F '\t' -v image="$1" -v id="$2" '
    function part(name, version, purl) {
        printf "%s\n    {\"type\": \"library\", \"name\": \"%s\", \"version\": \"%s\", \"purl\": \"%s\"}", (n++ ? "," : ""), name, version, purl
    }
    BEGIN {
        printf "{\n  \"bomFormat\": \"CycloneDX\",\n  \"specVersion\": \"1.6\",\n  \"version\": 1,\n"
        printf "  \"metadata\": {\"component\": {\"type\": \"container\", \"name\": \"%s\", \"version\": \"%s\"}},\n  \"components\": [", image, id
    }
    NF == 1 {
        name = $1; sub(/^pkg:[^\/]*\//, "", name); sub(/[?].*/, "", name); gsub(/%40/, "@", name)
        version = name; sub(/.*@/, "", version); sub(/@[^@]*$/, "", name)
        part(name, version, $1); next
    }
    {
        version = $2; gsub(/[+]/, "%2B", version); gsub(/:/, "%3A", version)
        part($1, $2, "pkg:deb/debian/" $1 "@" version "?arch=" $4 "&distro=trixie")
    }
    END { printf "\n  ]\n}" }'
}

FOLDERS=("$@")
((${#FOLDERS[@]})) || mapfile -t FOLDERS < <(sed -nE 's/^image = "(.*)"$/\1/p' images/*/language.toml | sort -u)
begun=
if [[ -n $JSON ]]; then printf '['; fi
for folder in "${FOLDERS[@]}"; do
    [[ -f images/$folder/Dockerfile ]] || die "no such language: images/$folder/Dockerfile"
    for target in $(targets_of "$folder"); do
        image=gavel/$folder-$target:$TAG
        if ! id=$(docker image inspect --format '{{.Id}}' "$image" 2>/dev/null); then
            # Whoever names a language wants it.
            if (($#)); then die "no image $image: images/build.sh $folder makes it"; fi
            continue
        fi
        found=$(ask "$id")
        if [[ -n $JSON ]]; then
            printf '%s' "${begun:+, }"
            as_json "$image" "$id" <<<"$found"
        else
            as_lines "$image" <<<"$found"
        fi
        begun=yes
    done
done
if [[ -n $JSON ]]; then printf ']\n'; fi
[[ -n $begun ]] || die "no image of a language is here: images/build.sh makes them"
