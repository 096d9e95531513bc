import createNextIntlPlugin from 'next-intl/plugin'

const withNextIntl = createNextIntlPlugin('./lib/http/locale.ts')

/** @type {import('next').NextConfig} */
const config = {
  output: 'standalone',
  poweredByHeader: false,
  reactStrictMode: true,
  // This folder, whatever lock files lie above it.
  outputFileTracingRoot: import.meta.dirname,
  turbopack: { root: import.meta.dirname },
  // Read at run time, a file per language, so that adding a language is adding a file.
  outputFileTracingIncludes: { '/*': ['./messages/*.json'] },
  serverExternalPackages: ['pino', 'graphile-worker', 'pg'],
  // `npm run typecheck` checks the types, tests included; a build must not need what only tests need.
  typescript: { ignoreBuildErrors: true },
}

export default withNextIntl(config)
