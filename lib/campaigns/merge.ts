import 'server-only'
import { z } from 'zod'
import { localeOf, withoutSuppressed } from '@/lib/campaigns/audience'
import { makeLink } from '@/lib/campaigns/links'
import type { Campaign } from '@/lib/campaigns/queries'
import { mayMerge } from '@/lib/campaigns/steps'
import { toDay } from '@/lib/config/day'
import { env } from '@/lib/config/env'
import { inTransaction, Prisma, queryRows } from '@/lib/db'

export const mergeColumns = ['name', 'email', 'language', 'subject', 'link', 'link_until'] as const
export type MergeRow = Record<(typeof mergeColumns)[number], string>

/** The people in a file for a mail merge: those who are still to be asked. */
export const selectMerged = (campaign: Campaign): Prisma.Sql => Prisma.sql`
  select person.id, researcher_id from invitation i join person on person.id = i.person_id where ${mayMerge(campaign)}`

const found = z.object({
  id: z.string(),
  invitationId: z.string(),
  name: z.string().nullable(),
  email: z.string(),
  locale: z.string(),
})

/** Links are made in transactions of so many. */
const linksPerTransaction = 200

/** The rows, each with a link that is made for it. `exportId`: of the parts that say who is in the file. */
export async function* listMergeRows(
  campaign: Campaign,
  exportId: string,
  subjects: Record<string, string>,
): AsyncGenerator<MergeRow> {
  const until = toDay(new Date(Date.now() + env().invitationDays * 86_400_000))
  let after: string | null = null
  do {
    const cursor: string | null = after
    const batch: { rows: MergeRow[]; next: string | null } = await inTransaction(async (tx) => {
      const people = await queryRows(
        tx,
        found,
        Prisma.sql`
          select person.id, i.id as "invitationId", name, email, ${localeOf()} as locale
          from invitation i join person on person.id = i.person_id
          where ${mayMerge(campaign)} ${cursor ? Prisma.sql`and i.person_id > ${cursor}::uuid` : Prisma.empty}
            and exists (select from export_part p where p.export_id = ${exportId}::uuid and person.id = any(p.person_ids))
          order by i.person_id limit ${linksPerTransaction}`,
      )
      const rows: MergeRow[] = []
      for (const { invitationId, name, email, locale } of await withoutSuppressed(tx, people)) {
        const link = await makeLink(tx, { invitationId, email: null })
        rows.push({
          name: name ?? '',
          email,
          language: locale,
          subject: subjects[locale] ?? '',
          link,
          link_until: until,
        })
      }
      return { rows, next: people.length === linksPerTransaction ? (people.at(-1)?.id ?? null) : null }
    })
    yield* batch.rows
    after = batch.next
  } while (after)
}
