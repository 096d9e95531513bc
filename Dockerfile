# The portal, its worker and its migrations are one image: `docker build -t concord .`
# The local ORCID, for trying it out, is another: `docker build --target registry -t concord-registry .`
ARG NODE=26

FROM node:${NODE}-slim AS packages
WORKDIR /concord
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM packages AS build
COPY . .
RUN npm run build

FROM node:${NODE}-slim AS registry
WORKDIR /concord
COPY package.json package-lock.json .npmrc tsconfig.json ./
RUN npm ci
COPY registry registry
RUN mkdir /state && chown node:node /state
USER node
CMD ["node", "--import", "tsx", "registry/main.ts"]

FROM node:${NODE}-slim AS portal
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 HOSTNAME=0.0.0.0 PORT=3000
WORKDIR /concord
# What `npm run worker`, `migrate` and `doctor` need beside the built server. All of it belongs to root and stays as it is.
COPY --from=build /concord/package.json /concord/tsconfig.json /concord/worker.ts ./
COPY --from=build /concord/node_modules node_modules
COPY --from=build /concord/lib lib
COPY --from=build /concord/messages messages
COPY --from=build /concord/prisma prisma
COPY --from=build /concord/scripts scripts
COPY --from=build /concord/.next/standalone .next/standalone
USER node
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/api/health/live`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Not through npm: signals reach the server itself.
CMD ["node", "scripts/start.mjs"]
