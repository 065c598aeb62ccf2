# How one image comes to be; the order of things is in build.sh. Sourced, never run.
# shellcheck shell=bash

STAGE=images/.build
JOBS=${GAVEL_BUILD_JOBS:-2}
# The same setting that a worker reads.
TAG=${GAVEL__LANGUAGES__TAG:-latest}

# The folders of images that a choice means, such as `core kotlin`: of every language of it, and of what runs scripted validators.
folders_of() {
    local file
    of_languages image "$1"
    for file in images/*/language.toml; do
        if [[ $(value_of role "$file") == validator ]]; then value_of image "$file"; fi
    done
}

# of_languages KEY CHOICE: the text of every language that a choice means: of the named sets, and of those named by id. Sets: `set`
# in language.toml, each holds those before it.
of_languages() {
    local word file set known
    for word in ${2//,/ }; do
        known=
        for file in images/*/language.toml; do
            set=$(value_of set "$file")
            case $word:${set:-core} in
                core:core | extended:core | extended:extended | all:*) ;;
                *) grep -qxF "id = \"$word\"" "$file" || continue ;;
            esac
            known=yes
            value_of "$1" "$file"
        done
        [[ -n $known ]] || die "$word is neither a set of languages (core, extended, all) nor a language's id"
    done
}

# value_of KEY FILE: of a text in a language.toml, nothing if it is not there.
value_of() { sed -nE "s/^$1 = \"(.*)\"\$/\1/p" "$2"; }

# The runner is linked on the host: inside a build there may be no way to the package registry. Static, because run images
# hold nothing but libc; --target, because crt-static must not reach the procedural macros.
build_runner() {
    if [[ -n ${GAVEL_RUNNER:-} ]]; then
        RUNNER=$GAVEL_RUNNER
        return
    fi
    local from=$EPOCHREALTIME
    RUNNER=$(images/runner/build.sh)
    note "runner: $(stat -c %s "$RUNNER") bytes, $(seconds_since "$from") s"
}

# hash_of FOLDER WORD...: of the folder's files, by name and content, and of the words. A link is what it points at: two
# languages may share a file.
hash_of() {
    local folder=$1
    shift
    { find -L "$folder" -type f ! -name language.toml -print0 | sort -z | xargs -0 sha256sum --; printf '%s\n' "$@"; } |
        sha256sum | cut -d' ' -f1
}

label_of() { docker image inspect --format '{{index .Config.Labels "gavel.inputs"}}' "$1" 2>/dev/null || true; }

# up_to_date IMAGE HASH
up_to_date() { [[ ${#FRESH[@]} -eq 0 && $(label_of "$1") == "$2" ]]; }

build_base() {
    local from=$EPOCHREALTIME hash
    hash=$(hash_of images/base "$(docker image inspect --format '{{.Id}}' debian:trixie-slim)")
    if ! up_to_date "gavel/base:$TAG" "$hash"; then
        build_image "gavel/base:$TAG" images/base "${FRESH[@]}" --label "gavel.inputs=$hash"
        note "gavel/base: built, $(seconds_since "$from") s"
    fi
    BASE_ID=$(docker image inspect --format '{{.Id}}' "gavel/base:$TAG")
}

# A language's targets: `run`, and `compile` where it has one.
targets_of() { sed -nE 's/^FROM .* AS (run|compile)$/\1/p' "images/$1/Dockerfile"; }

build_language() {
    local language=$1 target image hash from=$EPOCHREALTIME built=()
    hash=$(hash_of "images/$language" "$RUNNER_HASH" "$BASE_ID")
    for target in $(targets_of "$language"); do
        image=gavel/$language-$target:$TAG
        if up_to_date "$image" "$hash"; then continue; fi
        if ((${#built[@]} == 0)); then stage "$language"; fi
        build_image "$image" "$STAGE/$language" "${FRESH[@]}" --target "$target" --build-arg "TAG=$TAG" \
            --label "gavel.inputs=$hash"
        built+=("$target")
    done
    if ((${#built[@]})); then note "gavel/$language: ${built[*]} built, $(seconds_since "$from") s"; fi
}

# The build context: the language's folder and the runner, and what its fetch.sh gets on this machine from a registry of
# packages: inside a build there may be no way to one.
stage() {
    rm -rf "${STAGE:?}/$1"
    mkdir -p "$STAGE/$1"
    cp -rL "images/$1/." "$STAGE/$1/"
    install -m 0755 "$RUNNER" "$STAGE/$1/gavel-runner"
    if [[ -x images/$1/fetch.sh ]]; then "images/$1/fetch.sh" "$STAGE/$1/fetched"; fi
}

# Images that share layers, a line each: what comes later takes what the first has made.
SHARE_LAYERS=(
    "cpp c validator c-clang node-24"
    "java scala kotlin groovy clojure"
    "node typescript"
)

# Two builds at a time: one downloads while the other unpacks.
build_languages() {
    local language group running=0 failed=0 sharing=() jobs=()
    RUNNER_HASH=$(sha256sum "$RUNNER" | cut -d' ' -f1)
    for group in "${SHARE_LAYERS[@]}"; do
        sharing=()
        for language in $group; do
            if [[ " $* " == *" $language "* ]]; then sharing+=("$language"); fi
        done
        if ((${#sharing[@]})); then jobs+=("${sharing[*]}"); fi
    done
    for language in "$@"; do
        if [[ " ${SHARE_LAYERS[*]} " != *" $language "* ]]; then jobs+=("$language"); fi
    done
    for job in "${jobs[@]}"; do
        if ((running == JOBS)); then
            wait -n || failed=1
            running=$((running - 1))
        fi
        for language in $job; do build_language "$language"; done &
        running=$((running + 1))
    done
    while ((running--)); do wait -n || failed=1; done
    ((failed == 0)) || die "not every image could be built"
}
