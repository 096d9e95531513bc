import 'server-only'
import { z } from 'zod'
import { type Actor, system } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { toDay } from '@/lib/config/day'
import { env } from '@/lib/config/env'
import { db, inTransaction, Prisma, queryRows, type Tx } from '@/lib/db'
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
      await openDifferences(tx, id)
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

type Field = { key: string; column: string; type: 'text' | 'person_kind' }
const textField = (key: string, column: string): Field => ({ key, column, type: 'text' })

/** What a row can say of a person, and of what they are here for: its name in `after`, and the column. */
const ofPerson: readonly Field[] = [
  textField('localId', 'local_id'),
  textField('givenName', 'given_name'),
  textField('familyName', 'family_name'),
  textField('email', 'email'),
  textField('department', 'department'),
  { key: 'kind', column: 'kind', type: 'person_kind' },
  textField('knownOrcid', 'known_orcid'),
  textField('language', 'language'),
]
const ofAppointment: readonly Field[] = [
  textField('title', 'title'),
  textField('startOn', 'start_on'),
  textField('endOn', 'end_on'),
  textField('department', 'department'),
  { key: 'kind', column: 'kind', type: 'person_kind' },
]

const sqlOf = (fields: readonly Field[], toSql: (field: Field) => string, between = ', ') =>
  Prisma.raw(fields.map(toSql).join(between))
const columnsOf = (fields: readonly Field[]) => sqlOf(fields, ({ column }) => column)
const given = ({ key, type }: Field) => `(after->>'${key}')::${type}`
/** What the row leaves open stays. */
const takeOver = (fields: readonly Field[], table: string) =>
  sqlOf(fields, (field) => `${field.column} = coalesce(${given(field)}, ${table}.${field.column})`)
/** What `snapshot` kept, of what the row changed. */
const giveBack = (fields: readonly Field[], table: string, kept = (key: string) => key) =>
  sqlOf(
    fields,
    ({ key, column, type }) =>
      `${column} = case when after ? '${key}' then (before->>'${kept(key)}')::${type} else ${table}.${column} end`,
  )
/** Whether somebody changed since what the row had changed. */
const isChangedSince = (fields: readonly Field[], table: string) =>
  Prisma.sql`(${sqlOf(
    fields,
    (field) => `(after ? '${field.key}' and ${table}.${field.column} is distinct from ${given(field)})`,
    ' or ',
  )})`

const keyOfAppointment = (key: string) => `appointment.${key}`
/** What a person is before a row changes them. The preview shows what it has by the same names as `after`. */
const snapshot = Prisma.sql`jsonb_build_object(
  'leavesOn', p.leaves_on, ${sqlOf(ofPerson, ({ key, column }) => `'${key}', p.${column}`)},
  'title', a.title, 'startOn', a.start_on, 'endOn', a.end_on,
  ${sqlOf(ofAppointment, ({ key, column }) => `'${keyOfAppointment(key)}', a.${column}`)})`

const saysAppointment = Prisma.sql`after ?| array['title', 'startOn', 'endOn', 'department']`
const hadAppointment = Prisma.raw(`before->>'${keyOfAppointment('kind')}' is not null`)
const endsOnDay = Prisma.sql`length(after->>'endOn') = 10`

async function addPeople(tx: Tx, lines: Prisma.Sql): Promise<void> {
  await tx.$executeRaw`
    update import_row r set person_id = gen_random_uuid() where ${lines} and ${isAdded} and person_id is null`
  await tx.$executeRaw`
    insert into person (id, ${columnsOf(ofPerson)}, origin)
    select r.person_id, ${sqlOf(ofPerson, given)}, 'imported' from import_row r where ${lines} and ${isAdded}`
  await addAppointments(tx, Prisma.sql`${lines} and ${isAdded}`)
  await tx.$executeRaw`
    update person p set leaves_on = (after->>'endOn')::date
    from import_row r where ${lines} and r.person_id = p.id and ${isAdded} and ${endsOnDay}`
}

