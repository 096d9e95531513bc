import { existsSync, readFileSync } from 'node:fs'
import { findConflicts } from '@/lib/config/conflicts'
import { findFileDoubts, findNameDoubts, listNames } from '@/lib/config/doubts'
import { type Variables, variables } from '@/lib/config/env-variables'
import { type Fault, formatFaults } from '@/lib/config/fault'
import { toMailSettings } from '@/lib/config/mail-variables'
import { mends } from '@/lib/config/mends'
import { proxyFor } from '@/lib/config/outward-proxy'
import { hosts } from '@/lib/config/registries'
import { findSetBy, type SettingValues, settableVariables, settings } from '@/lib/config/settings'
import { institution } from '@/lib/institution'
import { parseScopes } from '@/lib/orcid/scopes'

type Registry = 'production' | 'sandbox' | 'local'

export type Env = ReturnType<typeof toEnv>

function toEnv(v: Variables) {
  const registry: Registry = v.ORCID_REGISTRY
  const known = registry === 'local' ? null : hosts[registry]
  const portal = new URL(v.NEXTAUTH_URL)
  const issuer = (v.ORCID_ISSUER ?? known?.issuer ?? '').replace(/\/$/, '')
  const apiUrl = v.ORCID_API_URL ?? known?.[v.ORCID_API] ?? ''
  const supportEmail = v.SUPPORT_EMAIL ?? `postmaster@${portal.hostname}`
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
    /** `allowedNetworks`: private ones that webhooks may reach. */
    webhooks: { allowedNetworks: v.WEBHOOK_ALLOWED_NETWORKS, proxy: v.HTTPS_PROXY, noProxy: v.NO_PROXY },
    tokenKeys: v.TOKEN_KEYS,
    staffAdmins: v.STAFF_ADMINS,
    /** Staff pages need a sign-in with a second factor. */
    requireStaffMfa: v.REQUIRE_STAFF_MFA === 'yes',
    /** The period in which ORCID is asked about every live grant. */
    checkEveryMs: v.CHECK_EVERY_DAYS * 86_400_000,
    /** ORCID must refuse a token for this long before it counts as withdrawn. */
    confirmWithdrawalMs: v.CONFIRM_WITHDRAWAL_HOURS * 3_600_000,
    recordCacheMs: v.RECORD_CACHE_MINUTES * 60_000,
    /** Whether departments are shown beside one another. */
    comparesDepartments: v.COMPARE_DEPARTMENTS === 'yes',
    /** Whether systems may also ask as Stanford's MaIS is asked. */
    maisApi: v.MAIS_API === 'yes',
    /** What is done when somebody's last day is over. */
    leavers: { steps: v.LEAVERS, pauseDays: v.LEAVERS_PAUSE_DAYS, keepMonths: v.LEAVERS_KEEP_MONTHS },
    worker: v.WORKER,
    trustedProxies: v.TRUSTED_PROXIES,
    /** After SIGTERM a portal serves for so long, and says that it is not ready. */
    drainMs: v.DRAIN_SECONDS * 1_000,
    rateLimits: v.RATE_LIMITS,
    institution: {
      name: v.INSTITUTION_NAME ?? portal.hostname,
      /** For narrow pages and for tabs. */
      shortName: v.INSTITUTION_SHORT_NAME ?? v.INSTITUTION_NAME ?? portal.hostname,
      /** Nobody is asked for anything before they know who asks and whom to write to. */
      isReady: Boolean(v.INSTITUTION_NAME && v.SUPPORT_EMAIL),
      url: v.INSTITUTION_URL,
      accent: v.INSTITUTION_ACCENT,
      logo: v.INSTITUTION_LOGO,
      logoDark: v.INSTITUTION_LOGO_DARK,
      /** The languages that are offered. The first is for people who accept none of them. */
      languages: v.INSTITUTION_LANGUAGES,
      timeZone: v.INSTITUTION_TIME_ZONE,
      /** Required for writing to records, except the region. */
      ror: v.INSTITUTION_ROR,
      city: v.INSTITUTION_CITY,
      region: v.INSTITUTION_REGION,
      country: v.INSTITUTION_COUNTRY,
      /** In lower case. Each counts with all below it. */
      emailDomains: v.INSTITUTION_EMAIL_DOMAINS,
      supportEmail,
      privacyUrl: v.PRIVACY_URL,
      accessibilityUrl: v.ACCESSIBILITY_URL,
    },
    /** Null: no mail is sent, and everything else works. */
    mail: toMailSettings({ ...v, SUPPORT_EMAIL: supportEmail }),
    /** For so many days a personal link leads to ORCID. */
    invitationDays: v.INVITATION_DAYS,
    textsDir: v.TEXTS_DIR,
    /** Outside the database, so that a restore cannot undo it. */
    ledgerFile: v.LEDGER_FILE,
    /** Files on a timetable go below it. */
    exportFolder: v.EXPORT_FOLDER,
    metricsToken: v.METRICS_TOKEN,
    cronSecret: v.CRON_SECRET,
    logLevel: v.LOG_LEVEL,
  }
}

