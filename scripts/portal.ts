import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bareEnv, type RunningProcess, root, startProcess, waitUntilReady } from '@/scripts/processes'

export type PortalSecrets = {
  sessionSecret: string
  /** `id:base64` */
  tokenKeys: string
}

export type PortalSettings = {
  databaseUrl: string
  port: number
  registry: { url: string; clientId: string; clientSecret: string }
  secrets: PortalSecrets
  /** More variables, or others in place of these. */
  env?: Record<string, string>
  /** The folder of the built server; default: that of `npm run build`. */
  standalone?: string
}

/**
 * The portal's address. `localhost`, while the registry is on `127.0.0.1`: cookies do not know about ports, and the two
 * would send each other theirs.
 */
export const portalUrl = (port: number) => `http://localhost:${port}`

/** The institution of every portal that is started here. Its ROR id is nobody's: the check digits are right. */
export const organisation = {
  name: 'University of Example',
  ror: 'https://ror.org/0c0nc0r64',
  city: 'Exampleton',
  region: null,
  country: 'GB',
}

/** The whole configuration of a portal that uses a local registry. */
export function portalEnv({ databaseUrl, port, registry, secrets, env = {} }: PortalSettings): Record<string, string> {
  return {
    ...bareEnv(),
    NEXT_TELEMETRY_DISABLED: '1',
    PORT: String(port),
    HOSTNAME: '127.0.0.1',
    DATABASE_URL: databaseUrl,
    NEXTAUTH_URL: portalUrl(port),
    NEXTAUTH_SECRET: secrets.sessionSecret,
    TOKEN_KEYS: secrets.tokenKeys,
    ORCID_REGISTRY: 'local',
    ORCID_ISSUER: registry.url,
    ORCID_API_URL: `${registry.url}${env.ORCID_API === 'public' ? '/pub' : ''}/v3.0`,
    ORCID_CLIENT_ID: registry.clientId,
    ORCID_CLIENT_SECRET: registry.clientSecret,
    DRAIN_SECONDS: '0',
    INSTITUTION_NAME: organisation.name,
    INSTITUTION_URL: 'https://www.example.org',
    INSTITUTION_ROR: organisation.ror,
    INSTITUTION_CITY: organisation.city,
    INSTITUTION_COUNTRY: organisation.country,
    SUPPORT_EMAIL: 'orcid-help@example.org',
    PRIVACY_URL: 'https://www.example.org/privacy',
    ACCESSIBILITY_URL: 'https://www.example.org/accessibility',
    ...env,
  }
}

/** What `npm start` loads before the server as well. */
const requestHeaders = join(root, 'scripts', 'request-headers.mjs')

/** Starts the production build and resolves once it says that it is ready. */
export async function startBuiltPortal(
  settings: PortalSettings,
  onLine?: (line: string) => void,
): Promise<RunningProcess> {
  const { standalone = join(root, '.next', 'standalone') } = settings
  const server = join(standalone, 'server.js')
  if (!existsSync(server)) throw new Error('The portal is not built: npm run build')
  const env = { ...portalEnv(settings), NODE_ENV: 'production' }
  const portal = startProcess({
    name: 'The portal',
    // As `npm start` and the image.
    args: ['--max-semi-space-size=4', '--heap-growing-percent=20', '--import', requestHeaders, server],
    env,
    cwd: standalone,
    onLine,
  })
  return whenReady(portal, settings.port)
}

/** Starts Next.js in development mode, which compiles as pages are asked for. */
export async function startDevelopmentPortal(
  settings: PortalSettings,
  onLine: (line: string) => void,
): Promise<RunningProcess> {
  const next = join(root, 'node_modules', 'next', 'dist', 'bin', 'next')
  const args = [next, 'dev', '--port', String(settings.port), '--hostname', '127.0.0.1']
  // Next.js starts its server in another process, which inherits these.
  const NODE_OPTIONS = `--import=${pathToFileURL(requestHeaders)}`
  const env = {
    ...portalEnv(settings),
    NODE_ENV: 'development',
    NODE_OPTIONS,
    FORCE_COLOR: process.stdout.isTTY ? '1' : '0',
  }
  return whenReady(startProcess({ name: 'The portal', args, env, onLine }), settings.port)
}

async function whenReady(portal: RunningProcess, port: number): Promise<RunningProcess> {
  try {
    await waitUntilReady(portal, `${portalUrl(port)}/api/health/ready`)
    return portal
  } catch (error) {
    await portal.kill()
    throw error
  }
}
