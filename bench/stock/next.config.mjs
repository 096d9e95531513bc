import { resolve } from 'node:path'

// Built in .concord/bench/stock, below the folder that has the packages.
const root = resolve(import.meta.dirname, '..', '..', '..')

/** @type {import('next').NextConfig} */
export default {
  output: 'standalone',
  outputFileTracingRoot: root,
  turbopack: { root },
  typescript: { ignoreBuildErrors: true },
}
