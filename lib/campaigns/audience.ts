import 'server-only'
import { z } from 'zod'
import { system } from '@/lib/actor'
import {
  type CampaignKind,
  isStanding,
  type PlacedStep,
  restAfterWithdrawingMonths,
  restDays,
  type StepAudience,
} from '@/lib/campaigns/campaign'
import { emailRules } from '@/lib/config/email-address'
import { env } from '@/lib/config/env'
import { db, inTransaction, Prisma, type Queryable, queryRows, type Tx } from '@/lib/db'
import { listSuppressedHashes } from '@/lib/mail/suppression'
import { allows, endsSoon, isOurs, toPeopleCondition } from '@/lib/people/condition'
import { parsePeopleFilters } from '@/lib/people/schema'

/** What decides who is asked. */
export type Asking = {
  kind: CampaignKind
  audience: string | null
  scopes: readonly string[]
  mailMerge: boolean
  steps: readonly PlacedStep[]
}

/** Why somebody whom the filters find is not asked. Whoever declined is counted as asked: any other number names them. */
export const leftOutReasons = [
  'not_ours',
  'no_address',
  'bad_address',
  'elsewhere',
  'not_allowed',
  'allowed',
  'not_yet',
  'withdrew',
  'other_step',
  'undeliverable',
  'this_week',
] as const
export type LeftOutReason = (typeof leftOutReasons)[number]

export type AskedPerson = { id: string; name: string | null; email: string; locale: string }

/** Read and written at once. */
export const batchSize = 5_000

// SQL on the table `person`.

export const isConnected = Prisma.sql`coalesce(connection in ('connected', 'identity_only'), false)`

export const allowsAll = (scopes: readonly string[]) =>
  Prisma.sql`(${Prisma.join([isConnected, ...scopes.filter((scope) => scope !== 'openid').map(allows)], ' and ')})`

/** The language in which a person is written to. */
export const localeOf = () => {
  const { languages } = env().institution
  return Prisma.sql`case when language = any(${languages}::text[]) then language else ${languages[0] ?? 'en'} end`
}

const domain = Prisma.sql`substring(lower(email) from '@([^@]*)$')`

const within = (entries: readonly string[]) => Prisma.sql`(
  ${domain} = any(${entries}::text[])
  or exists (select from unnest(${entries}::text[]) as entry where right(lower(email), length(entry) + 1) = '.' || entry))`

const mailDomains = () => env().mail?.domains ?? env().institution.emailDomains

const host = Prisma.sql`substr(email, strpos(email, '@') + 1)`

/** As `readEmailAddress` has it, so that nobody is counted whose mail would be left out. */
const isUsable = () => Prisma.sql`(length(email) <= ${emailRules.lengthMax}
  and strpos(email, '@') between 2 and ${emailRules.localLengthMax + 1}
  and split_part(email, '@', 1) collate "C" ~ ${emailRules.local}
  and case when lower(${host}) = any(${mailDomains()}::text[]) then true
    -- Takes twenty times as long as all the rest.
    else ${host} collate "C" ~* ${emailRules.domain} end)`

/** On the sandbox and local registries only allowed addresses get mail. */
function isAllowedHere(mailMerge: boolean): Prisma.Sql {
  const { mail, orcid } = env()
  if (!mail || mailMerge || orcid.registry === 'production') return Prisma.sql`true`
  const allowed = mail.allowed.map((entry) => entry.toLowerCase())
  const domains = allowed.filter((entry) => entry.startsWith('@')).map((entry) => entry.slice(1))
  return Prisma.sql`(lower(email) = any(${allowed}::text[]) or ${domain} = any(${domains}::text[]))`
}

const theirWord = Prisma.sql`s.reason in ('unsubscribed', 'complained')`
/** Wants no mail, whatever the address. */
const wantsNoMail = Prisma.sql`(
  exists (select from mail_suppression s where s.person_id = person.id and ${theirWord})
  or exists (select from person e join mail_suppression s on s.person_id = e.id where e.merged_into_id = person.id and ${theirWord}))`

const withdrewLately = Prisma.sql`coalesce(connection = 'withdrawn'
  and withdrew_at > now() - make_interval(months => ${restAfterWithdrawingMonths}), false)`

export const hadMailLately = Prisma.sql`exists (
  select from mail m where m.person_id = person.id and m.kind in ('invitation', 'correction')
    and (m.state in ('waiting', 'sending') or m.sent_at > now() - make_interval(days => ${restDays})
      or m.state in ('perhaps_sent', 'withheld') and m.sending_at > now() - make_interval(days => ${restDays})))`

