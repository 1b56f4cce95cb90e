#!/usr/bin/env bash
# Looks into a bill of materials, as CycloneDX's plugin writes it:
#
#   src/release/bill.sh BILL VERSION LIBRARIES
#
# It must be of Belay in that version, name every jar in the folder of libraries and no other, and say under which
# licence each is.
set -euo pipefail
bill=$1 version=$2 libraries=$3
fail() { echo "bill.sh: $bill: $*" >&2; exit 1; }

own=dev.belay/belay@$version
parts=$(sed -n 's|^ *"purl" : "pkg:maven/\([^?"]*\).*|\1|p' "$bill" | sort -u)
grep -qxF "$own" <<<"$parts" || fail "it is not of Belay $version"

named=$({ grep -vxF "$own" <<<"$parts" || true; } | sed 's,.*/\(.*\)@\(.*\),\1-\2,' | sort -u)
shipped=$(cd "$libraries" && printf '%s\n' *.jar | sed 's/\.jar$//' | sort -u)
difference=$(comm -3 <(echo "$named") <(echo "$shipped"))
[[ -z $difference ]] || fail "it names what is not shipped, or (indented) does not name what is:"$'\n'"$difference"

# In each part the licences come before what it is called.
unlicensed=$(awk -v own="$own" '
  /"bom-ref" : / { licensed = 0 }
  /"licenses" : / { licensed = 1 }
  /"purl" : / && !licensed && !index($0, own "?") { print $3 }' "$bill")
[[ -z $unlicensed ]] || fail "it does not say under which licence these are:"$'\n'"$unlicensed"
