import { getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { When } from '@/app/_components/when'
import type { SentLink } from '@/lib/campaigns/one-person'

/** The personal links that somebody was sent: when, to which address, and what became of each. */
export async function SentLinks({ personId, links }: { personId: string; links: readonly SentLink[] }) {
  const t = await getTranslations('staff.invite.links')
  const works = links.filter(({ state }) => state === 'open' || state === 'used')
  return (
    <section aria-labelledby="links" className="space-y-3">
      <h2 id="links">{t('title')}</h2>
      <p className="note max-w-[65ch]">{t('means')}</p>
      {links.length === 0 ? <EmptyState>{t('none')}</EmptyState> : null}
      {links.length > 0 ? (
        <form method="post" action="/staff/people/invite/revocation" className="space-y-3">
          <input type="hidden" name="person" value={personId} />
          <ul className="card card-list">
            {links.map((link) => (
              <li key={link.id} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1 py-3">
                <span className="min-w-0 [overflow-wrap:anywhere]">
                  <span className="block font-medium">
                    {link.email ? <bdi translate="no">{link.email}</bdi> : t('inFile')}
                  </span>
                  <span className="note block">
                    <When at={link.madeAt} /> · {link.campaign ?? t('noCampaign')}
                  </span>
                  {link.notMeAt ? (
                    <span className="block text-sm text-warn">
                      {t.rich('notMe', {
                        when: () => <When key="when" at={link.notMeAt ?? link.madeAt} show="date" />,
                      })}
                    </span>
                  ) : null}
                </span>
                <span className="flex items-center gap-4 text-sm">
                  {t(`states.${link.state}`)}
                  {works.includes(link) ? (
                    <button type="submit" name="link" value={link.id} className="link-button">
                      {t('revoke')}
                    </button>
                  ) : null}
                </span>
              </li>
            ))}
          </ul>
          {works.length > 1 ? (
            <button type="submit" className="btn btn-quiet">
              {t('revokeAll')}
            </button>
          ) : null}
        </form>
      ) : null}
    </section>
  )
}
