import { z } from 'zod'
import { parseDnTemplate } from '@/lib/exports/dn'
import { planEvery, planFormats, planPlaces } from '@/lib/exports/plan'
import { readRecipient } from '@/lib/exports/recipient'

export const planFields = [
  'format',
  'dn',
  'every',
  'weekday',
  'hour',
  'place',
  'host',
  'port',
  'username',
  'path',
  'recipient',
] as const
export type PlanField = (typeof planFields)[number]
export type TypedPlan = Partial<Record<PlanField, string>>

export const planFaultCodes = [
  'choose',
  'dn',
  'missing',
  'port',
  'path',
  'host',
  'username',
  'no_folder',
  'not_a_key',
  'private_key',
  'unusable_key',
] as const
export type PlanFault = { field: PlanField; code: (typeof planFaultCodes)[number] }

export type PlanEntry = {
  format: (typeof planFormats)[number]
  dn: string | null
  every: (typeof planEvery)[number]
  weekday: number | null
  hour: number
  place: (typeof planPlaces)[number]
  host: string | null
  port: number | null
  username: string | null
  path: string | null
  recipient: string | null
}

const typed = z.string().max(20_000).optional()

/** The form as it is sent. */
export const typedPlan = z.object({
  system: z.uuid(),
  plan: z.uuid().optional(),
  ...Object.fromEntries(planFields.map((field) => [field, typed])),
}) as unknown as z.ZodType<TypedPlan & { system: string; plan?: string }>

const hostPattern = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$|^[0-9a-f:]+$/i

/** A plan as somebody typed it, or all that is wrong with it. */
export async function parsePlan(
  sent: TypedPlan,
  { hasFolder }: { hasFolder: boolean },
): Promise<{ entry: PlanEntry } | { faults: PlanFault[] }> {
  const faults: PlanFault[] = []
  const add = (field: PlanField, code: PlanFault['code']) => faults.push({ field, code })
  const text = (field: PlanField) => sent[field]?.trim() ?? ''
  const choose = <Value extends string>(field: PlanField, options: readonly Value[]): Value => {
    const found = options.find((option) => option === text(field))
    if (!found) add(field, 'choose')
    return found ?? (options[0] as Value)
  }
  const whole = (field: PlanField, least: number, most: number, code: PlanFault['code']) => {
    const value = /^\d{1,5}$/.test(text(field)) ? Number(text(field)) : -1
    if (value < least || value > most) add(field, code)
    return value
  }
  const match = (field: PlanField, pattern: RegExp, code: PlanFault['code']) => {
    if (!text(field)) add(field, 'missing')
    else if (!pattern.test(text(field))) add(field, code)
    return text(field)
  }
  const format = choose('format', planFormats)
  if (format === 'ldif' && !parseDnTemplate(text('dn'))) add('dn', 'dn')
  const every = choose('every', planEvery)
  const place = choose('place', planPlaces)
  if (place === 'folder' && !hasFolder) add('place', 'no_folder')
  const isSftp = place === 'sftp'
  const read = text('recipient') ? await readRecipient(text('recipient')) : { recipient: null }
  if ('fault' in read) add('recipient', read.fault)
  const entry: PlanEntry = {
    format,
    dn: format === 'ldif' ? text('dn') : null,
    every,
    weekday: every === 'weekly' ? whole('weekday', 1, 7, 'choose') : null,
    hour: whole('hour', 0, 23, 'choose'),
    place,
    host: isSftp ? match('host', hostPattern, 'host').toLowerCase() : null,
    port: isSftp ? whole('port', 1, 65_535, 'port') : null,
    username: isSftp ? match('username', /^[\w.@-]{1,100}$/, 'username') : null,
    // No step upwards: what a receiver reads in the form is where the file is.
    path: isSftp ? match('path', /^(?!.*(^|\/)\.\.(\/|$))[^\p{Cc}]{1,500}$/u, 'path') : null,
    recipient: 'fault' in read ? null : read.recipient,
  }
  return faults.length > 0 ? { faults } : { entry }
}

/** A plan as its form has it. */
export function toTypedPlan(plan: PlanEntry): TypedPlan {
  return Object.fromEntries(planFields.map((field) => [field, String(plan[field] ?? '')]))
}
