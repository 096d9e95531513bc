import 'server-only'
import { z } from 'zod'
import { type Actor, system } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { toDay } from '@/lib/config/day'
import { env } from '@/lib/config/env'
import { db, Prisma, queryRows, type Tx } from '@/lib/db'
import { openConflict } from '@/lib/people/conflict-rows'
import { followLastDays } from '@/lib/people/leaving'
import { enqueueProposals } from '@/lib/people/proposing'

/** Longer than a statement of a page may take. */
const saveMs = 120_000

/** Saves a people import in one transaction. False if somebody else did, or if it was discarded. */
export async function savePeopleImport(actor: Actor, id: string, now = new Date()): Promise<boolean> {
  return db().$transaction(
    async (tx) => {
      await tx.$executeRaw(Prisma.raw(`set local statement_timeout = ${saveMs}`))
      const [locked] = await queryRows(
        tx,
        z.object({ complete: z.boolean() }),
        Prisma.sql`select complete from import where id = ${id}::uuid and state = 'saving' for update`,
      )
      if (!locked) return false
      for (const lines of await rangesOf(tx, id)) {
        await addPeople(tx, lines)
        await changePeople(tx, lines)
        await welcomeBack(tx, lines)
      }
      await followLastDays(tx, toDay(now))
      await enqueueProposals(tx)
      await proposePairs(tx, id)
      const effectiveAt = locked.complete ? nextWorkingMorning(now, env().institution.timeZone) : null
      await tx.import.update({
        where: { id },
        data: { state: 'saved', savedAt: now, effectiveAt, file: null },
        select: { id: true },
      })
      await recordEvent(tx, actor, { action: 'import.saved', detail: { importId: id, kind: 'people' } })
      return true
    },
    { maxWait: 10_000, timeout: saveMs },
  )
}

/** Rows of one statement: none may take as long as the driver waits. */
const linesPerStatement = 5_000

/** Conditions on `import_row` as `r` that together hold for every row once. */
async function rangesOf(tx: Tx, id: string): Promise<Prisma.Sql[]> {
  const [{ last } = { last: 0 }] = await queryRows(
    tx,
    z.object({ last: z.number().nullable() }),
    Prisma.sql`select max(line) as last from import_row where import_id = ${id}::uuid`,
  )
  const count = Math.ceil((last ?? 0) / linesPerStatement)
  return Array.from({ length: count }, (_, n) => {
    const from = n * linesPerStatement
    return Prisma.sql`(r.import_id = ${id}::uuid and r.line > ${from} and r.line <= ${from + linesPerStatement})`
  })
}

const isAdded = Prisma.sql`(r.verdict = 'added' or (r.verdict = 'perhaps' and r.decision = 'added'))`

async function addPeople(tx: Tx, lines: Prisma.Sql): Promise<void> {
  await tx.$executeRaw`
    update import_row r set person_id = gen_random_uuid() where ${lines} and ${isAdded} and person_id is null`
  await tx.$executeRaw`
    insert into person (id, local_id, given_name, family_name, email, department, kind, known_orcid, language, origin)
    select r.person_id, after->>'localId', after->>'givenName', after->>'familyName', after->>'email', after->>'department',
      (after->>'kind')::person_kind, after->>'knownOrcid', after->>'language', 'imported'
    from import_row r where ${lines} and ${isAdded}`
  await tx.$executeRaw`
    insert into appointment (person_id, department, title, kind, start_on, end_on, "primary")
    select r.person_id, after->>'department', after->>'title', coalesce((after->>'kind')::person_kind, 'staff'),
      after->>'startOn', after->>'endOn', true
    from import_row r where ${lines} and ${isAdded} and after ?| array['title', 'startOn', 'endOn', 'department']`
  await tx.$executeRaw`
    update person p set leaves_on = (after->>'endOn')::date
    from import_row r where ${lines} and r.person_id = p.id and ${isAdded} and length(after->>'endOn') = 10`
}

const isChanged = Prisma.sql`(r.verdict = 'changed' or (r.verdict = 'perhaps' and r.decision = 'same'))`

async function changePeople(tx: Tx, lines: Prisma.Sql): Promise<void> {
  await tx.$executeRaw`
    update import_row r set person_id = near_id,
      before = (select jsonb_build_object('localId', p.local_id, 'givenName', p.given_name, 'familyName', p.family_name,
        'email', p.email, 'department', p.department, 'kind', p.kind, 'knownOrcid', p.known_orcid, 'language', p.language) from person p where p.id = near_id)
    where ${lines} and r.verdict = 'perhaps' and r.decision = 'same'`
  await tx.$executeRaw`
    update person p set
      local_id = coalesce(after->>'localId', p.local_id), given_name = coalesce(after->>'givenName', given_name),
      family_name = coalesce(after->>'familyName', family_name), email = coalesce(after->>'email', email),
      department = coalesce(after->>'department', department), kind = coalesce((after->>'kind')::person_kind, kind),
      known_orcid = coalesce(after->>'knownOrcid', known_orcid), language = coalesce(after->>'language', language),
      origin = case when p.origin = 'connected' then 'imported' else p.origin end,
      leaves_on = case when length(after->>'endOn') = 10 then (after->>'endOn')::date else leaves_on end
    from import_row r where ${lines} and r.person_id = p.id and ${isChanged}`
  await tx.$executeRaw`
    update appointment a set title = coalesce(after->>'title', title), start_on = coalesce(after->>'startOn', start_on),
      end_on = coalesce(after->>'endOn', end_on), department = coalesce(after->>'department', department),
      kind = coalesce((after->>'kind')::person_kind, kind)
    from import_row r where ${lines} and r.person_id = a.person_id and a."primary" and ${isChanged}`
  await tx.$executeRaw`
    insert into appointment (person_id, department, title, kind, start_on, end_on, "primary")
    select r.person_id, after->>'department', after->>'title', coalesce((after->>'kind')::person_kind, 'staff'),
      after->>'startOn', after->>'endOn', true
    from import_row r where ${lines} and ${isChanged} and after ?| array['title', 'startOn', 'endOn', 'department']
      and not exists (select from appointment a where a.person_id = r.person_id and a."primary")`
}

