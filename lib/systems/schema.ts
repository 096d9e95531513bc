import { z } from 'zod'
import { systemRights } from '@/lib/actor'
import { personKinds } from '@/lib/people/person'
import type { SystemChange, SystemEntry } from '@/lib/systems/commands'
import { parseNetwork } from '@/lib/systems/network'
import { operators } from '@/lib/systems/system'
import { findNeededScope, listScopesOf } from '@/lib/texts/system-use'
import { rightKey, scopeKey } from '@/lib/texts/text'

/** The form of a system as it was typed, by the names of its fields. */
export type TypedSystem = Record<string, string>

export const systemFaultCodes = [
  'missing',
  'too_long',
  'bad_characters',
  'not_a_date',
  'not_a_number',
  'not_a_network',
  'no_proxies',
  'unknown_department',
  'no_right',
  'member_delegates',
  'scope_needed',
  'not_a_client',
] as const
export type SystemFaultCode = (typeof systemFaultCodes)[number]
/** `about`: the rights that need a scope, or the departments that nobody is in. */
export type SystemFault = { field: string; code: SystemFaultCode; about?: string[] }

export const purposeField = (locale: string) => `purpose-${locale}`
export const rightField = (right: (typeof systemRights)[number]) => `right-${rightKey(right)}`
export const scopeField = (scope: string) => `scope-${scopeKey(scope)}`
export const kindField = (kind: string) => `kind-${kind}`

export const perMinuteMax = 6_000
const textMax = { name: 100, contact: 200, processorName: 200, receiver: 40, purpose: 400, lines: 4_000 }

// Old clients have an id that looks like an iD.
const clientId = /^(APP-[A-Z0-9]{16}|\d{4}-\d{4}-\d{4}-\d{3}[\dX])$/

/** What PostgreSQL cannot keep is shown as a replacement character, which is a fault. */
const cleanText = (text: string) => text.replace(/[\0\p{Cs}]/gu, '\ufffd')

/** Names of our fields are letters and hyphens. Departments are in as many fields as one likes; of another, the last one counts. */
export const typedSystem = z.record(z.string().max(100), z.union([z.string(), z.array(z.string())])).transform(
  (fields): TypedSystem =>
    Object.fromEntries(
      Object.entries(fields)
        .filter(([name]) => /^[a-z-]+$/i.test(name))
        .map(([name, value]) => [name, cleanText(toText(name, value))]),
    ),
)

function toText(name: string, value: string | string[]): string {
  if (typeof value === 'string') return value
  return name === 'departments' ? value.filter(Boolean).join('\n') : (value.at(-1) ?? '')
}

// A line break is a line break here, and nothing else that cannot be seen.
const hasControls = (text: string) => /[^\P{Cc}\n\t]|[\p{Cs}\u2028\u2029\ufffd]/u.test(text)

type Offered = { languages: readonly string[]; scopes: readonly string[]; hasProxies: boolean }

/** Parses the form. Every fault is at its field. */
export function parseSystem(
  typed: TypedSystem,
  { languages, scopes: offered, hasProxies }: Offered,
): { entry: SystemEntry & SystemChange } | { faults: SystemFault[]; departments: string[] } {
  const faults: SystemFault[] = []
  const add = (field: string, code: SystemFaultCode) => faults.push({ field, code })
  const read = (field: string, charsMax: number, isNeeded = true): string => {
    const text = (typed[field] ?? '').replaceAll('\r\n', '\n').normalize('NFC').trim()
    if (text.length > charsMax) add(field, 'too_long')
    else if (hasControls(text)) add(field, 'bad_characters')
    else if (isNeeded && text === '') add(field, 'missing')
    return text
  }
  const readLines = (field: string) => {
    const lines = read(field, textMax.lines, false).split('\n')
    return [...new Set(lines.map((line) => line.trim()).filter(Boolean))]
  }
  const readDay = (field: string, isNeeded = false): string | null => {
    const text = (typed[field] ?? '').trim()
    if (text === '' && isNeeded) add(field, 'missing')
    if (text === '') return null
    if (z.iso.date().safeParse(text).success && text >= '2000' && text < '3000') return text
    add(field, 'not_a_date')
    return null
  }
  const readReceiver = (): string => {
    const text = read('receiver', textMax.receiver)
    if (text !== '' && !clientId.test(text)) add('receiver', 'not_a_client')
    return text
  }
  const isChecked = (field: string) => typed[field] === 'yes'
  const operator = operators.find((each) => each === typed.operator) ?? 'institution'
  const isOurs = operator === 'institution'
  const perMinute = /^\d{1,5}$/.test(typed.perMinute?.trim() ?? '') ? Number(typed.perMinute) : 0
  if (perMinute < 1 || perMinute > perMinuteMax) add('perMinute', 'not_a_number')
  const networks = readLines('networks')
  if (networks.some((network) => !parseNetwork(network))) add('networks', 'not_a_network')
  else if (networks.length > 0 && !hasProxies) add('networks', 'no_proxies')
  const rights = systemRights.filter((right) => isChecked(rightField(right)))
  const scopes = offered.filter((scope) => isChecked(scopeField(scope)))
  if (rights.length === 0) add('rights', 'no_right')
  if (operator === 'member' && rights.some((right) => right !== 'token:delegate')) add('rights', 'member_delegates')
  const lacking = rights.filter((right) => listScopesOf(right, scopes).length === 0)
  if (lacking.length > 0) faults.push({ field: 'scopes', code: 'scope_needed', about: lacking })
  const departments = readLines('departments')
  const entry = {
    name: read('name', textMax.name),
    contact: read('contact', textMax.contact),
    operator,
    processorName: isOurs ? null : read('processorName', textMax.processorName),
    contractOn: operator === 'processor' ? readDay('contractOn', true) : null,
    networks,
    perMinute,
    expiresOn: readDay('expiresOn'),
    receiver: rights.includes('token:delegate') ? readReceiver() : null,
    purpose: Object.fromEntries(languages.map((locale) => [locale, read(purposeField(locale), textMax.purpose)])),
    rights,
    // Scopes that no right uses would be power without a purpose.
    scopes: scopes.filter((scope) => rights.some((right) => isUsed(right, scope, scopes))),
    departments,
    kinds: personKinds.filter((kind) => isChecked(kindField(kind))),
    isSamePurpose: isChecked('samePurpose'),
  }
  return faults.length > 0 ? { faults, departments } : { entry }
}

const isUsed = (right: (typeof systemRights)[number], scope: string, scopes: readonly string[]) =>
  (right === 'token:delegate' || findNeededScope(right) !== null) && listScopesOf(right, scopes).includes(scope)

/** A system as its form has it. */
export function toTypedSystem(system: SystemEntry): TypedSystem {
  const { name, contact, operator, processorName, contractOn, networks, perMinute, expiresOn, departments } = system
  const typed: TypedSystem = {
    name,
    contact,
    operator,
    processorName: processorName ?? '',
    contractOn: contractOn ?? '',
    networks: networks.join('\n'),
    perMinute: String(perMinute),
    expiresOn: expiresOn ?? '',
    receiver: system.receiver ?? '',
    departments: departments.join('\n'),
  }
  for (const [locale, text] of Object.entries(system.purpose)) typed[purposeField(locale)] = text
  for (const right of system.rights) typed[rightField(right)] = 'yes'
  for (const scope of system.scopes) typed[scopeField(scope)] = 'yes'
  for (const kind of system.kinds) typed[kindField(kind)] = 'yes'
  return typed
}
