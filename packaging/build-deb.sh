#!/bin/sh
# Builds the Debian packages of this checkout in a copy of it, so that the checkout stays as it is: reeld,
# libreeld-dev, reeld-dbgsym, and the source package.
# usage: packaging/build-deb.sh [OUTDIR]     (default build/deb; --help says more)
set -eu

usage() {
  cat <<TEXT
usage: packaging/build-deb.sh [OUTDIR]

Puts reeld_*.deb, libreeld-dev_*.deb, reeld-dbgsym_*.deb, the source package and the .changes file into
OUTDIR (default build/deb of this checkout). Everything that git does not ignore is built, committed or not.

DEB_BUILD_OPTIONS is passed on; without it all processors are used. Compiler results are shared with builds
of the release preset if ccache is installed.
TEXT
}

case ${1-} in
  -h | --help) usage; exit 0 ;;
  -*) usage >&2; exit 2 ;;
esac
[ $# -le 1 ] || { usage >&2; exit 2; }
top=$(cd "$(dirname "$0")/.." && pwd)
out=${1:-$top/build/deb}
mkdir -p "$out"
out=$(cd "$out" && pwd)

if ! command -v dpkg-buildpackage >/dev/null || ! command -v npm >/dev/null || ! dpkg-checkbuilddeps "$top/packaging/debian/control"; then
  echo "build-deb.sh: install what is missing first: packaging/install-dependencies build package" >&2
  exit 1
fi

stage=$(mktemp -d "${TMPDIR:-/tmp}/reeld-deb.XXXXXX")
trap 'rm -rf "$stage"' EXIT
trap 'exit 1' INT TERM HUP
mkdir "$stage/src"

# What git tracks or would track; outside of git, everything but what builds leave behind.
cd "$top"
if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
  git ls-files -z --cached --others --exclude-standard |
    perl -0 -ne 'chomp; print "$_\0" if -e or -l' | tar -c --null -T - | tar -x -C "$stage/src"
else
  tar -c --exclude=./build --exclude=./tests/out --exclude=node_modules . | tar -x -C "$stage/src"
fi
mv "$stage/src/packaging/debian" "$stage/src/debian"

# The source package brings the viewer of /docs along, so that it builds without a network.
viewer=$stage/src/core/api/viewer
npm ci --prefix "$viewer" --ignore-scripts --no-audit --no-fund --loglevel=error
mkdir "$viewer/swagger-ui"
for file in LICENSE NOTICE swagger-ui.css swagger-ui-bundle.js swagger-ui-bundle.js.LICENSE.txt; do
  cp "$viewer/node_modules/swagger-ui-dist/$file" "$viewer/swagger-ui/"
done
rm -rf "$viewer/node_modules"

# debhelper gives the build another home directory; the compiler cache stays where it is.
if command -v ccache >/dev/null; then
  CCACHE_DIR=$(ccache --get-config cache_dir)
  export CCACHE_DIR
fi
export DEB_BUILD_OPTIONS="${DEB_BUILD_OPTIONS-nocheck parallel=$(nproc)}"
cd "$stage/src"
dpkg-buildpackage -us -uc

# Packages of an earlier build would be taken for this one's.
rm -f "$out"/reeld_* "$out"/reeld-dbgsym_* "$out"/libreeld-dev_*
cp "$stage"/*.deb "$stage"/*.dsc "$stage"/*.tar.* "$stage"/*.changes "$stage"/*.buildinfo "$out"
echo "packages are in $out"
