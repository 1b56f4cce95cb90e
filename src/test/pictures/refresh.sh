#!/usr/bin/env bash
# Makes the README's pictures anew, docs/pictures/console*.png: of the console in a real browser, as ConsoleIT sees
# it. Needs Debian's chromium and chromium-driver; about two minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."

rm -f target/screenshots/now-proposed{,-dark}.png
mvn -q -B -ntp -Punchecked -Dmaven.test.skip=false -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false \
  -Dit.test='ConsoleIT#whatIsProposedIsDoneOnceItIsApprovedByAClick' verify
[[ -e target/screenshots/now-proposed-dark.png ]] ||
  { echo "refresh.sh: no picture was made; apt-get install chromium chromium-driver" >&2; exit 1; }
cp target/screenshots/now-proposed.png docs/pictures/console.png
cp target/screenshots/now-proposed-dark.png docs/pictures/console-dark.png
git status --short docs/pictures
