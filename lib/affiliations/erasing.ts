import 'server-only'
import type { Tx } from '@/lib/db'

/** Deletes the items and drafts of a researcher who is being erased. Their ORCID record keeps its items. */
export async function eraseAffiliations(tx: Tx, researcher: { id: string; orcid: string }): Promise<void> {
  await tx.affiliation.deleteMany({ where: { researcherId: researcher.id } })
  await tx.$executeRaw`
    delete from affiliation_draft where strpos(content::text, ${researcher.orcid}) > 0
      or strpos(content::text, (select id::text from person where researcher_id = ${researcher.id}::uuid)) > 0`
}
