import 'server-only'
import { z } from 'zod'
import { system } from '@/lib/actor'
import { isFailure } from '@/lib/calls/call'
import { callOrcidPublicly } from '@/lib/calls/public-token'
import { env } from '@/lib/config/env'
import { db, inTransaction, Prisma, queryRows, type Tx } from '@/lib/db'
import { enqueueJob, enqueueJobs } from '@/lib/jobs/queue'
import { parseEmailDomains, parseVerifiedEmails } from '@/lib/orcid/public-evidence'
import { isOnlyAnId, lockWithHolder } from '@/lib/people/binding'
import { openConflict } from '@/lib/people/conflict-rows'
import { notRefused } from '@/lib/people/matching'
import { compareNames } from '@/lib/people/names'
import type { Evidence } from '@/lib/people/person'
import { toWords, wordCondition } from '@/lib/researchers/search'

const proposalsMax = 20
/** Namesakes to compare: those with most words in common. */
const namesakesMax = 200

const triesMax = 5
const retryAfterS = 3_600

/**
 * Looks on the roster for the person of an iD that the roster does not have: the same name, an e-mail address or a
 * verified e-mail domain that is public at ORCID. Makes proposals, and binds nobody.
 */
export async function proposePerson(researcherId: string, tries = 1): Promise<void> {
  const researcher = await db().researcher.findUnique({
    where: { id: researcherId },
    select: { orcid: true, person: { select: { localId: true, origin: true } } },
  })
  if (!researcher?.person || !isOnlyAnId(researcher.person)) return
  const roster = await describeRoster()
  if (!roster.hasPeople) return
  const { emails, hasOurDomain, isComplete } = await askOrcid({ researcherId, orcid: researcher.orcid }, roster)
  await inTransaction(async (tx) => {
    await propose(tx, researcherId, { emails, hasOurDomain })
    if (isComplete || tries >= triesMax) return
    const payload = { researcherId, tries: String(tries + 1) }
    await enqueueJob(tx, 'propose-person', { payload, delayS: retryAfterS, key: `propose-person:${researcherId}` })
  })
}

const askedPerRun = 1_000

/**
 * Asks `propose-person` about iDs that came before their people were on the roster: those with the name of somebody who
 * was added within a day.
 */
export function proposeForNewPeople(): Promise<void> {
  return inTransaction(async (tx) => {
    const rows = await queryRows(
      tx,
      z.object({ id: z.string() }),
      Prisma.sql`
        with named as (
          select fold(given_name || ' ' || family_name) as name, fold(family_name || ', ' || given_name) as turned
          from person p where ${isCandidate} and added_at > now() - interval '1 day' and given_name is not null)
        select known.researcher_id::text as id from person known
        where known.local_id is null and known.origin = 'connected' and known.researcher_id is not null
          and fold(known.orcid_name) in (select name from named union select turned from named)
        order by known.authenticated_at desc limit ${askedPerRun}`,
    )
    const jobs = rows.map(({ id }) => ({ payload: { researcherId: id }, key: `propose-person:${id}` }))
    await enqueueJobs(tx, 'propose-person', jobs)
  })
}

/** For whoever adds people to the roster, in the transaction that does so. */
export const enqueueProposals = (tx: Tx) => enqueueJob(tx, 'propose-for-new-people', { key: 'propose-for-new-people' })

const rosterRow = z.object({ hasPeople: z.boolean(), hasEmails: z.boolean() })
type Roster = z.infer<typeof rosterRow>

/** Somebody without an iD, whom an iD may belong to. */
const isCandidate = Prisma.sql`p.researcher_id is null and p.merged_into_id is null and p.state <> 'left' and not p.confidential`

async function describeRoster(): Promise<Roster> {
  const [row] = await queryRows(
    db(),
    rosterRow,
    Prisma.sql`
      select exists (select from person p where ${isCandidate}) as "hasPeople",
        exists (select from person p where ${isCandidate} and email is not null) as "hasEmails"`,
  )
  return rosterRow.parse(row)
}

type Found = { emails: string[]; hasOurDomain: boolean }

