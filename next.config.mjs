import createNextIntlPlugin from 'next-intl/plugin'

const withNextIntl = createNextIntlPlugin('./lib/http/locale.ts')

/** @type {import('next').NextConfig} */
const config = {
  output: 'standalone',
  poweredByHeader: false,
  reactStrictMode: true,
  // No page has an image to be made smaller: the address that does it is not there.
  images: { unoptimized: true },
  // Read at run time, a file per language, so that adding a language is adding a file.
  outputFileTracingIncludes: { '/*': ['./messages/*.json'] },
  serverExternalPackages: ['pino', 'graphile-worker', 'pg'],
  // `npm run typecheck` checks the types, tests included; a build must not need what only tests need.
  typescript: { ignoreBuildErrors: true },
}

export default withNextIntl(config)
