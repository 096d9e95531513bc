import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { When } from '@/app/_components/when'
import { BackTo } from '@/app/staff/_components/back-link'
import { listBatches } from '@/lib/affiliations/batch-queries'
import { availablePage, requireStaff } from '@/lib/auth/gates'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.people.batch'))('list'), robots: { index: false } }
}

/** The latest actions on several people of whoever looks, to go on with one or undo it. */
export default availablePage(async function BatchesPage() {
  const actor = await requireStaff('changeMany')
  const t = await getTranslations('staff.people.batch')
  const batches = await listBatches(actor)
  return (
    <div className="max-w-[56rem] space-y-6">
      <div>
        <BackTo page="people" />
        <h1>{t('list')}</h1>
      </div>
      {batches.length === 0 ? (
        <EmptyState action={{ href: '/staff/people', label: t('toPeople') }}>{t('listEmpty')}</EmptyState>
      ) : (
        <ul className="card card-list">
          {batches.map(({ id, action, madeAt, counts }) => (
            <li key={id} className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 py-3">
              <a href={`/staff/people/batches/${id}`} className="font-medium">
                {t(`titles.${action}`)}
              </a>
              <span className="note">
                {(['done', 'planned', 'undone'] as const)
                  .filter((state) => counts[state] > 0)
                  .map((state) => `${t(`states.${state}`)}: ${counts[state]}`)
                  .join(' · ')}
              </span>
              <span className="note">
                <When at={madeAt} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
})
