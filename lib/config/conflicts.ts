import type { Variables } from '@/lib/config/env-variables'
import type { Fault } from '@/lib/config/fault'
import { findMailConflicts } from '@/lib/config/mail-variables'
import { mends } from '@/lib/config/mends'
import { findNearest } from '@/lib/config/nearest'
import { hosts } from '@/lib/config/registries'
import { askableScopes, findScope, parseScopes, SCOPES } from '@/lib/orcid/scopes'

/** The variables that can be read. Others have a fault of their own, and are no reason to hide these. */
type Readable = Partial<Variables>

/** Faults that only several variables together show. */
export function findConflicts(values: Readable): Fault[] {
  return [
    ...portalFaults(values),
    ...logoFaults(values),
    ...registryFaults(values, 'ORCID_ISSUER'),
    ...registryFaults(values, 'ORCID_API_URL'),
    ...secretFaults(values),
    ...scopeFaults(values),
    ...withdrawalFaults(values),
    ...secondFactorFaults(values),
    ...findMailConflicts(values).map(([variable, fault, mend]) => ({ variable, fault, mend })),
  ]
}

const isLoopback = (url: URL) => ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)

// Reserved names (RFC 2606, 6761, 6762, 8375, 9476) and addresses (RFC 1918, 3927, 4193, 4291).
const privateHosts = [
  /^[^.:]+$/,
  /(^|\.)(localhost|local|internal|test|example|invalid|home\.arpa|lan|example\.(com|net|org))$/,
  /^(127|10)\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.|^169\.254\./,
  /^\[(::1|f[cd][\da-f]{2}:.*|fe[89ab][\da-f]:.*)\]$/,
]
const isPrivate = ({ hostname }: URL) => privateHosts.some((pattern) => pattern.test(hostname))

function portalFaults({ NEXTAUTH_URL: address, ORCID_REGISTRY: registry }: Readable): Fault[] {
  if (!address) return []
  const faults: Fault[] = []
  const add = (fault: string, mend: string) => faults.push({ variable: 'NEXTAUTH_URL', fault, mend })
  const portal = new URL(address)
  if (portal.username || portal.password) add('has user information', `write ${portal.protocol}//${portal.host}`)
  if (portal.pathname !== '/' || portal.search || portal.hash)
    add('has a path, a query or a fragment', `write ${portal.origin}`)
  if (portal.protocol === 'http:' && (registry === 'production' || !isLoopback(portal))) {
    const mend = 'begin it with https://; http is for a loopback address, and not with the production registry'
    add('begins with http://', mend)
  }
  if (registry === 'local' && !isPrivate(portal)) {
    const mend = 'take ORCID_REGISTRY=production or sandbox; at the local registry anybody can be anybody'
    add('is a public address, and ORCID_REGISTRY=local', mend)
  }
  return faults
}

function logoFaults({ INSTITUTION_LOGO: logo, INSTITUTION_LOGO_DARK: dark }: Readable): Fault[] {
  if (!dark || logo) return []
  const mend = 'write the logo for light pages there, or leave this one empty'
  return [{ variable: 'INSTITUTION_LOGO_DARK', fault: 'is given without INSTITUTION_LOGO', mend }]
}

function registryFaults(values: Readable, variable: 'ORCID_ISSUER' | 'ORCID_API_URL'): Fault[] {
  const { ORCID_REGISTRY: registry, ORCID_API: api } = values
  const address = values[variable]
  const fault = (text: string, mend: string = mends[variable]): Fault[] => [{ variable, fault: text, mend }]
  if (!address)
    return registry === 'local' ? fault('is missing', 'write the address: ORCID_REGISTRY=local has no default') : []
  const url = new URL(address)
  if (url.username || url.password) return fault('has user information', 'write the address without it')
  if (url.search || url.hash) return fault('has a query or a fragment', 'write the address without it')
  if (variable === 'ORCID_ISSUER' && url.pathname !== '/') return fault('has a path', `write ${url.origin}`)
  const owner = findOwner(url)
  if (registry && owner && owner !== registry)
    return fault(`is of the ${owner} registry, and ORCID_REGISTRY=${registry}`)
  if (registry === 'production' || registry === 'sandbox') {
    const own = variable === 'ORCID_ISSUER' ? hosts[registry].issuer : api && hosts[registry][api]
    if (!own || address.replace(/\/$/, '') === own) return []
    const isOtherApi = address === hosts[registry].member || address === hosts[registry].public
    const text = isOtherApi ? `is not the API of ORCID_API=${api}` : `is not an address of ORCID_REGISTRY=${registry}`
    return fault(text, `leave it empty, which means ${own}`)
  }
  if (registry === 'local' && url.protocol === 'http:' && !isLoopback(url))
    return fault('begins with http://', 'begin it with https://; http is for a loopback address')
  return []
}

