import 'server-only'
import { z } from 'zod'
import type { StaffActor, SystemActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { db, inTransaction, isDatabaseUnavailable, Prisma, queryRows, type Tx } from '@/lib/db'
import { importRow, invitations, mail } from '@/lib/people/download'

const held = {
  id: true,
  localId: true,
  givenName: true,
  familyName: true,
  email: true,
  department: true,
  kind: true,
  state: true,
  leavesOn: true,
  endDatedAt: true,
  pausedAt: true,
  leftAt: true,
  missingSince: true,
  confidential: true,
  knownOrcid: true,
  origin: true,
  addedAt: true,
  orcid: true,
  orcidName: true,
  connection: true,
  firstConnectedAt: true,
  appointments: {
    select: { department: true, title: true, kind: true, startOn: true, endOn: true, primary: true },
  },
  bindings: {
    orderBy: { madeAt: 'asc' },
    select: {
      proof: true,
      madeByKind: true,
      madeAt: true,
      confirmedAt: true,
      endedAt: true,
      ended: true,
      reason: true,
      researcher: { select: { orcid: true } },
    },
  },
  affiliations: {
    orderBy: { addedAt: 'asc' },
    select: {
      kind: true,
      externalId: true,
      title: true,
      department: true,
      startOn: true,
      endOn: true,
      url: true,
      origin: true,
      state: true,
      addedAt: true,
      changedAt: true,
    },
  },
  conflicts: { select: { kind: true, openedAt: true, resolvedAt: true, resolution: true, reason: true } },
  otherSide: { select: { kind: true, openedAt: true, resolvedAt: true, resolution: true, reason: true } },
  language: true,
  doNotAsk: { select: { reason: true, at: true, until: true } },
  invitations,
  approvals: { select: { day: true, approvedAt: true } },
  suppressions: { select: { reason: true, at: true } },
  merged: {
    select: {
      localId: true,
      givenName: true,
      familyName: true,
      email: true,
      department: true,
      kind: true,
      addedAt: true,
    },
  },
} satisfies Prisma.PersonSelect

/** Of mails, rows of files, attempts and exports, the newest: years of them. */
const rowsMax = 10_000

const aboutEvent = z.object({ at: z.date(), action: z.string(), actorKind: z.string() })

export type AboutPerson = Prisma.PersonGetPayload<{ select: typeof held }> &
  Awaited<ReturnType<typeof listAround>> & { events: z.infer<typeof aboutEvent>[] }

/** Everything that is held about somebody, for their right of access. Says who took it away. Null if unknown. */
export function takeAbout(
  actor: StaffActor | SystemActor,
  id: string,
  requestId?: string,
): Promise<AboutPerson | null> {
  return inTransaction(async (tx) => {
    const person = await tx.person.findUnique({ where: { id }, select: { ...held, researcherId: true } })
    if (!person) return null
    const { researcherId, ...rest } = person
    await recordEvent(tx, actor, {
      action: 'person.data_downloaded',
      researcherId,
      requestId,
      detail: { personId: id },
    })
    const events = await queryRows(
      tx,
      aboutEvent,
      Prisma.sql`
      select at, action, actor_kind::text as "actorKind" from audit_event
      where detail ->> 'personId' = ${id} order by id`,
    )
    return { ...rest, ...(await listAround(tx, { id, researcherId })), events }
  })
}

/** What hangs on somebody, and on entries that were merged into theirs. */
async function listAround(tx: Tx, { id, researcherId }: { id: string; researcherId: string | null }) {
  const entries = await tx.person.findMany({ where: { OR: [{ id }, { mergedIntoId: id }] }, select: { id: true } })
  const personId = { in: entries.map((entry) => entry.id) }
  const mails = await tx.mail.findMany({
    where: { personId },
    orderBy: { madeAt: 'desc' },
    take: rowsMax,
    select: mail,
  })
  const imports = await tx.importRow.findMany({
    where: { personId },
    orderBy: { import: { madeAt: 'desc' } },
    take: rowsMax,
    select: importRow,
  })
  // By a personal link, without connecting: who connected finds theirs on the page of their iD.
  const attempts = await tx.authorizationAttempt.findMany({
    where: { invitation: { personId }, researcherId: null },
    orderBy: { startedAt: 'desc' },
    take: rowsMax,
    select: { reference: true, locale: true, scopesAsked: true, startedAt: true, endedAt: true, outcome: true },
  })
  // The first and last ids of a part exclude most parts cheaply.
  const exports = await queryRows(
    tx,
    z.object({ action: z.string(), at: z.date() }),
    Prisma.sql`
    select action, min(at) as at from export_part
    where (first_researcher_id <= ${researcherId}::uuid and last_researcher_id >= ${researcherId}::uuid
        and researcher_ids @> array[${researcherId}::uuid])
      or exists (select from unnest(${personId.in}::uuid[]) as entry
        where first_person_id <= entry and last_person_id >= entry and person_ids @> array[entry])
    group by export_id, action order by min(at) desc limit ${rowsMax}`,
  )
  return { mails, imports, attempts, exports }
}

/** The id of the person with this number; the number of somebody who was merged leads to the other entry. */
export async function findIdByLocalId(_actor: StaffActor | SystemActor, localId: string): Promise<string | null> {
  const found = await db().person.findUnique({ where: { localId }, select: { id: true, mergedIntoId: true } })
  return found?.mergedIntoId ?? found?.id ?? null
}

/** The ids of the people with this number or, if nobody has it, with this address: two at most. */
export async function findIdsByNumberOrAddress(actor: StaffActor, typed: string): Promise<string[]> {
  const id = await findIdByLocalId(actor, typed)
  if (id) return [id]
  const found = await queryRows(
    db(),
    z.object({ id: z.string() }),
    Prisma.sql`
      select distinct coalesce(merged_into_id, id)::text as id from person where lower(email) = ${typed.toLowerCase()} limit 2`,
  )
  return found.map((person) => person.id)
}

/** What the public page about people who never connected needs to know. */
export async function findRosterUse() {
  const has = async (where: Prisma.PersonWhereInput) =>
    (await db().person.findFirst({ where, select: { id: true } })) !== null
  const [isImported, isEntered, hasKnownIds, isInvited] = await Promise.all([
    has({ origin: 'imported' }),
    has({ origin: 'entered' }),
    has({ knownOrcid: { not: null } }),
    has({ invitations: { some: {} } }),
  ])
  return { isUsed: isImported || isEntered, isImported, isEntered, hasKnownIds, isInvited }
}

/** Whether anybody is here who need not have connected. False while the database is away. */
export async function isRosterUsed(): Promise<boolean> {
  try {
    return (await db().person.findFirst({ where: { origin: { not: 'connected' } }, select: { id: true } })) !== null
  } catch (error) {
    if (isDatabaseUnavailable(error)) return false
    throw error
  }
}
