import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { ItemList } from '@/app/staff/_components/item-list'
import { findAffiliation } from '@/lib/affiliations/queries'
import { requireMemberStaff } from '@/lib/auth/gates'

export async function generateMetadata(): Promise<Metadata> {
  return {
    title: (await getTranslations('staff.affiliations'))('deleteTitle', { kind: 'other' }),
    robots: { index: false },
  }
}

type Props = { params: Promise<{ affiliation: string }> }

/** What deleting an item means, and the button. */
export default async function DeleteAffiliationPage({ params }: Props) {
  const actor = await requireMemberStaff('writeAffiliations')
  const id = z.uuid().safeParse((await params).affiliation)
  const item = id.success ? await findAffiliation(actor, id.data) : null
  if (!item) notFound()
  const t = await getTranslations('staff.affiliations')
  return (
    <div className="max-w-[40rem] space-y-6">
      <h1>{t('deleteTitle', { kind: item.kind })}</h1>
      <ItemList label={t('one')} items={[item]} />
      <p>{t('deleteMeans')}</p>
      {item.kind === 'work' ? null : <p>{t('deleteOrEnd')}</p>}
      <form method="post" action="/staff/affiliations/removal" className="flex flex-wrap items-center gap-x-6 gap-y-3">
        <input type="hidden" name="affiliation" value={item.id} />
        <button type="submit" className="btn btn-danger">
          {t('deleteButton', { kind: item.kind })}
        </button>
        <a href={`/staff/affiliations/${item.id}`}>{t('keep', { kind: item.kind })}</a>
      </form>
    </div>
  )
}
