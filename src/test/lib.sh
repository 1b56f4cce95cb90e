# What the scripts of the tests share; they source it.

# Prints the path of a program that is built by Go once, into the user's cache folder: cached NAME WHAT [--where].
# Where it is not there, and its path is not all that is asked for, the script's own "build" puts it there.
cached() {
  local binary=${XDG_CACHE_HOME:-$HOME/.cache}/belay/$1 cache
  cache=$(dirname "$binary")
  if [[ ${3:-} != --where && ! -x $binary ]]; then
    command -v go >/dev/null || { echo "build.sh: no go on the PATH; install Go 1.26 or later" >&2; exit 1; }
    mkdir -p "$cache"
    # One builder at a time: a second caller waits for the first one's binary.
    exec 9>"$cache/lock"
    flock 9
    if [[ ! -x $binary ]]; then
      echo "build.sh: building $2 the first time" >&2
      build "$binary"
    fi
  fi
  echo "$binary"
}

# Whether the container engine has an image, or can pull it.
there() { docker image inspect "$1" >/dev/null 2>&1 || timeout 60 docker pull -q "$1" >/dev/null 2>&1; }

# What programs are linked with, a path each line.
linked() { ldd "$@" | sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p; s/^\t\(\/[^ ]*ld-linux[^ ]*\) .*/\1/p'; }

# Copies the libraries that it reads into a folder, where they are found as they are here.
copy_into() {
  local library
  while read -r library; do
    mkdir -p "$1$(dirname "$library")"
    cp -L "$library" "$1$library"
  done
}
