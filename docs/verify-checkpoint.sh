#!/bin/sh
# Checks the signature of the last checkpoint in a segment with OpenSSL 3: verify-checkpoint.sh PUBLIC.pem SEGMENT[.gz]
# Prints "Signature Verified Successfully", and the key's fingerprint, which must be the "key" of the checkpoint.
set -eu
[ $# -eq 2 ] || { echo "Usage: verify-checkpoint.sh PUBLIC.pem SEGMENT[.gz]" >&2; exit 64; }
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
line=$(gzip -cdf -- "$2" | grep '"event":"checkpoint"' | tail -n 1)
[ -n "$line" ] || { echo "There is no checkpoint in $2." >&2; exit 1; }
printf %s "${line%,\"signature\":*}" > "$work/signed"
printf %s "$line" | sed 's/.*,"signature":"\([^"]*\)".*/\1/' | openssl base64 -d -A > "$work/signature"
openssl pkeyutl -verify -pubin -inkey "$1" -rawin -in "$work/signed" -sigfile "$work/signature"
openssl pkey -pubin -in "$1" -outform DER | openssl dgst -sha256 -r
