import { getTranslations } from 'next-intl/server'
import { When } from '@/app/_components/when'
import { SelectMenu } from '@/app/staff/_components/fields'
import { RestoredInputNotice } from '@/app/staff/_components/restored-input-notice'
import type { listOpenInvitations } from '@/lib/staff/queries'
import { roles } from '@/lib/staff/staff'

type Props = {
  invitations: Awaited<ReturnType<typeof listOpenInvitations>>
  /** The role that they had chosen before they were signed out. */
  keptRole?: string
}

/** For administrators: a link with which somebody joins, and the ones that nobody has used yet. */
export async function Invitations({ invitations, keptRole }: Props) {
  const t = await getTranslations('staff')
  return (
    <section aria-labelledby="invite" className="space-y-3">
      <h2 id="invite">{t('team.invite')}</h2>
      <p className="max-w-[65ch] text-ink-soft">{t('team.inviteHint')}</p>
      {keptRole ? <RestoredInputNotice /> : null}
      <form method="post" action="/staff/team/invitations" className="no-print flex flex-wrap items-end gap-3">
        <div className="w-48">
          <SelectMenu
            name="role"
            label={t('team.role')}
            options={roles.map((role) => ({ value: role, words: t(`roles.${role}`) }))}
            value={roles.find((role) => role === keptRole) ?? 'viewer'}
          />
        </div>
        <button type="submit" className="btn btn-primary">
          {t('team.makeLink')}
        </button>
      </form>
      {invitations.length > 0 ? (
        <ul aria-label={t('team.openLinks')} className="card card-list">
          {invitations.map(({ id, role, madeAt, expiresAt, madeBy }) => (
            <li key={id} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-3">
              <span className="min-w-0">
                <span className="block font-medium">{t('team.openLink', { role: t(`roles.${role}`) })}</span>
                <span className="note block">
                  {t.rich('team.madeBy', {
                    name: () => (
                      <bdi translate="no" key="name">
                        {madeBy.name ?? madeBy.orcid}
                      </bdi>
                    ),
                    when: () => <When key="made" at={madeAt} />,
                  })}
                  {' · '}
                  {t.rich('team.until', { when: () => <When key="until" at={expiresAt} /> })}
                </span>
              </span>
              <form method="post" action="/staff/team/invitations/withdrawal" className="no-print">
                <input type="hidden" name="invitation" value={id} />
                <button type="submit" className="btn btn-quiet">
                  {t('team.withdrawLink')}
                </button>
              </form>
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  )
}
