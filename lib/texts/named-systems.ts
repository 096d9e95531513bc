import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { systemRights } from '@/lib/actor'
import { toDay } from '@/lib/config/day'
import { env } from '@/lib/config/env'
import { db, Prisma, queryRows } from '@/lib/db'
import { log } from '@/lib/log'
import type { NamedSystem } from '@/lib/texts/text'

const named = z.object({
  termId: z.string(),
  name: z.string(),
  operator: z.enum(['institution', 'processor', 'member']),
  processorName: z.string().nullable(),
  purpose: z.record(z.string(), z.string()),
  rights: z.array(z.enum(systemRights)),
  scopes: z.array(z.string()),
})

/** The systems that the text above the button names, with their purpose in this language or else the first one. */
export async function listNamedSystems(locale: string): Promise<NamedSystem[]> {
  const rows = await queryRows(
    db(),
    named,
    Prisma.sql`
      select t.id::text as "termId", s.name, s.operator::text, s.processor_name as "processorName", t.purpose, t.rights,
        t.scopes
      from system s cross join lateral (
        select * from system_term where system_id = s.id order by number desc limit 1) t
      where s.stopped_at is null and (s.expires_on is null or s.expires_on >= ${toDay(new Date())}::date)
      order by s.name, s.id`,
  )
  const [first = ''] = env().institution.languages
  return rows.map(({ purpose, ...system }) => ({ ...system, purpose: purpose[locale] ?? purpose[first] ?? '' }))
}

const pageTimeoutMs = 1_000

/** None where the database does not answer soon: then nobody was told, and the text is shown all the same. */
export function listNamedSystemsSoon(locale: string): Promise<NamedSystem[]> {
  // Catch here, because nobody awaits this rejection after the timeout.
  const listed = listNamedSystems(locale).catch((error) => {
    log().warn({ err: error }, 'failed to list the systems that a text names')
    return []
  })
  return Promise.race([listed, sleep(pageTimeoutMs, [], { ref: false })])
}
