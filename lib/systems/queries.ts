import 'server-only'
import { z } from 'zod'
import { type StaffActor, systemRights } from '@/lib/actor'
import { db, Prisma, queryRows } from '@/lib/db'
import type { SystemEntry } from '@/lib/systems/commands'
import { operators } from '@/lib/systems/system'

const listed = z.object({
  id: z.string(),
  name: z.string(),
  operator: z.enum(operators),
  processorName: z.string().nullable(),
  rights: z.array(z.enum(systemRights)),
  isStopped: z.boolean(),
  expiresOn: z.string().nullable(),
  /** That can be used now. */
  keys: z.number(),
  lastUsedAt: z.date().nullable(),
})
export type ListedSystem = z.infer<typeof listed>

const systemsMax = 500

/** All systems by name, those that are stopped last. */
export function listSystems(_actor: StaffActor): Promise<ListedSystem[]> {
  return queryRows(
    db(),
    listed,
    Prisma.sql`
      select s.id::text, s.name, s.operator::text, s.processor_name as "processorName", t.rights,
        s.stopped_at is not null as "isStopped", s.expires_on::text as "expiresOn",
        count(k.id) filter (where k.revoked_at is null and (k.expires_at is null or k.expires_at > now()))::int as keys,
        max(k.last_used_at) as "lastUsedAt"
      from system s cross join lateral (
        select rights from system_term where system_id = s.id order by number desc limit 1) t
        left join api_key k on k.system_id = s.id
      group by s.id, t.rights order by s.stopped_at is not null, s.name, s.id limit ${systemsMax}`,
  )
}

const madeBy = { select: { name: true, orcid: true } } as const

export type StaffSystem = SystemEntry & {
  id: string
  isStopped: boolean
  madeAt: Date
  terms: {
    number: number
    purposeNumber: number
    rights: string[]
    madeAt: Date
    madeBy: { name: string | null; orcid: string | null }
  }[]
}

const toDay = (day: Date | null) => day?.toISOString().slice(0, 10) ?? null

/** A system by its current term, and how that came about; null if there is none. */
export async function findSystem(_actor: StaffActor, id: string): Promise<StaffSystem | null> {
  if (!z.uuid().safeParse(id).success) return null
  const row = await db().system.findUnique({
    where: { id },
    include: { terms: { orderBy: { number: 'desc' }, include: { madeBy } } },
  })
  const [term] = row?.terms ?? []
  if (!row || !term) return null
  return {
    id,
    name: row.name,
    contact: row.contact,
    operator: row.operator,
    processorName: row.processorName,
    contractOn: toDay(row.contractOn),
    networks: row.networks,
    perMinute: row.perMinute,
    expiresOn: toDay(row.expiresOn),
    receiver: row.receiver,
    isStopped: row.stoppedAt !== null,
    madeAt: row.madeAt,
    purpose: z.record(z.string(), z.string()).parse(term.purpose),
    rights: z.array(z.enum(systemRights)).parse(term.rights),
    scopes: term.scopes,
    departments: term.departments,
    kinds: term.kinds,
    terms: row.terms.map(({ number, purposeNumber, rights, madeAt, madeBy }) => ({
      number,
      purposeNumber,
      rights,
      madeAt,
      madeBy,
    })),
  }
}

/** The keys and clients of a system, newest first, without what they were made of. */
export function listKeys(_actor: StaffActor, systemId: string) {
  return db().apiKey.findMany({
    where: { systemId },
    orderBy: [{ madeAt: 'desc' }, { id: 'desc' }],
    take: systemsMax,
    select: {
      id: true,
      kind: true,
      name: true,
      beginning: true,
      madeAt: true,
      madeBy,
      expiresAt: true,
      lastUsedAt: true,
      revokedAt: true,
    },
  })
}
export type ListedKey = Awaited<ReturnType<typeof listKeys>>[number]

export const isUsable = ({ revokedAt, expiresAt }: Pick<ListedKey, 'revokedAt' | 'expiresAt'>) =>
  revokedAt === null && (expiresAt === null || expiresAt > new Date())

const used = z.object({ right: z.enum(systemRights), times: z.number(), people: z.number(), lastAt: z.date() })
export type SystemUse = z.infer<typeof used>

export const useDays = 30

/** How often each right was used in the last 30 days, and for how many people by themselves. */
export function listUse(_actor: StaffActor, systemId: string): Promise<SystemUse[]> {
  return queryRows(
    db(),
    used,
    Prisma.sql`
      select "right", sum(times)::int as times, count(distinct researcher_id)::int as people, max(last_at) as "lastAt"
      from system_use
      where system_id = ${systemId}::uuid and used_on > (now() at time zone 'UTC')::date - ${useDays}::int
      group by "right" order by "right"`,
  )
}
