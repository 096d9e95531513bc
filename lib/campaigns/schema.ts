import { z } from 'zod'
import { daysMax, perDayMax, type Step, stepAudiences, stepsMax, textMax, timesMax } from '@/lib/campaigns/campaign'
import { toParameters } from '@/lib/list/search'
import { findScope } from '@/lib/orcid/scopes'
import { toKeptFilters } from '@/lib/people/saved-views'
import { listIgnored, parsePeopleFilters } from '@/lib/people/schema'
import { scopeKey } from '@/lib/texts/text'

/** The form of a campaign as it was typed, by the names of its fields. */
export type TypedCampaign = Record<string, string>

export type CampaignFaultCode =
  | 'missing'
  | 'too_long'
  | 'bad_characters'
  | 'not_a_date'
  | 'end_before_start'
  | 'not_a_number'
  | 'not_a_filter'
  | 'not_a_template'
export type CampaignFault = { field: string; code: CampaignFaultCode }

/** What the form says. `audience`: null for anybody with the link. */
export type CampaignEntry = {
  name: string
  purpose: string
  audience: string | null
  scopes: string[]
  startsOn: string | null
  endsOn: string | null
  newcomersAfterDays: number | null
  newcomersPerDay: number | null
  mailMerge: boolean
  texts: { locale: string; why: string; reasons: Record<string, string> }[]
  steps: Step[]
}

export const whyField = (locale: string) => `why-${locale}`
export const reasonField = (locale: string, scope: string) => `reason-${locale}-${scopeKey(scope)}`
export const scopeField = (scope: string) => `scope-${scopeKey(scope)}`
export const stepField = (place: number, what: 'template' | 'afterDays' | 'audience' | 'times') =>
  `step-${place}-${what}`

/** Values that a form may have several times are not ours: the last one counts. */
export const typedCampaign = z
  .record(z.string().max(100), z.union([z.string(), z.array(z.string())]))
  .transform(
    (fields): TypedCampaign =>
      Object.fromEntries(
        Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? value : (value.at(-1) ?? '')]),
      ),
  )

// A line break is a line break here, and nothing else that cannot be seen.
const hasControls = (text: string) => /[^\P{Cc}\n\t]|[\p{Cs}\u2028\u2029\ufffd]/u.test(text)

type Offered = { languages: readonly string[]; scopes: readonly string[]; templates: readonly string[] }

/** Parses the form. Every fault is at its field; what is merely missing may be missing in a draft. */
export function parseCampaign(
  typed: TypedCampaign,
  { languages, scopes: offered, templates }: Offered,
): { entry: CampaignEntry } | { faults: CampaignFault[] } {
  const faults: CampaignFault[] = []
  const add = (field: string, code: CampaignFaultCode) => faults.push({ field, code })
  const read = (field: string, charsMax: number): string => {
    const text = (typed[field] ?? '').replaceAll('\r\n', '\n').normalize('NFC').trim()
    if (text.length > charsMax) add(field, 'too_long')
    else if (hasControls(text)) add(field, 'bad_characters')
    else return text
    return ''
  }
  const readDay = (field: string): string | null => {
    const text = (typed[field] ?? '').trim()
    if (text === '') return null
    if (z.iso.date().safeParse(text).success && text >= '2000' && text < '3000') return text
    add(field, 'not_a_date')
    return null
  }
  const readNumber = (field: string, { min, max }: { min: number; max: number }): number => {
    const number = /^\d{1,6}$/.test(typed[field]?.trim() ?? '') ? Number(typed[field]) : Number.NaN
    if (number >= min && number <= max) return number
    add(field, 'not_a_number')
    return min
  }
  const name = read('name', textMax.name)
  if (name === '' && !faults.some(({ field }) => field === 'name')) add('name', 'missing')
  const purpose = read('purpose', textMax.purpose)
  const [startsOn, endsOn] = [readDay('startsOn'), readDay('endsOn')]
  if (startsOn && endsOn && endsOn < startsOn) add('endsOn', 'end_before_start')
  const scopes = offered.filter((scope) => typed[scopeField(scope)] === 'yes')
  const audience = readAudience(typed, () => add('who', 'not_a_filter'))
  const hasNewcomers = typed.newcomers === 'yes'
  const steps = readSteps(typed, templates, { add, readNumber })
  const entry: CampaignEntry = {
    name,
    purpose,
    audience,
    scopes,
    startsOn,
    endsOn,
    newcomersAfterDays: hasNewcomers ? readNumber('newcomersAfterDays', { min: 0, max: daysMax }) : null,
    newcomersPerDay: hasNewcomers ? readNumber('newcomersPerDay', { min: 1, max: perDayMax }) : null,
    mailMerge: typed.mailMerge === 'yes',
    texts: languages.map((locale) => ({
      locale,
      why: read(whyField(locale), textMax.why),
      reasons: Object.fromEntries(
        scopes
          .map((scope) => [scope, read(reasonField(locale, scope), textMax.reason)] as const)
          .filter(([, reason]) => reason !== ''),
      ),
    })),
    steps,
  }
  return faults.length > 0 ? { faults } : { entry }
}

/** `anybody`, or filters as the address of the list of people has them. A search is no audience: it may name somebody. */
function readAudience(typed: TypedCampaign, addFault: () => void): string | null {
  if (typed.who !== 'people') return null
  const params = new URLSearchParams((typed.filters ?? '').replace(/^[^?]*\?/, ''))
  if (listIgnored(params).length > 0 || params.has('q')) {
    addFault()
    return ''
  }
  return toParameters(toKeptFilters({ ...parsePeopleFilters(params), sort: null })).toString()
}

type Readers = {
  add: (field: string, code: CampaignFaultCode) => void
  readNumber: (field: string, bounds: { min: number; max: number }) => number
}

/** A step without a template is none. */
function readSteps(typed: TypedCampaign, templates: readonly string[], { add, readNumber }: Readers): Step[] {
  return Array.from({ length: stepsMax }, (_, index) => index + 1).flatMap((place) => {
    const field = (what: Parameters<typeof stepField>[1]) => stepField(place, what)
    const template = typed[field('template')] ?? ''
    if (template === '') return []
    if (!templates.includes(template)) add(field('template'), 'not_a_template')
    const audience = stepAudiences.find((each) => each === typed[field('audience')]) ?? 'not_connected'
    return [
      {
        template,
        audience,
        afterDays: readNumber(field('afterDays'), { min: 0, max: daysMax }),
        times: readNumber(field('times'), { min: 1, max: timesMax }),
      },
    ]
  })
}

/** Whether ORCID knows a scope besides the iD that can be asked for. */
export const isPermission = (scope: string) => findScope(scope) !== null && scope !== 'openid'
