#!/bin/sh
# The image of the Dockerfile without Docker: `scripts/image.sh [name:tag]`, as root, with buildah, mmdebstrap and npm.
# The base comes from Debian's packages and Node.js from the npm registry. KEEP=<file.tar> also writes the image there.
set -eu
cd "$(dirname "$0")/.."
name=${1:-concord:$(node -p "require('./package.json').version")}
suite=${SUITE:-trixie}
client_suite=${CLIENT_SUITE:-forky}
postgres=${POSTGRES:-18}
# `no` takes the packages of a mirror that stands still.
valid_until=${CHECK_VALID_UNTIL:-yes}
node_version=${NODE:-24}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
store="--storage-driver ${STORAGE_DRIVER:-vfs} --root ${STORE:-$work/store} --runroot $work/run"

node scripts/build.mjs --if-stale
rm -rf commands
node scripts/compile.mjs commands
npm sbom --omit=dev --sbom-format=cyclonedx --package-lock-only > "$work/sbom.cdx.json"

# pg_dump and pg_restore alone, with the library they need, of PostgreSQL's version in compose.yaml: the package asks for
# Perl as a whole, and Debian's stable release has an older version, which does not read that server.
cat > "$work/client.sh" <<HOOK
set -eu
export APT_CONFIG="\$MMDEBSTRAP_APT_CONFIG"
cd "\$1/tmp"
list="\$1/etc/apt/sources.list.d/client.list"
keys=/usr/share/keyrings/debian-archive-keyring.gpg
echo "deb [signed-by=\$keys check-valid-until=$valid_until] http://deb.debian.org/debian $client_suite main" > "\$list"
apt-get update -qq
apt-get download -qq --target-release=$client_suite postgresql-client-$postgres libpq5
for package in *.deb; do dpkg-deb -x "\$package" client; done
install -m 755 client/usr/lib/postgresql/*/bin/pg_dump client/usr/lib/postgresql/*/bin/pg_restore "\$1/usr/local/bin/"
install -m 644 client/usr/lib/*/libpq.so.5 "\$1/usr/local/lib/"
chroot "\$1" ldconfig
rm -rf client *.deb "\$list"
HOOK
mmdebstrap --quiet --variant=essential --include=ca-certificates,libgssapi-krb5-2,libldap2,liblz4-1,libssl3t64,libstdc++6,libzstd1,zlib1g \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
  --customize-hook="sh $work/client.sh \"\$1\"" \
  --customize-hook='rm -rf "$1"/var/cache/apt "$1"/var/lib/apt/lists "$1"/var/log/*' \
  "$suite" "$work/base" ${MIRROR:+"$MIRROR"}
npm install --prefix "$work/node" --no-save --silent "node@$node_version"

root=$work/base
install -m 755 "$(find "$work/node" -path '*/bin/node' -type f -size +1M | head -n 1)" "$root/usr/local/bin/node"
mkdir -p "$root/concord/.next" "$root/concord/scripts" "$root/concord/prisma" "$root/concord/lib/http" \
  "$root/backups" "$root/ledger" "$root/texts"
cp -r .next/standalone "$root/concord/.next/standalone"
cp -r commands messages "$root/concord/"
cp -r prisma/migrations "$root/concord/prisma/"
cp package.json .env.example "$work/sbom.cdx.json" "$root/concord/"
cp scripts/*.mjs "$root/concord/scripts/"
cp lib/http/body-limits.json "$root/concord/lib/http/"
install -m 755 scripts/concord.sh "$root/concord/concord"
chown -R 1000:1000 "$root/backups" "$root/ledger"

container=$(buildah $store from scratch)
buildah $store copy --quiet "$container" "$root" /
buildah $store config --user 1000:1000 --workingdir /concord --port 3000 \
  --env NODE_ENV=production --env NEXT_TELEMETRY_DISABLED=1 --env HOSTNAME=0.0.0.0 --env PORT=3000 \
  --entrypoint '["/concord/concord"]' --cmd portal --stop-signal SIGTERM \
  --healthcheck 'CMD /concord/concord healthy' --healthcheck-interval 15s --healthcheck-timeout 5s \
  --healthcheck-start-period 20s --healthcheck-retries 3 "$container"
buildah $store commit --quiet --format docker "$container" "$name" >/dev/null
echo "$name: $(du -sm "$root" | cut -f1) MB unpacked"
if [ -n "${KEEP:-}" ]; then buildah $store push --quiet "$name" "docker-archive:$KEEP:$name"; fi