const aYearAgo = Prisma.sql`(now() - interval '1 year')`

/** Without a break: they may have stopped and come back. */
const connectedForAYear = Prisma.sql`coalesce(connection = 'connected' and first_connected_at <= ${aYearAgo}
  and (select min(given) from unnest(live_scopes_given_at) as given) <= ${aYearAgo}, false)`

/** Somebody had the mail of a standing campaign of this kind within a year. */
const hadThisYear = (kind: CampaignKind) => Prisma.sql`exists (
  select from invitation y join campaign k on k.id = y.campaign_id
  where y.person_id = person.id and k.kind = ${kind}::campaign_kind and y.last_mail_at > ${aYearAgo})`

/** SQL on `person`: there is nothing to ask them now. */
function hasNothingToAsk({ kind, scopes }: Pick<Asking, 'kind' | 'scopes'>): Prisma.Sql {
  switch (kind) {
    case 'ask':
      return allowsAll(scopes)
    case 'expiring':
      return Prisma.sql`(not ${endsSoon} or ${hadThisYear(kind)})`
    case 'check_up':
      return Prisma.sql`(not ${connectedForAYear} or ${hadThisYear(kind)})`
  }
}

/** SQL on `person` and `invitation i`: they did what the campaign asks for. */
export function hasAnswered({ kind, scopes }: Pick<Asking, 'kind' | 'scopes'>): Prisma.Sql {
  switch (kind) {
    case 'ask':
      return allowsAll(scopes)
    case 'expiring':
      return Prisma.sql`(${isConnected} and not ${endsSoon})`
    case 'check_up':
      return Prisma.sql`coalesce(i.ended = 'kept', false)`
  }
}

/** Whom a step is for. `failed`: something failed on the way. */
function fitsStep(audience: StepAudience, scopes: readonly string[], failed: Prisma.Sql): Prisma.Sql {
  switch (audience) {
    case 'not_connected':
      return Prisma.sql`not ${isConnected}`
    case 'allowed_less':
      return Prisma.sql`(${isConnected} and not ${allowsAll(scopes)})`
    case 'failed_on_the_way':
      return Prisma.sql`(not ${isConnected} and ${failed})`
  }
}

/** The filters of the list of people, as a campaign keeps them. */
export const filtersOf = (audience: string) => parsePeopleFilters(new URLSearchParams(audience))

/** SQL: whom the filters find, without those who are in no list. */
const isFound = ({ audience, scopes }: Asking) =>
  audience === null ? Prisma.sql`false` : toPeopleCondition(system, filtersOf(audience), scopes)

/** SQL: the reason why somebody is left out; `asked` is none. */
function verdict(asking: Asking): Prisma.Sql {
  const { scopes, mailMerge, steps } = asking
  const [first] = steps
  const fits =
    first && !mailMerge && !isStanding(asking) ? fitsStep(first.audience, scopes, Prisma.sql`false`) : Prisma.sql`true`
  return Prisma.sql`case
    when not ${isOurs} then 'not_ours'
    when coalesce(email, '') = '' then 'no_address'
    when not ${isUsable()} then 'bad_address'
    when not ${within(mailDomains())} then 'elsewhere'
    when not ${isAllowedHere(mailMerge)} then 'not_allowed'
    when ${hasNothingToAsk(asking)} then ${isStanding(asking) ? 'not_yet' : 'allowed'}
    when ${withdrewLately} then 'withdrew'
    when not ${fits} then 'other_step'
    when ${wantsNoMail} then 'undeliverable'
    else 'asked' end`
}

/** SQL on `person`: may get mail from here, whether or not they are to be asked. */
export const mayGetMail = (mailMerge = false): Prisma.Sql =>
  Prisma.sql`${isUsable()} and ${within(mailDomains())} and ${isAllowedHere(mailMerge)} and not ${wantsNoMail}`

/** SQL on `person`: may still be asked, or has declined: their mail is withheld when its turn comes. */
export function mayBeAsked(asking: Asking): Prisma.Sql {
  const parts = [
    isOurs,
    mayGetMail(asking.mailMerge),
    Prisma.sql`not ${hasNothingToAsk(asking)}`,
    Prisma.sql`not ${withdrewLately}`,
  ]
  return Prisma.join(parts, ' and ')
}

/** SQL on `invitation i`: not over, or declined, which looks the same to staff. */
export const isOpen = Prisma.sql`(i.ended_at is null or i.ended = 'declined')`

