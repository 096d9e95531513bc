import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import type { StaffActor } from '@/lib/actor'
import { findConfidentialPerson } from '@/lib/people/queries'

/** Leads administrators, who search for a whole number or iD, to somebody who is in no list. */
export async function ConfidentialNotice({ actor, q }: { actor: StaffActor; q: string | null }) {
  const id = q ? await findConfidentialPerson(actor, q) : null
  if (!id) return null
  const t = await getTranslations('staff.people')
  return (
    <Notice>
      <p>{t.rich('confidential', { link: (words) => <a href={`/staff/people/${id}`}>{words}</a> })}</p>
    </Notice>
  )
}
