#!/usr/bin/env bash
# Prints a table of the languages that a running Gavel offers: the size of their images, and what their program
# examples/*/AC-sum took: images/figures.sh [option of `gavel examples`...]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=deploy/lib/step.sh
source deploy/lib/step.sh
# shellcheck source=images/lib.sh
source images/lib.sh
GAVEL=${GAVEL:-target/quick/gavel}

# mb IMAGE: its size in MB; "-" where there is none.
mb() {
    local bytes
    bytes=$(docker image inspect --format '{{.Size}}' "$1" 2>/dev/null) || bytes=
    if [[ -n $bytes ]]; then echo $((bytes / 1000000)); else echo -; fi
}

echo '| language | compiler or interpreter | run image, MB | compile image, MB | CPU, ms | memory, MiB | compile CPU, ms |'
echo '|---|---|---|---|---|---|---|'
"$GAVEL" examples examples/ --figures "$@" | while IFS=$'\t' read -r id cpu memory compile version; do
    file=$(grep -lxF "id = \"$id\"" images/*/language.toml) || continue
    image=$(value_of image "$file")
    # Who made it and where it is from stands behind.
    version=${version%% -- *}
    version=${version%%  *}
    echo "| \`$id\` | ${version//|/ } | $(mb "gavel/$image-run:$TAG") | $(mb "gavel/$image-compile:$TAG") | $cpu | $memory | $compile |"
done
