import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { OrcidId } from '@/app/_components/orcid-id'
import { When } from '@/app/_components/when'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { env } from '@/lib/env'
import { orcidUri } from '@/lib/orcid/id'
import { listAuthenticated } from '@/lib/researchers/queries'
import { listStaff } from '@/lib/staff/queries'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.team'))('title'), robots: { index: false } }
}

const roles = ['viewer', 'manager', 'admin'] as const

/** Who may use these pages, and what each role allows. */
export default availablePage(async function TeamPage() {
  const actor = await requireStaff('viewer')
  const t = await getTranslations('staff')
  const members = await listStaff(actor)
  const authenticated = new Set(
    await listAuthenticated(
      actor,
      members.map(({ orcid }) => orcid),
    ),
  )
  return (
    <div className="space-y-8">
      <div className="space-y-2">
        <h1>{t('team.title')}</h1>
        <p className="max-w-[65ch] text-ink-soft">{t('team.lead')}</p>
      </div>
      <ul aria-label={t('team.caption')} className="card divide-y divide-line py-1!">
        {members.map(({ orcid, name, role, addedAt, origin }) => (
          <li
            key={orcid}
            className="grid items-center gap-x-6 gap-y-1 py-3 sm:grid-cols-[minmax(0,1.2fr)_minmax(0,1.6fr)_minmax(0,1.4fr)]"
          >
            <span className="font-medium [overflow-wrap:anywhere]">
              {name ? (
                <bdi>{name}</bdi>
              ) : (
                <span className="text-ink-soft">{t(authenticated.has(orcid) ? 'nameNotPublic' : 'team.notYet')}</span>
              )}
            </span>
            <OrcidId
              uri={orcidUri(orcid, env().orcid.registry)}
              name={name}
              authenticated={authenticated.has(orcid)}
              format="compact"
            />
            <span className="text-sm">
              <span className="block font-medium">{t(`roles.${role}`)}</span>
              <span className="note block">
                {t.rich('team.since', { when: () => <When key="since" at={addedAt} show="date" /> })}
                {' · '}
                {origin === 'STAFF_ADMINS' ? t('team.configured') : origin}
              </span>
            </span>
          </li>
        ))}
      </ul>
      <section aria-labelledby="roles" className="space-y-3">
        <h2 id="roles">{t('team.meaning')}</h2>
        <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-[auto_1fr]">
          {roles.map((role) => (
            <div key={role} className="sm:contents">
              <dt className="font-medium">{t(`roles.${role}`)}</dt>
              <dd className="text-ink-soft">{t(`team.means.${role}`)}</dd>
            </div>
          ))}
        </dl>
      </section>
    </div>
  )
})
