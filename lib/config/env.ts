import { readFileSync } from 'node:fs'
import { type Variables, variables } from '@/lib/config/env-variables'
import { proxyFor } from '@/lib/config/outward-proxy'
import { institution } from '@/lib/institution'
import { askableScopes, parseScopes } from '@/lib/orcid/scopes'

type Registry = 'production' | 'sandbox' | 'local'

const hosts = {
  production: {
    issuer: 'https://orcid.org',
    member: 'https://api.orcid.org/v3.0',
    public: 'https://pub.orcid.org/v3.0',
  },
  sandbox: {
    issuer: 'https://sandbox.orcid.org',
    member: 'https://api.sandbox.orcid.org/v3.0',
    public: 'https://pub.sandbox.orcid.org/v3.0',
  },
} as const

const isLoopback = (url: URL) => ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)

export type Fault = { variable: string; fault: string }

export type Env = ReturnType<typeof toEnv>

function toEnv(v: Variables) {
  const registry: Registry = v.ORCID_REGISTRY
  const known = registry === 'local' ? null : hosts[registry]
  const portal = new URL(v.NEXTAUTH_URL)
  const issuer = (v.ORCID_ISSUER ?? known?.issuer ?? '').replace(/\/$/, '')
  const apiUrl = v.ORCID_API_URL ?? known?.[v.ORCID_API] ?? ''
  return {
    databaseUrl: v.DATABASE_URL,
    /** For the job queue, where `databaseUrl` leads to a pooler that keeps no session. */
    workerDatabaseUrl: v.WORKER_DATABASE_URL,
    origin: portal.origin,
    secureCookies: portal.protocol === 'https:',
    /** The first secret encrypts cookies; all of them decrypt. */
    sessionSecrets: [v.NEXTAUTH_SECRET, ...(v.NEXTAUTH_SECRET_PREVIOUS ? [v.NEXTAUTH_SECRET_PREVIOUS] : [])] as const,
    orcid: {
      registry,
      issuer,
      apiUrl,
      issuerProxy: proxyFor(issuer, v.HTTPS_PROXY, v.NO_PROXY),
      apiProxy: proxyFor(apiUrl, v.HTTPS_PROXY, v.NO_PROXY),
      clientId: v.ORCID_CLIENT_ID,
      clientSecret: v.ORCID_CLIENT_SECRET,
      retiredClients: v.ORCID_RETIRED_CLIENTS,
      redirectUri: `${portal.origin}/api/auth/callback/orcid`,
      /** `public` credentials read public data and write nothing. */
      api: v.ORCID_API,
      /** Always include `openid`, because the id_token proves the person's iD. */
      scopes: parseScopes(`openid ${v.ORCID_SCOPES ?? defaultScopes[v.ORCID_API]}`),
    },
    tokenKeys: v.TOKEN_KEYS,
    staffAdmins: v.STAFF_ADMINS,
    /** The period in which ORCID is asked about every live grant. */
    checkEveryMs: v.CHECK_EVERY_DAYS * 86_400_000,
    /** ORCID must refuse a token for this long before it counts as withdrawn. */
    confirmWithdrawalMs: v.CONFIRM_WITHDRAWAL_HOURS * 3_600_000,
    recordCacheMs: v.RECORD_CACHE_MINUTES * 60_000,
    worker: v.WORKER,
    trustedProxies: v.TRUSTED_PROXIES,
    rateLimits: v.RATE_LIMITS,
    institution: {
      name: v.INSTITUTION_NAME,
      url: v.INSTITUTION_URL,
      accent: v.INSTITUTION_ACCENT,
      timeZone: v.INSTITUTION_TIME_ZONE,
      /** Required for writing to records, except the region. */
      ror: v.INSTITUTION_ROR,
      city: v.INSTITUTION_CITY,
      region: v.INSTITUTION_REGION,
      country: v.INSTITUTION_COUNTRY,
      supportEmail: v.SUPPORT_EMAIL,
      privacyUrl: v.PRIVACY_URL,
      accessibilityUrl: v.ACCESSIBILITY_URL,
    },
    textsDir: v.TEXTS_DIR,
    /** Outside the database, so that a restore cannot undo it. */
    ledgerFile: v.LEDGER_FILE,
    metricsToken: v.METRICS_TOKEN,
    cronSecret: v.CRON_SECRET,
    logLevel: v.LOG_LEVEL,
  }
}

