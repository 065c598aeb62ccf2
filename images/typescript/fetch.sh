#!/bin/sh
# fetch.sh FOLDER: the compiler, and the types of Node's interfaces, from the npm registry, by their checksums.
set -eu
folder=$1
case $(uname -m) in
    x86_64) cpu=x64 sum=7ecad6f67377e831856367ab062ef394f21506a611405bf8ac0ff039348637d3 ;;
    aarch64) cpu=arm64 sum=c83d931ac9dd7549cde6e71246aa9d6a9812843023df3e277fe3b5dcf41dd0ea ;;
    *) echo "no TypeScript for $(uname -m)" >&2 && exit 1 ;;
esac
packed=$(mktemp -d)
trap 'rm -rf "$packed"' EXIT

# package NAME VERSION SHA256 FOLDER
package() {
    file=$packed/$(cd "$packed" && npm pack --silent "$1@$2")
    echo "$3  $file" | sha256sum --check --quiet
    mkdir -p "$4"
    tar -xzf "$file" -C "$4" --strip-components=1 --no-same-owner
    # For images/packages.sh.
    echo "pkg:npm/$1@$2" | sed 's,/@,/%40,' >>"$folder/packages"
}
rm -rf "$folder"
package "@typescript/typescript-linux-$cpu" 7.0.2 "$sum" "$folder"
package @types/node 20.19.9 789aefa229624e27ec0b4af21d7205432784b3a745a1eaab7b9fa93c2a9b6af5 "$folder/types/node"
package undici-types 6.21.0 cfa1a9a5e18988850e548f4f6b629c58da32dc32bebb116e58ea301e516fd16d "$folder/types/node/node_modules/undici-types"
chmod -R a+rX "$folder"
