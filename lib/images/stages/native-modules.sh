# Fails where a native module needs a library that neither comes with it nor is in the base: better here than when the program starts.
# usage: native-modules.sh BASE FOLDER LIBRARIES
set -eu
base=$1 folder=$2 libraries=$3

missing=$(find "$folder" -type f \( -name '*.so' -o -name '*.so.*' -o -name '*.node' \) | while read -r module; do
  ldd "$module" 2>/dev/null | while read -r name arrow file _; do
    [ "$arrow" = '=>' ] || continue
    case $file in "$folder"/*) continue ;; esac
    [ -e "$base$libraries/$name" ] || [ -e "$base/lib/${libraries##*/}/$name" ] || echo "${module#"$folder"/} needs $name"
  done
done)
[ -z "$missing" ] && exit 0
echo "$missing" | sort -u >&2
echo 'the base does not have these libraries: name them in sharedLibraries, and the packages that they are in in builderPackages' >&2
exit 1
