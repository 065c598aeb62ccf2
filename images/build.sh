#!/usr/bin/env bash
# Builds the images of languages, side by side: images/build.sh [--fresh] [folder...]
#
# GAVEL_LANGUAGES        which, where no folders are named: sets (core, extended, all) and languages, `core` by default;
#                or else GAVEL__LANGUAGES__SET, the setting `languages.set`
# --fresh        ignores the layer cache, so that Debian's security updates come in
# GAVEL__LANGUAGES__TAG  the images' tag, `latest` by default: the setting `languages.tag` of a worker
# GAVEL_RUNNER   a runner binary to put into the images instead of the one built here
#
# An image whose inputs have not changed is left alone: their hash is its label `gavel.inputs`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=deploy/lib/step.sh
source deploy/lib/step.sh
# shellcheck source=deploy/lib/docker.sh
source deploy/lib/docker.sh
# shellcheck source=deploy/lib/base.sh
source deploy/lib/base.sh
# shellcheck source=images/lib.sh
source images/lib.sh

FRESH=()
if [[ ${1:-} == --fresh ]]; then
    FRESH=(--no-cache)
    shift
fi
if (($#)); then
    LANGUAGES=("$@")
else
    chosen=$(folders_of "${GAVEL_LANGUAGES:-${GAVEL__LANGUAGES__SET:-core}}")
    mapfile -t LANGUAGES < <(sort -u <<<"$chosen")
fi
for language in "${LANGUAGES[@]}"; do
    [[ -f images/$language/Dockerfile ]] || die "no such language: images/$language/Dockerfile"
done

begin=$EPOCHREALTIME
ensure_docker
ensure_base_image
build_runner
build_base
build_languages "${LANGUAGES[@]}"
note "images ready in $(seconds_since "$begin") s: ${LANGUAGES[*]}"
