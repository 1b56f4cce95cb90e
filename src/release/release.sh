#!/usr/bin/env bash
# Makes a release out of the commit that is checked out, and puts it into target/release:
#
#   src/release/release.sh 0.1.0         the release
#   src/release/release.sh --rehearse    the same, of whatever stands under "Unreleased", as 0.0.0
#
# Two copies of the commit are built in two places, and the jars must be the same to the last byte. Beside the
# archive there are a bill of materials (CycloneDX), the chart, and checksums of all; each is looked at before it is
# called done. It publishes nothing and sets no tag; it says how. Needs helm (src/test/helm/build.sh).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

cyclonedx=org.cyclonedx:cyclonedx-maven-plugin:2.9.3
fail() { echo "release.sh: $*" >&2; exit 1; }

case ${1:-} in
  --rehearse) version=0.0.0 heading=Unreleased ;;
  [0-9]*.[0-9]*.[0-9]*) version=$1 heading=$1 ;;
  *) fail "give a version, such as 0.1.0, or --rehearse" ;;
esac

# What people are told of it: lines below its heading in the changelog.
entry=$(awk -v heading="$heading" '/^## / { mine = ($2 == heading); next } mine' CHANGELOG.md)
grep -q '^- \[' <<<"$entry" || fail "CHANGELOG.md has no lines under \"## $heading\"; write what changed"
[[ $heading == Unreleased || -z $(git status --porcelain) ]] ||
  fail "not everything is committed; commit it, for the release is made of the commit"

# What people install is the chart: a release without it is none. Found out before ten minutes of building.
helm=$(command -v helm || src/test/helm/build.sh --where)
[[ -x $helm ]] || fail "no helm to package the chart with; run src/test/helm/build.sh once"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
stamp=$(TZ=UTC git log -1 --date=format-local:%Y-%m-%dT%H:%M:%SZ --format=%cd)

build() {
  mkdir "$work/$1"
  git archive HEAD | tar -x -C "$work/$1"
  # The first version of the pom is the project's own.
  sed -i "0,/<version>[^<]*<\/version>/s//<version>$version<\/version>/" "$work/$1/pom.xml"
  (cd "$work/$1" && mvn -q -B -ntp -Punchecked -Dproject.build.outputTimestamp="$stamp" package)
}

build one
build two
jar=belay-$version.jar
cmp "$work/one/target/$jar" "$work/two/target/$jar" || fail "two builds of one commit differ; the jar is not reproducible"
echo "release.sh: two builds gave the same bytes" >&2

here=$work/one
(cd "$here" && mvn -q -B -ntp -Dproject.build.outputTimestamp="$stamp" -DoutputFormat=json -DoutputName=sbom \
  -DincludeTestScope=false "$cyclonedx:makeBom")

said=$("$here/belay" --version)
[[ $said == "belay $version" ]] || fail "the program calls itself \"$said\" instead of \"belay $version\""

out=target/release
rm -rf "$out"
mkdir -p "$out"
name=belay-$version
mkdir -p "$work/archive/$name/target"
cp -r "$here"/{belay,config,rules,README.md,CHANGELOG.md} "$work/archive/$name/"
# The launcher looks for the jar where a build puts it.
cp -r "$here/target/$jar" "$here/target/lib" "$work/archive/$name/target/"
tar -C "$work/archive" --sort=name --owner=0 --group=0 --numeric-owner --mtime="$stamp" -c "$name" | gzip -n >"$out/$name.tar.gz"
cp "$here/target/sbom.json" "$out/$name.sbom.json"
cp "$here/target/$jar" "$out/$jar"
printf '%s\n' "$entry" >"$out/CHANGES.md"
sed -i "s/^appVersion: .*/appVersion: $version/" "$here/charts/belay/Chart.yaml"
"$helm" package --version "$version" --destination "$out" "$here/charts/belay" >/dev/null
mv "$out/belay-$version.tgz" "$out/belay-chart-$version.tgz"
(cd "$out" && sha256sum -- * >SHA256SUMS)

# As whoever gets it would look at it.
(cd "$out" && sha256sum --check --strict --quiet SHA256SUMS) || fail "the checksums are not those of the files"
[[ $(wc -l <"$out/SHA256SUMS") == 5 ]] || fail "there should be an archive, a jar, a bill, a chart and the changes"
src/release/bill.sh "$out/$name.sbom.json" "$version" "$here/target/lib"
[[ $(tar -xzOf "$out/belay-chart-$version.tgz" belay/Chart.yaml) == *"version: $version"* ]] ||
  fail "the chart is not of version $version"
ls -l "$out" >&2
echo "release.sh: done; git tag --sign v$version && git push origin v$version" >&2
