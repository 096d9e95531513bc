import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { When } from '@/app/_components/when'
import { BackLink } from '@/app/staff/_components/back-link'
import { PersonLink } from '@/app/staff/_components/person-link'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { listWrongLinks } from '@/lib/campaigns/one-person'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.wrongLinks'))('title'), robots: { index: false } }
}

/** Personal links that reached somebody else. */
export default availablePage(async function WrongLinksPage() {
  const actor = await requireStaff('invitePeople')
  const t = await getTranslations('staff.wrongLinks')
  const links = await listWrongLinks(actor)
  return (
    <div className="max-w-[48rem] space-y-6">
      <BackLink href="/staff/attention">{t('back')}</BackLink>
      <div className="space-y-3">
        <h1>{t('title')}</h1>
        <p>{t('lead')}</p>
      </div>
      {links.length === 0 ? <EmptyState>{t('none')}</EmptyState> : null}
      {links.length > 0 ? (
        <ul className="card card-list">
          {links.map(({ personId, name, orcid, email, notMeAt }) => (
            <li key={`${personId} ${notMeAt.toISOString()}`} className="space-y-1 py-3 [overflow-wrap:anywhere]">
              <PersonLink id={personId} name={name} orcid={orcid} />
              <span className="note block">
                {email ? <bdi translate="no">{email}</bdi> : t('inFile')} · <When at={notMeAt} />
              </span>
              <a href={`/staff/people/${personId}/invite`} className="text-sm">
                {t('links')}
              </a>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  )
})