const defaultScopes = { member: '/read-limited /activities/update /person/update', public: '' } as const

/** Checks across variables. */
function findConflicts(v: Variables): Fault[] {
  const faults: Fault[] = []
  const add = (variable: string, fault: string) => faults.push({ variable, fault })
  const portal = new URL(v.NEXTAUTH_URL)
  const local = v.ORCID_REGISTRY === 'local'
  if (v.NEXTAUTH_SECRET === v.NEXTAUTH_SECRET_PREVIOUS)
    add('NEXTAUTH_SECRET_PREVIOUS', 'is the same as NEXTAUTH_SECRET')
  if (portal.pathname !== '/' || portal.search || portal.hash) add('NEXTAUTH_URL', 'must be an origin, without a path')
  if (portal.protocol === 'http:' && (v.ORCID_REGISTRY === 'production' || !isLoopback(portal))) {
    add(
      'NEXTAUTH_URL',
      'must begin with https:// (http is for a loopback address, and not with the production registry)',
    )
  }
  for (const variable of ['ORCID_ISSUER', 'ORCID_API_URL'] as const) {
    const value = v[variable]
    if (local && !value) add(variable, 'is missing: with ORCID_REGISTRY=local it has no default')
    if (value?.startsWith('http:') && !(local && isLoopback(new URL(value)))) {
      add(variable, 'must begin with https:// (http is for a loopback address with ORCID_REGISTRY=local)')
    }
  }
  if (!local && v.CONFIRM_WITHDRAWAL_HOURS < 24)
    add('CONFIRM_WITHDRAWAL_HOURS', 'is less than 24 (fewer hours are for ORCID_REGISTRY=local)')
  const askable = askableScopes(v.ORCID_API)
  for (const scope of parseScopes(v.ORCID_SCOPES ?? '')) {
    if (!askable.includes(scope))
      add('ORCID_SCOPES', `${scope.slice(0, 60)} may not be asked for with ${v.ORCID_API} credentials`)
  }
  return faults
}

/** `NAME_FILE` names a file with the value of `NAME`. */
function withFiles(source: Record<string, string | undefined>, faults: Fault[]): Record<string, string | undefined> {
  const values: Record<string, string | undefined> = {}
  for (const name of Object.keys(variables.shape)) {
    const file = source[`${name}_FILE`]
    values[name] = source[name] === '' ? undefined : source[name]
    if (!file) continue
    try {
      values[name] = readFileSync(file, 'utf8').trim()
    } catch {
      faults.push({ variable: `${name}_FILE`, fault: 'names a file that cannot be read' })
    }
  }
  return values
}

/** Reports all faults at once. A fault never repeats a value that may be secret. */
export function parseEnv(source: Record<string, string | undefined> = process.env): { env: Env } | { faults: Fault[] } {
  const faults: Fault[] = []
  const parsed = variables.safeParse(withFiles(source, faults))
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const variable = String(issue.path[0])
      if (!faults.some((fault) => [variable, `${variable}_FILE`].includes(fault.variable)))
        faults.push({ variable, fault: issue.message })
    }
  } else faults.push(...findConflicts(parsed.data))
  return parsed.success && faults.length === 0 ? { env: toEnv(parsed.data) } : { faults }
}

/** Formats a table for a terminal. */
export function formatFaults(faults: readonly Fault[]): string {
  const width = Math.max(...faults.map(({ variable }) => variable.length))
  const rows = faults.map(({ variable, fault }) => `  ${variable.padEnd(width)}  ${fault}`)
  return [
    'Concord cannot start: the configuration has faults.',
    '',
    ...rows,
    '',
    'See .env.example and README.md.',
  ].join('\n')
}

declare module '@/lib/institution' {
  interface Institution {
    env?: Env
  }
}

/** Parses the environment once per process. */
export function env(): Env {
  const known = institution().env
  if (known) return known
  const result = parseEnv()
  if ('faults' in result) throw new Error(formatFaults(result.faults))
  institution().env = result.env
  return result.env
}
