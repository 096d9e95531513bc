import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { OrcidId } from '@/app/_components/orcid-id'
import { When } from '@/app/_components/when'
import { Invitations } from '@/app/staff/team/_components/invitations'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { readSavedForm, takeSavedFields } from '@/lib/auth/saved-form'
import { env } from '@/lib/config/env'
import { orcidUri } from '@/lib/orcid/id'
import { listAuthenticated } from '@/lib/researchers/queries'
import { listOpenInvitations, listStaff } from '@/lib/staff/queries'
import { roles } from '@/lib/staff/staff'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.team'))('title'), robots: { index: false } }
}

const notes = ['changed', 'removed', 'withdrawn', 'shown-once', 'last-admin', 'gone'] as const
const warnings: readonly string[] = ['shown-once', 'last-admin', 'gone']

type Props = { searchParams: Promise<{ note?: string | string[]; kept?: string }> }

/** Who may use these pages, and what each role allows. */
export default availablePage(async function TeamPage({ searchParams }: Props) {
  const actor = await requireStaff('viewer')
  const t = await getTranslations('staff')
  const isAdmin = actor.role === 'admin'
  const [members, invitations] = await Promise.all([listStaff(actor), isAdmin ? listOpenInvitations(actor) : []])
  const { note: said, kept } = await searchParams
  const keptFields = kept && isAdmin ? await takeSavedFields('/staff/team/invitations') : null
  const note = notes.find((one) => one === said)
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
      {note ? <Notice tone={warnings.includes(note) ? 'warn' : 'good'}>{t(`team.notes.${note}`)}</Notice> : null}
      <ul aria-label={t('team.caption')} className="card card-list">
        {members.map(({ id, orcid, name, role, addedAt, origin }) => (
          <li
            key={orcid}
            className="grid items-center gap-x-6 gap-y-1 py-3 sm:grid-cols-[minmax(0,1.2fr)_minmax(0,1.6fr)_minmax(0,1.4fr)_auto]"
          >
            <span className="font-medium [overflow-wrap:anywhere]">
              {name ? (
                <bdi translate="no">{name}</bdi>
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
                {t(origin === 'STAFF_ADMINS' ? 'team.configured' : 'team.invited')}
              </span>
            </span>
            {isAdmin ? (
              <a href={`/staff/team/${id}`} className="no-print inline-flex min-h-8 items-center justify-self-start">
                {t('team.change')}
                <span className="sr-only"> {name ?? orcid}</span>
              </a>
            ) : null}
          </li>
        ))}
      </ul>
      {isAdmin ? <Invitations invitations={invitations} keptRole={readSavedForm(keptFields, 'role')} /> : null}
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