const defaultScopes = { member: '/read-limited /activities/update /person/update', public: '' } as const

type Source = Record<string, string | undefined>

/** `NAME_FILE` names a file with the value of `NAME`. */
function withFiles(source: Source, faults: Fault[]): Source {
  const values: Record<string, string | undefined> = {}
  for (const name of Object.keys(variables.shape)) {
    const file = source[`${name}_FILE`]
    values[name] = source[name] === '' ? undefined : source[name]
    if (!file) continue
    try {
      values[name] = readFileSync(file, 'utf8').trim()
    } catch {
      faults.push({
        variable: `${name}_FILE`,
        fault: 'names a file that cannot be read',
        mend: 'write the path of a file that this process may read',
      })
    }
  }
  return values
}

/** What the environment leaves to the settings page, from there. */
const withSettings = (source: Source, values: SettingValues): Source => {
  const left = settableVariables.filter((name) => !findSetBy(name, source))
  return { ...source, ...Object.fromEntries(left.map((name) => [name, values[name]])) }
}

/** Reports all faults at once. A fault never repeats a value that may be secret. */
export function parseEnv(source: Source = process.env, values: SettingValues = {}): { env: Env } | { faults: Fault[] } {
  const faults: Fault[] = []
  const given = withFiles(withSettings(source, values), faults)
  const parsed = variables.safeParse(given)
  if (parsed.success) {
    faults.push(...findConflicts(parsed.data))
    return faults.length === 0 ? { env: toEnv(parsed.data) } : { faults: inOrder(faults) }
  }
  for (const issue of parsed.error.issues) {
    const variable = issue.path[0] as keyof Variables
    if (!faults.some((fault) => fault.variable === `${variable}_FILE`))
      faults.push({ variable, fault: issue.message, mend: mends[variable] })
  }
  return { faults: inOrder([...faults, ...findConflicts(readEach(given))]) }
}

/** As .env.example has the variables, so that all faults of one stand together. */
function inOrder(faults: readonly Fault[]): Fault[] {
  const names = Object.keys(variables.shape)
  const placeOf = ({ variable }: Fault) =>
    names.indexOf(variable === 'LEDGER_FILE' ? variable : variable.replace(/_FILE$/, ''))
  return faults.toSorted((one, other) => placeOf(one) - placeOf(other))
}

/** The variables that can be read although others cannot. */
function readEach(given: Record<string, string | undefined>): Partial<Variables> {
  const entries = Object.entries(variables.shape).map(([name, shape]) => [name, shape.safeParse(given[name]).data])
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

/** What may be a mistake, and is no reason not to start. `npm start` says where the `.env` is that it has read. */
export function listDoubts(source: Record<string, string | undefined> = process.env): Fault[] {
  const file = source.CONCORD_ENV_FILE ?? '.env'
  // Next.js would take every file of the project for one that may be read.
  const isThere = existsSync(/*turbopackIgnore: true*/ file)
  const text = isThere ? readFileSync(/*turbopackIgnore: true*/ file, 'utf8') : ''
  const names = [...Object.keys(source), ...listNames(text)]
  return [...findFileDoubts(text), ...findNameDoubts(names, Object.keys(variables.shape))]
}

declare module '@/lib/institution' {
  interface Institution {
    env?: Env
  }
}

/** The settings that cannot be used, such as what an older version allowed or the environment now contradicts. */
export function findUnusable(values: SettingValues, source: Source = process.env): string[] {
  const result = parseEnv(source, values)
  if ('env' in result) return []
  const names = result.faults.map(({ variable }) => variable).filter((name) => name in values)
  if (names.length === 0) return []
  return [...names, ...findUnusable(without(values, names), source)]
}

const without = (values: SettingValues, names: readonly string[]): SettingValues =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)))

/** The environment with the settings, parsed when the process starts and when a setting changes. */
export function env(): Env {
  const known = institution().env
  if (known) return known
  const { values } = settings()
  const result = parseEnv(process.env, without(values, findUnusable(values)))
  if ('faults' in result) throw new Error(formatFaults(result.faults))
  institution().env = result.env
  return result.env
}
