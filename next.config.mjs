import createNextIntlPlugin from 'next-intl/plugin'

const withNextIntl = createNextIntlPlugin('./lib/i18n/request.ts')

/** @type {import('next').NextConfig} */
const config = {
  output: 'standalone',
  poweredByHeader: false,
  reactStrictMode: true,
  // Next.js would take the host out of a redirect to ours where it believes that it runs on it (`lib/http/host-name.ts`).
  skipProxyUrlNormalize: true,
  // `proxy.ts` removes a slash at the end, with our headers.
  skipTrailingSlashRedirect: true,
  // This folder, whatever lock files lie above it.
  outputFileTracingRoot: import.meta.dirname,
  turbopack: { root: import.meta.dirname },
  // Ours are small drawings that are served as they are: the optimizer would be one more address that takes addresses.
  images: { unoptimized: true },
  experimental: {
    // A page is loaded when it is first asked for: all of them at the start take a hundred megabytes.
    preloadEntriesOnStart: false,
    // Above the largest upload (`lib/http/body-limits.json`): Next.js cuts what is longer.
    proxyClientMaxBodySize: '21mb',
  },
  // Read at run time, a file per language, so that adding a language is adding a file.
  outputFileTracingIncludes: { '/*': ['./messages/*.json'] },
  // The image optimizer is off.
  outputFileTracingExcludes: { '*': ['node_modules/@img/**', 'node_modules/sharp/**'] },
  serverExternalPackages: ['pino', 'graphile-worker', 'pg', 'prom-client', 'ssh2'],
  // `npm run typecheck` checks the types, tests included; a build must not need what only tests need.
  typescript: { ignoreBuildErrors: true },
}

export default withNextIntl(config)
