import 'server-only'
import type { ApiActor, SystemRight } from '@/lib/actor'
import { db, type Executable, Prisma } from '@/lib/db'

/** Whether the system has used a right for this person alone, within the year for which that is kept. */
export async function hasUsed({ systemId }: ApiActor, researcherId: string): Promise<boolean> {
  return (await db().systemUse.findFirst({ where: { systemId, researcherId }, select: { id: true } })) !== null
}

/** Keeps who used what on which day; null: a list, counted once for all who are in it. */
export async function recordUse(
  tx: Executable,
  actor: ApiActor,
  right: SystemRight,
  personIds: readonly string[] | null,
): Promise<void> {
  if (personIds === null) {
    await tx.$executeRaw(Prisma.sql`
      insert into system_use as kept (system_id, "right", used_on)
      values (${actor.systemId}::uuid, ${right}, (now() at time zone 'UTC')::date)
      on conflict (system_id, "right", used_on) where researcher_id is null
      do update set times = kept.times + 1, last_at = now()`)
    return
  }
  // In one order, so that two requests never wait for each other.
  await tx.$executeRaw(Prisma.sql`
    insert into system_use as kept (system_id, researcher_id, "right", used_on)
    select ${actor.systemId}::uuid, researcher_id, ${right}, (now() at time zone 'UTC')::date
    from person where id = any(${[...personIds]}::uuid[]) and researcher_id is not null order by researcher_id
    on conflict (system_id, researcher_id, "right", used_on) where researcher_id is not null
    do update set times = kept.times + 1, last_at = now()`)
}