/** Whoever is in a roster again is not missing. */
async function welcomeBack(tx: Tx, lines: Prisma.Sql): Promise<void> {
  await tx.$executeRaw`
    update person p set missing_since = null from import_row r
    where ${lines} and r.person_id = p.id and r.verdict in ('changed', 'unchanged', 'perhaps') and p.missing_since is not null`
}

const pairsMax = 5_000

/** A number beside an authenticated iD is a proposal, for staff to confirm. */
async function proposePairs(tx: Tx, id: string): Promise<void> {
  const pairs = await queryRows(
    tx,
    z.object({ personId: z.string(), otherPersonId: z.string(), researcherId: z.string() }),
    Prisma.sql`
      select r.person_id::text as "personId", after->>'pairsWith' as "otherPersonId",
        o.researcher_id::text as "researcherId" from import_row r
      join person o on o.id = (after->>'pairsWith')::uuid
      where import_id = ${id}::uuid and after ? 'pairsWith' and person_id is not null and o.researcher_id is not null order by line limit ${pairsMax}`,
  )
  for (const pair of pairs) await openConflict(tx, { ...pair, kind: 'proposal', evidence: ['file'] })
}

/** Ten in the morning of the next day that is neither Saturday nor Sunday, in the institution’s time zone. */
export function nextWorkingMorning(now: Date, timeZone: string): Date {
  const hour = 3_600_000
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  for (let at = Math.ceil((now.getTime() + 1) / (hour / 4)) * (hour / 4); ; at += hour / 4) {
    const found = Object.fromEntries(parts.formatToParts(at).map(({ type, value }) => [type, value]))
    const isMorning = found.hour === '10' && found.minute === '00'
    const isLater = toDay(now, timeZone) !== toDay(new Date(at), timeZone)
    if (isMorning && isLater && found.weekday !== 'Sat' && found.weekday !== 'Sun') return new Date(at)
  }
}

/** Shows as missing those whom saved imports lacked, once their time has come. */
export async function applyHeldImports(now = new Date()): Promise<void> {
  const due = await db().import.findMany({
    where: { state: 'saved', effectiveAt: { lte: now } },
    select: { id: true },
  })
  for (const { id } of due) await releaseImport(system, id)
}

/** As `applyHeldImports`, for one import and at once. */
export function releaseImport(actor: Actor, id: string, requestId?: string): Promise<void> {
  return db().$transaction(async (tx) => {
    const { count } = await tx.import.updateMany({
      where: { id, state: 'saved', effectiveAt: { not: null } },
      data: { effectiveAt: null },
    })
    if (count === 0) return
    await tx.$executeRaw`
      update person p set missing_since = now() from import_row r
      where r.import_id = ${id}::uuid and r.verdict = 'leaving' and r.person_id = p.id and p.state = 'active'`
    await recordEvent(tx, actor, { action: 'import.released', requestId, detail: { importId: id } })
  })
}

const changedSince = Prisma.sql`(
  (after ? 'givenName' and p.given_name is distinct from after->>'givenName')
  or (after ? 'familyName' and p.family_name is distinct from after->>'familyName')
  or (after ? 'email' and p.email is distinct from after->>'email')
  or (after ? 'department' and p.department is distinct from after->>'department')
  or (after ? 'language' and p.language is distinct from after->>'language')
  or (after ? 'localId' and p.local_id is distinct from after->>'localId'))`

/** Undoes a saved import in one transaction. People who were changed or connected since stay as they are. */
export async function undoPeopleImport(actor: Actor, id: string, requestId?: string): Promise<void> {
  await db().$transaction(
    async (tx) => {
      await tx.$executeRaw(Prisma.raw(`set local statement_timeout = ${saveMs}`))
      const { count } = await tx.import.updateMany({
        where: { id, state: 'undoing' },
        data: { state: 'undone', undoneAt: new Date(), effectiveAt: null },
      })
      if (count === 0) return
      for (const lines of await rangesOf(tx, id)) {
        await tx.$executeRaw`
          update person p set
            local_id = case when before ? 'localId' then before->>'localId' else local_id end,
            given_name = case when before ? 'givenName' then before->>'givenName' else given_name end,
            family_name = case when before ? 'familyName' then before->>'familyName' else family_name end,
            email = case when before ? 'email' then before->>'email' else email end,
            department = case when before ? 'department' then before->>'department' else department end,
            kind = case when before ? 'kind' then (before->>'kind')::person_kind else kind end,
            known_orcid = case when before ? 'knownOrcid' then before->>'knownOrcid' else known_orcid end,
            language = case when before ? 'language' then before->>'language' else language end
          from import_row r where ${lines} and r.person_id = p.id and ${isChanged} and not ${changedSince}`
        await tx.$executeRaw`
          update person p set missing_since = null from import_row r
          where ${lines} and r.verdict = 'leaving' and r.person_id = p.id`
        await tx.$executeRaw`
          delete from person p using import_row r
          where ${lines} and r.person_id = p.id and ${isAdded} and p.researcher_id is null and not ${changedSince}
            and not exists (select from affiliation a where a.person_id = p.id)`
      }
      await recordEvent(tx, actor, { action: 'import.undone', requestId, detail: { importId: id } })
    },
    { maxWait: 10_000, timeout: saveMs },
  )
}
