# Copies libraries, programs or folders of the builder, and the libraries that they need and the base lacks, to where the base looks.
# usage: shared-libraries.sh BASE OUTPUT FOLDER WANTED...
set -eu
base=$1 output=$2 folder=$3
shift 3

fail() {
  echo "sharedLibraries: $*" >&2
  exit 1
}

# What the base has itself stays as it is there: its C library must fit its own dynamic linker.
base_has() {
  [ -e "$base$folder/$1" ] || [ -e "$base/lib/${folder##*/}/$1" ] || [ -e "$base/usr/lib/$1" ]
}

bring_needed() {
  needed=$(ldd "$1" 2>/dev/null) || return 0
  case $needed in
    *'not found'*) fail "$1 needs $(echo "$needed" | grep 'not found' | tr -d '\t'); add the package to builderPackages" ;;
  esac
  echo "$needed" | while read -r name arrow file _; do
    if [ "$arrow" = '=>' ] && ! base_has "$name"; then cp -L "$file" "$output$folder/$name"; fi
  done
}

bring_library() {
  file=$(ldconfig -p | sed -n "s|^[[:space:]]*$1 (.*) => ||p" | head -n 1)
  [ -n "$file" ] || fail "the builder has no $1; add its package to builderPackages"
  if ! base_has "$1"; then cp -L "$file" "$output$folder/$1"; fi
  bring_needed "$file"
}

bring_path() {
  [ -e "$1" ] || fail "the builder has no $1; add its package to builderPackages"
  mkdir -p "$output$(dirname "$1")"
  cp -RL "$1" "$output$1"
  find -L "$1" -type f | while read -r file; do bring_needed "$file"; done
}

mkdir -p "$output$folder"
ldconfig
for wanted; do
  case $wanted in
    /*) bring_path "$wanted" ;;
    *) bring_library "$wanted" ;;
  esac
done
