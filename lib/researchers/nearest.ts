import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { isStatementTimeout, Prisma, queryRows, withListTimeout } from '@/lib/db'
import { visibleTo } from '@/lib/list/visible'
import { isListed } from '@/lib/researchers/condition'

const person = z.object({ orcid: z.string(), name: z.string() })

export type NearPerson = z.infer<typeof person>

const shown = 5
const wordsMax = 100

/** People whom the actor sees and whose names look most like a text that found nobody, for example one with a typing mistake. */
export async function listNearest(actor: StaffActor, text: string): Promise<NearPerson[]> {
  const words = text.slice(0, wordsMax)
  if (!/\p{L}{3}/u.test(words)) return []
  try {
    return await withListTimeout(async (tx) => {
      await tx.$queryRaw(Prisma.sql`set local pg_trgm.word_similarity_threshold = 0.45`)
      return queryRows(
        tx,
        person,
        Prisma.sql`
          select orcid, name from person
          where is_like(${words}, search_text) and name is not null and ${isListed} and ${visibleTo(actor)}
          order by likeness(${words}, search_text) desc, name, orcid limit ${shown}`,
      )
    })
  } catch (error) {
    if (isStatementTimeout(error)) return []
    throw error
  }
}
