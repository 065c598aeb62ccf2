# How one image comes to be; the order of things is in build.sh. Sourced, never run.
# shellcheck shell=bash

STAGE=images/.build
JOBS=${GAVEL_BUILD_JOBS:-2}
# The same setting that a worker reads.
TAG=${GAVEL__LANGUAGES__TAG:-latest}

# A language is a folder with a language.toml.
all_languages() {
    local file
    for file in images/*/language.toml; do basename "$(dirname "$file")"; done
}

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

# hash_of FOLDER WORD...: of the folder's files, by name and content, and of the words.
hash_of() {
    local folder=$1
    shift
    { find "$folder" -type f ! -name language.toml -print0 | sort -z | xargs -0 sha256sum --; printf '%s\n' "$@"; } |
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
        stage "$language"
        build_image "$image" "$STAGE/$language" "${FRESH[@]}" --target "$target" --build-arg "TAG=$TAG" \
            --label "gavel.inputs=$hash"
        built+=("$target")
    done
    if ((${#built[@]})); then note "gavel/$language: ${built[*]} built, $(seconds_since "$from") s"; fi
}

# The build context: the language's folder and the runner.
stage() {
    mkdir -p "$STAGE/$1"
    cp -r "images/$1/." "$STAGE/$1/"
    install -m 0755 "$RUNNER" "$STAGE/$1/gavel-runner"
}

# The images of GCC's languages share layers: what comes later takes what the first has made.
SHARE_LAYERS=(cpp c validator)

# Two builds at a time: one downloads while the other unpacks.
build_languages() {
    local language running=0 failed=0 sharing=() jobs=()
    RUNNER_HASH=$(sha256sum "$RUNNER" | cut -d' ' -f1)
    for language in "${SHARE_LAYERS[@]}"; do
        if [[ " $* " == *" $language "* ]]; then sharing+=("$language"); fi
    done
    if ((${#sharing[@]})); then jobs+=("${sharing[*]}"); fi
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
