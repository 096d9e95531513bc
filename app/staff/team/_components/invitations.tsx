import { getTranslations } from 'next-intl/server'
import { When } from '@/app/_components/when'
import { SelectMenu } from '@/app/staff/_components/fields'
import { RestoredInputNotice } from '@/app/staff/_components/restored-input-notice'
import { Rights } from '@/app/staff/team/_components/rights'
import type { RightsFault } from '@/app/staff/team/_components/rights-fault'
import { RightsFields, type TypedRights } from '@/app/staff/team/_components/rights-fields'
import type { listOpenInvitations } from '@/lib/staff/queries'
import { roles } from '@/lib/staff/staff'

type Props = {
  invitations: Awaited<ReturnType<typeof listOpenInvitations>>
  /** What was chosen before, where there was a fault in it or they were signed out. */
  typed: TypedRights
  isKept: boolean
  fault: RightsFault | null
  departments: readonly string[]
}

/** For administrators: a link with which somebody joins, and the ones that nobody has used yet. */
export async function Invitations({ invitations, typed, isKept, fault, departments }: Props) {
  const t = await getTranslations('staff')
  return (
    <section aria-labelledby="invite" className="space-y-3">
      <h2 id="invite">{t('team.invite')}</h2>
      <p className="max-w-[65ch] text-ink-soft">{t('team.inviteHint')}</p>
      {isKept ? <RestoredInputNotice /> : null}
      <form method="post" action="/staff/team/invitations" className="no-print space-y-4">
        <div className="w-48">
          <SelectMenu
            name="role"
            label={t('team.role')}
            options={roles.map((role) => ({ value: role, words: t(`roles.${role}`) }))}
            value={typed.role}
          />
        </div>
        <RightsFields given={typed} offered={departments} fault={fault} />
        <p className="note">{t('team.rights.notAdmins')}</p>
        <button type="submit" className="btn btn-quiet">
          {t('team.makeLink')}
        </button>
      </form>
      {invitations.length > 0 ? (
        <ul aria-label={t('team.openLinks')} className="card card-list">
          {invitations.map(({ id, role, madeAt, expiresAt, madeBy, ...rights }) => (
            <li key={id} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-3">
              <span className="min-w-0">
                <span className="block font-medium">{t('team.openLink', { role: t(`roles.${role}`) })}</span>
                <Rights role={role} {...rights} />
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
