import 'server-only'
import { z } from 'zod'
import type { ApiActor } from '@/lib/actor'
import { inTransaction, Prisma, queryRows, type Tx } from '@/lib/db'
import { covered } from '@/lib/systems/coverage'
import { judgeChange, type Known, type Standing } from '@/lib/webhooks/event'

const batchSize = 1_000

const changeRow = z.object({
  position: z.bigint(),
  personId: z.string(),
  itemId: z.string().nullable(),
  intoId: z.string().nullable(),
  kind: z.string().nullable(),
  at: z.date(),
})
type Change = z.infer<typeof changeRow>

const standingRow = z.object({
  personId: z.string(),
  known: z.enum(['covered', 'paused', 'ended']).nullable(),
  isCovered: z.boolean(),
  hasStopped: z.boolean(),
})

/** Turns the next changes into deliveries. Returns whether there may be more. */
export function fanOut(actor: ApiActor, webhookId: string): Promise<boolean> {
  return inTransaction(async (tx) => {
    const [webhook] = await queryRows(
      tx,
      z.object({ position: z.bigint() }),
      Prisma.sql`select position from webhook where id = ${webhookId}::uuid and state = 'on' for update skip locked`,
    )
    if (!webhook) return false
    const changes = await queryRows(
      tx,
      changeRow,
      Prisma.sql`
        select position, person_id::text as "personId", item_id::text as "itemId", into_id::text as "intoId", kind, at
        from change_log
        where position > ${webhook.position} and (system_id is null or system_id = ${actor.systemId}::uuid)
        order by position limit ${batchSize}`,
    )
    const last = changes.at(-1)
    if (!last) return false
    await save(tx, webhookId, await judgeAll(tx, actor, webhookId, changes))
    await tx.webhook.update({ where: { id: webhookId }, data: { position: last.position }, select: { id: true } })
    return changes.length === batchSize
  })
}

type Judged = { deliveries: (Change & { type: string })[]; known: Map<string, Known | null> }

async function judgeAll(tx: Tx, actor: ApiActor, webhookId: string, changes: Change[]): Promise<Judged> {
  const standings = await readStandings(tx, actor, webhookId, [...new Set(changes.map(({ personId }) => personId))])
  const known = new Map<string, Known | null>()
  const deliveries: Judged['deliveries'] = []
  for (const change of changes) {
    const standing = standings.get(change.personId) ?? { known: null, isCovered: false, hasStopped: false }
    const [type, next] = judgeChange(change.kind, standing)
    if (type) deliveries.push({ ...change, type })
    if (next !== standing.known) known.set(change.personId, next)
    standings.set(change.personId, { ...standing, known: next })
  }
  // Who is no longer covered for a reason that has no event of its own.
  for (const [personId, standing] of standings) {
    const last = changes.findLast((change) => change.personId === personId)
    if (!last || standing.isCovered || standing.known !== 'covered') continue
    deliveries.push({ ...last, itemId: null, intoId: null, type: 'permission.paused' })
    known.set(personId, 'paused')
  }
  return { deliveries, known }
}

/** How things are now with each of them, for this system. */
export async function readStandings(
  tx: Tx,
  actor: ApiActor,
  webhookId: string,
  personIds: readonly string[],
): Promise<Map<string, Standing>> {
  const rows = await queryRows(
    tx,
    standingRow,
    Prisma.sql`
      select wanted.id::text as "personId", k.state::text as known,
        coalesce((select ${covered(actor, 'events:read')} from person where person.id = wanted.id), false) as "isCovered",
        exists (select from person p join system_stop x on x.researcher_id = p.researcher_id
          where p.id = wanted.id and x.system_id = ${actor.systemId}::uuid) as "hasStopped"
      from unnest(${[...personIds]}::uuid[]) as wanted (id)
        left join webhook_person k on k.webhook_id = ${webhookId}::uuid and k.person_id = wanted.id`,
  )
  return new Map(rows.map(({ personId, ...standing }) => [personId, standing]))
}

async function save(tx: Tx, webhookId: string, { deliveries, known }: Judged): Promise<void> {
  await tx.delivery.createMany({
    data: deliveries.map(({ kind: _kind, at, ...event }) => ({ ...event, webhookId, happenedAt: at })),
  })
  const rows = [...known].map(([personId, state]) => ({ personId, state }))
  await tx.$executeRaw`
    insert into webhook_person (webhook_id, person_id, state)
    select ${webhookId}::uuid, "personId", state::webhook_person_state
    from jsonb_to_recordset(${JSON.stringify(rows.filter(({ state }) => state))}::jsonb) as row ("personId" uuid, state text)
    on conflict (webhook_id, person_id) do update set state = excluded.state`
  const gone = rows.flatMap(({ personId, state }) => (state ? [] : [personId]))
  if (gone.length > 0) await tx.webhookPerson.deleteMany({ where: { webhookId, personId: { in: gone } } })
}