/** SQL on `person` and `invitation i`: may still get the mail of this step. */
export function mayGet(asking: Asking, { audience }: PlacedStep): Prisma.Sql {
  const fits = fitsStep(audience, asking.scopes, Prisma.sql`i.failed_at is not null`)
  return Prisma.sql`${mayBeAsked(asking)} and ${isStanding(asking) ? Prisma.sql`true` : fits} and not ${hadMailLately}`
}

const asked = z.object({ id: z.string(), name: z.string().nullable(), email: z.string(), locale: z.string() })
const seen = z.object({ lately: z.boolean() })

/** Whose address gets no mail. The hash of an address is made here, as the database does not have the key. */
export async function withoutSuppressed<Row extends { email: string }>(tx: Tx, rows: readonly Row[]): Promise<Row[]> {
  if (rows.length === 0) return []
  const suppressed = await listSuppressedHashes(
    tx,
    rows.map(({ email }) => email),
  )
  return rows.filter(({ email }) => !suppressed.has(email))
}

export type AudienceBatch = {
  people: (AskedPerson & { lately: boolean })[]
  undeliverable: number
  next: string | null
}

/** The next people of the audience by id, and where to go on; null at the end. */
export async function readAudience(
  tx: Tx,
  asking: Asking,
  after: string | null,
  { notIn }: { notIn?: string } = {},
): Promise<AudienceBatch> {
  const found = await queryRows(
    tx,
    asked.extend(seen.shape),
    Prisma.sql`
      select id, name, email, ${localeOf()} as locale, ${hadMailLately} as lately
      from person where ${isFound(asking)} and ${verdict(asking)} = 'asked'
        ${after ? Prisma.sql`and id > ${after}::uuid` : Prisma.empty}
        ${notIn ? Prisma.sql`and not exists (select from invitation i where i.campaign_id = ${notIn}::uuid and i.person_id = person.id)` : Prisma.empty}
      order by id limit ${batchSize}`,
  )
  const people = await withoutSuppressed(tx, found)
  const last = found.at(-1)
  return {
    people,
    undeliverable: found.length - people.length,
    next: found.length === batchSize && last ? last.id : null,
  }
}

export type Audience = {
  /** Who gets the first mail, or a row in the file for a mail merge. */
  recipients: number
  leftOut: { reason: LeftOutReason; count: number }[]
  /** Ten of them. */
  sample: AskedPerson[]
}

const counted = z.object({ reason: z.string(), count: z.number() })
const sampleSize = 10

/** Counts who is asked and who is left out, by reason, and changes nothing. */
export async function measureAudience(asking: Asking): Promise<Audience> {
  const counts = await queryRows(
    db(),
    counted,
    Prisma.sql`select ${verdict(asking)} as reason, count(*)::int as count from person where ${isFound(asking)} group by 1`,
  )
  const byReason = new Map<string, number>(counts.map(({ reason, count }) => [reason, count]))
  let recipients = 0
  const sample: AskedPerson[] = []
  let after: string | null = null
  do {
    const cursor: string | null = after
    const batch: AudienceBatch = await inTransaction((tx) => readAudience(tx, asking, cursor))
    const { people, undeliverable, next } = batch
    const now = asking.mailMerge ? people : people.filter(({ lately }) => !lately)
    recipients += now.length
    byReason.set('undeliverable', (byReason.get('undeliverable') ?? 0) + undeliverable)
    byReason.set('this_week', (byReason.get('this_week') ?? 0) + people.length - now.length)
    sample.push(...now.slice(0, sampleSize - sample.length).map(({ lately: _lately, ...person }) => person))
    after = next
  } while (after)
  const leftOut = leftOutReasons.flatMap((reason) => {
    const count = byReason.get(reason) ?? 0
    return count > 0 ? [{ reason, count }] : []
  })
  return { recipients, leftOut, sample }
}

/** The languages in which the people of the audience are written to; those of the institution where anybody is asked. */
export async function listAddressedLanguages(asking: Asking, tx: Queryable = db()): Promise<string[]> {
  const { languages } = env().institution
  if (asking.audience === null) return [...languages]
  const rows = await queryRows(
    tx,
    z.object({ locale: z.string() }),
    Prisma.sql`select distinct ${localeOf()} as locale from person where ${isFound(asking)} and ${isOurs}`,
  )
  const addressed = new Set(rows.map(({ locale }) => locale))
  // The public link is read by anybody, at least in the institution's first language.
  return languages.filter((locale, index) => index === 0 || addressed.has(locale))
}