async function addAppointments(tx: Tx, rows: Prisma.Sql): Promise<void> {
  const values = sqlOf(ofAppointment, (field) =>
    field.key === 'kind' ? `coalesce(${given(field)}, 'staff')` : given(field),
  )
  await tx.$executeRaw`
    insert into appointment (person_id, ${columnsOf(ofAppointment)}, "primary")
    select r.person_id, ${values}, true from import_row r where ${rows} and ${saysAppointment}
      and not exists (select from appointment a where a.person_id = r.person_id and a."primary")`
}

const isChanged = Prisma.sql`(r.verdict = 'changed' or (r.verdict = 'perhaps' and r.decision = 'same'))`

async function changePeople(tx: Tx, lines: Prisma.Sql): Promise<void> {
  await tx.$executeRaw`
    update import_row r set person_id = p.id, before = ${snapshot}
    from person p left join appointment a on a.person_id = p.id and a."primary"
    where ${lines} and ${isChanged} and p.id = coalesce(r.person_id, r.near_id)`
  await tx.$executeRaw`
    update person p set ${takeOver(ofPerson, 'p')},
      origin = case when p.origin = 'connected' then 'imported' else p.origin end,
      leaves_on = case when ${endsOnDay} then (after->>'endOn')::date else leaves_on end
    from import_row r where ${lines} and r.person_id = p.id and ${isChanged}`
  await tx.$executeRaw`
    update appointment a set ${takeOver(ofAppointment, 'a')}
    from import_row r where ${lines} and r.person_id = a.person_id and a."primary" and ${isChanged}`
  await addAppointments(tx, Prisma.sql`${lines} and ${isChanged}`)
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

/** An iD of the file is a conflict for somebody who has authenticated another one. */
async function openDifferences(tx: Tx, id: string): Promise<void> {
  const different = await queryRows(
    tx,
    z.object({ personId: z.string(), researcherId: z.string() }),
    Prisma.sql`
      select p.id::text as "personId", p.researcher_id::text as "researcherId" from import_row r
      join person p on p.id = r.person_id
      where r.import_id = ${id}::uuid and after ? 'knownOrcid' and p.researcher_id is not null
        and p.known_orcid <> p.orcid order by line limit ${pairsMax}`,
  )
  for (const pair of different) await openConflict(tx, { ...pair, kind: 'other_id_known' })
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
  return inTransaction(async (tx) => {
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
        await undoChanges(tx, lines)
        await tx.$executeRaw`
          update person p set missing_since = null from import_row r
          where ${lines} and r.verdict = 'leaving' and r.person_id = p.id`
        await tx.$executeRaw`
          delete from person p using import_row r
          where ${lines} and r.person_id = p.id and ${isAdded} and p.researcher_id is null and not ${isChangedSince(ofPerson, 'p')}
            and not exists (select from affiliation a where a.person_id = p.id)`
      }
      await followLastDays(tx, toDay(new Date()))
      await recordEvent(tx, actor, { action: 'import.undone', requestId, detail: { importId: id } })
    },
    { maxWait: 10_000, timeout: saveMs },
  )
}

/** What a person is here for goes first: whether they were changed since is seen on themselves. */
async function undoChanges(tx: Tx, lines: Prisma.Sql): Promise<void> {
  const rows = Prisma.sql`${lines} and ${isChanged}`
  const asSaved = Prisma.sql`not ${isChangedSince(ofPerson, 'p')}`
  const asSavedAppointment = Prisma.sql`not ${isChangedSince(ofAppointment, 'a')}`
  await tx.$executeRaw`
    update appointment a set ${giveBack(ofAppointment, 'a', keyOfAppointment)}
    from import_row r join person p on p.id = r.person_id
    where ${rows} and ${hadAppointment} and a.person_id = p.id and a."primary" and ${asSaved} and ${asSavedAppointment}`
  await tx.$executeRaw`
    delete from appointment a using import_row r join person p on p.id = r.person_id
    where ${rows} and not ${hadAppointment} and ${saysAppointment} and a.person_id = p.id and a."primary"
      and ${asSaved} and ${asSavedAppointment}`
  await tx.$executeRaw`
    update person p set ${giveBack(ofPerson, 'p')},
      leaves_on = case when ${endsOnDay} and leaves_on = (after->>'endOn')::date then (before->>'leavesOn')::date else leaves_on end
    from import_row r where ${rows} and r.person_id = p.id and ${asSaved}`
}
