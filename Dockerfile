# The portal, its worker and its commands are one image: `docker build -t concord .`; scripts/image.sh makes the same
# without Docker. The local ORCID, for trying it out, is another: `docker build --target registry -t concord-registry .`
ARG NODE=24

FROM node:${NODE}-trixie-slim AS build
WORKDIR /concord
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev
COPY . .
RUN npm run build \
  && node scripts/compile.mjs commands \
  && npm sbom --omit=dev --sbom-format=cyclonedx --package-lock-only > sbom.cdx.json

FROM node:${NODE}-trixie-slim AS registry
WORKDIR /concord
COPY package.json package-lock.json .npmrc tsconfig.json ./
RUN npm ci
COPY registry registry
RUN mkdir /state && chown node:node /state
USER node
CMD ["node", "--import", "tsx", "registry/main.ts"]

FROM debian:trixie-slim AS portal
# The newest pg_dump reads older servers.
ARG POSTGRES=18
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates postgresql-common \
  && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
  && apt-get install --yes --no-install-recommends postgresql-client-${POSTGRES} \
  && rm -rf /var/lib/apt/lists/* \
  && install --directory --owner=1000 --group=1000 /backups /ledger \
  && install --directory /texts
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 HOSTNAME=0.0.0.0 PORT=3000
WORKDIR /concord
# All of it belongs to root and stays as it is.
COPY --from=build /usr/local/bin/node /usr/local/bin/node
COPY --from=build /concord/package.json /concord/.env.example /concord/sbom.cdx.json ./
COPY --from=build /concord/.next/standalone .next/standalone
COPY --from=build /concord/commands commands
COPY --from=build /concord/messages messages
COPY --from=build /concord/prisma/migrations prisma/migrations
COPY --from=build /concord/scripts/*.mjs scripts/
COPY --from=build /concord/lib/http/body-limits.json lib/http/
COPY --from=build --chmod=755 /concord/scripts/concord.sh concord
USER 1000:1000
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 CMD ["/concord/concord", "healthy"]
ENTRYPOINT ["/concord/concord"]
CMD ["portal"]