/** With our own token for what is public: a permission of the person is for the purposes that they read. */
async function askOrcid(
  { researcherId, orcid }: { researcherId: string; orcid: string },
  { hasEmails }: Roster,
): Promise<Found & { isComplete: boolean }> {
  const { institution, orcid: client } = env()
  const asksForDomains = client.api === 'member' && institution.emailDomains.length > 0
  const ask = async <T>(part: string, isAsked: boolean, parse: (orcid: string, body: unknown) => T | null) => {
    if (!isAsked) return { found: null, isAnswered: true }
    const outcome = await callOrcidPublicly(system, { path: `/${orcid}/${part}`, researcherId })
    const isAnswered = outcome.kind !== 'client_refused' && !isFailure(outcome)
    return { found: outcome.kind === 'ok' ? parse(orcid, outcome.body) : null, isAnswered }
  }
  const emails = await ask('email', hasEmails, parseVerifiedEmails)
  const domains = await ask('summary', asksForDomains, parseEmailDomains)
  return {
    emails: emails.found ?? [],
    hasOurDomain: (domains.found ?? []).some((domain) => institution.emailDomains.some(isPartOf(domain))),
    isComplete: emails.isAnswered && domains.isAnswered,
  }
}

const isPartOf = (domain: string) => (ours: string) => domain === ours || domain.endsWith(`.${ours}`)

async function propose(tx: Tx, researcherId: string, { emails, hasOurDomain }: Found): Promise<void> {
  const { holder } = await lockWithHolder(tx, researcherId, [])
  if (!holder || !isOnlyAnId(holder)) return
  const evidence = new Map<string, Evidence[]>()
  const add = (ids: readonly string[], what: Evidence) => {
    for (const id of ids) evidence.set(id, [...(evidence.get(id) ?? []), what])
  }
  add(await findByEmail(tx, researcherId, emails), 'email')
  add(await findNamesakes(tx, researcherId, holder.orcidName), 'names')
  // Locked in this order, as everywhere.
  const people = [...evidence].slice(0, proposalsMax).sort(([one], [other]) => (one < other ? -1 : 1))
  for (const [personId, found] of people) {
    const all = hasOurDomain ? [...found, 'domain' as const] : found
    const between = { personId, otherPersonId: holder.id, researcherId }
    await openConflict(tx, { ...between, kind: 'proposal', evidence: all })
  }
  if (people.length > 0 || !hasOurDomain) return
  const asked = await tx.conflict.count({ where: { personId: holder.id, researcherId, kind: 'proposal' } })
  if (asked > 0) return
  await openConflict(tx, { kind: 'proposal', personId: holder.id, researcherId, evidence: ['domain'] })
}

const idRow = z.object({ id: z.string() })

async function findByEmail(tx: Tx, researcherId: string, emails: readonly string[]): Promise<string[]> {
  if (emails.length === 0) return []
  const rows = await queryRows(
    tx,
    idRow,
    Prisma.sql`
      select p.id::text from person p
      where lower(p.email) = any(${[...emails]}::text[]) and p.email is not null and ${isCandidate}
        and ${notRefused(Prisma.sql`${researcherId}::uuid`)}
      order by p.id limit ${proposalsMax}`,
  )
  return rows.map(({ id }) => id)
}

const namesake = z.object({ id: z.string(), name: z.string().nullable() })

async function findNamesakes(tx: Tx, researcherId: string, name: string | null): Promise<string[]> {
  // Initials find too many, and one word in common is no name in common.
  const words = toWords(name ?? '').filter((word) => word.replace(/\W/g, '').length !== 1)
  const [first, second] = words
  if (!name || !first) return []
  const conditions = words.slice(0, 5).map((word) => wordCondition(word))
  const count = Prisma.sql`(${Prisma.join(
    conditions.map((each) => Prisma.sql`(${each})::int`),
    ' + ',
  )})`
  const rows = await queryRows(
    tx,
    namesake,
    Prisma.sql`
      select p.id::text, p.name from person p
      where (${Prisma.join(conditions, ' or ')}) and ${isCandidate} and ${count} >= ${second ? 2 : 1}
        and ${notRefused(Prisma.sql`${researcherId}::uuid`)}
      order by ${count} desc, p.id limit ${namesakesMax}`,
  )
  return rows
    .filter((row) => compareNames(row.name, name) === 'alike')
    .slice(0, proposalsMax)
    .map(({ id }) => id)
}
