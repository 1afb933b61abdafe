# Lints certificates by what the RFCs say: each comes as a line of base64 of its PEM text, and goes as a line of JSON.
set -eu

while read -r line; do
  printf '%s' "$line" | base64 -d | zlint -includeSources RFC5280,RFC5480,RFC5891,Community
done
