import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { OutcomePage } from '@/app/_components/outcome'
import { canRemove, isRemovable, MyItem } from '@/app/me/_components/my-item'
import { listMyAffiliations, type ShownAffiliation } from '@/lib/affiliations/queries'
import { availablePage, requireResearcher } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'
import { findMyRefusal } from '@/lib/people/queries'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('me.refused'))('title'), robots: { index: false } }
}

/** What "This is not me" stopped, and what is on the record because of the mistake. */
export default availablePage(async function RefusedPage() {
  const { actor } = await requireResearcher()
  const [refusal, items] = await Promise.all([findMyRefusal(actor), listMyAffiliations(actor)])
  if (!refusal) redirect('/me')
  const t = await getTranslations('me.refused')
  const misplaced = items.filter((item) => item.misplaced)
  return (
    <OutcomePage
      tone="good"
      title={t('title')}
      kept={t('stopped', { count: refusal.stopped })}
      next={t(misplaced.some(isRemovable) ? 'nextRemove' : 'next')}
      actions={[{ label: t('me'), href: '/me' }]}
      reference={refusal.reference}
      supportEmail={env().institution.supportEmail}
    >
      <div className="space-y-6">
        <p>{t('told')}</p>
        {misplaced.length > 0 ? <Misplaced items={misplaced} /> : null}
      </div>
    </OutcomePage>
  )
})

async function Misplaced({ items }: { items: ShownAffiliation[] }) {
  const t = await getTranslations('me.refused')
  const count = items.filter(isRemovable).length
  return (
    <section id="items" aria-labelledby="items-title" className="space-y-3">
      <h2 id="items-title">{t('written')}</h2>
      {count > 0 ? <p id="removal-means">{t(canRemove() ? 'removeMeans' : 'cannotRemove')}</p> : null}
      <ul className="card card-list">
        {items.map((item) => (
          <MyItem key={item.id} item={item} />
        ))}
      </ul>
      {count > 0 && canRemove() ? (
        <form method="post" action="/me/person/remove-items" className="no-print">
          <button type="submit" className="btn btn-primary">
            {t('remove', { count })}
          </button>
        </form>
      ) : null}
    </section>
  )
}