function findOwner({ hostname }: URL): 'production' | 'sandbox' | null {
  if (/(^|\.)sandbox\.orcid\.org$/.test(hostname)) return 'sandbox'
  return /(^|\.)orcid\.org$/.test(hostname) ? 'production' : null
}

function withdrawalFaults({ ORCID_REGISTRY: registry, CONFIRM_WITHDRAWAL_HOURS: hours = 24 }: Readable): Fault[] {
  if (!registry || registry === 'local' || hours >= 24) return []
  const mend = 'write 24 or more; fewer hours are for ORCID_REGISTRY=local'
  return [{ variable: 'CONFIRM_WITHDRAWAL_HOURS', fault: 'is less than 24', mend }]
}

/** ORCID tells clients of the Public API nothing of second factors: nobody could use the staff pages. */
function secondFactorFaults({ REQUIRE_STAFF_MFA: required, ORCID_API: api }: Readable): Fault[] {
  if (required !== 'yes' || api !== 'public') return []
  const mend = 'write no; ORCID says only to clients of the Member API whether a sign-in had a second factor'
  return [{ variable: 'REQUIRE_STAFF_MFA', fault: 'is yes, and ORCID_API=public', mend }]
}

/** Each secret opens one thing: whoever learns one must not have another. */
function secretFaults(values: Readable): Fault[] {
  const secrets: [variable: keyof Variables, secret: string | undefined][] = [
    // ORCID made this one: it is the other that has to change.
    ['ORCID_CLIENT_SECRET', values.ORCID_CLIENT_SECRET],
    ['NEXTAUTH_SECRET', values.NEXTAUTH_SECRET],
    ['NEXTAUTH_SECRET_PREVIOUS', values.NEXTAUTH_SECRET_PREVIOUS],
    ...(values.TOKEN_KEYS ?? []).map(({ key }): ['TOKEN_KEYS', string] => ['TOKEN_KEYS', key.toString('base64')]),
    ['METRICS_TOKEN', values.METRICS_TOKEN],
    ['CRON_SECRET', values.CRON_SECRET],
    ['MAIL_WEBHOOK_SECRET', values.MAIL_WEBHOOK_SECRET],
  ]
  const firstWith = new Map<string, string>()
  return secrets.flatMap(([variable, secret]) => {
    if (!secret) return []
    const canonical = secret.replace(/-/g, '+').replace(/_/g, '/').replace(/=+$/, '')
    const first = firstWith.get(canonical)
    if (!first) firstWith.set(canonical, variable)
    // A key under two ids is a fault of TOKEN_KEYS itself.
    return first && first !== variable ? [{ variable, fault: `is the same as ${first}`, mend: mends[variable] }] : []
  })
}

function scopeFaults({ ORCID_SCOPES: text = '', ORCID_API: api }: Readable): Fault[] {
  if (!api) return []
  const askable = askableScopes(api)
  return parseScopes(text)
    .filter((name) => !askable.includes(name))
    .map((name) => ({ variable: 'ORCID_SCOPES', ...scopeFault(name, api) }))
}

function scopeFault(name: string, api: 'member' | 'public'): { fault: string; mend: string } {
  const shown = name.slice(0, 60)
  const known = findScope(name)
  if (known?.replacement) return { fault: `${shown} is out of use`, mend: `write ${known.replacement}` }
  if (known) return { fault: `${shown} may not be asked for with ${api} credentials`, mend: 'leave it out' }
  const nearest = findNearest(
    name,
    SCOPES.filter(({ deprecated }) => !deprecated).map(({ scope }) => scope),
    Math.min(4, name.length / 3),
  )
  const mend = nearest ? `did you mean ${nearest}?` : `leave it out; these exist: ${askableScopes(api).join(' ')}`
  return { fault: `${shown} is unknown`, mend }
}
