import '@/app/staff/_components/charts/charts.css'
import { getFormatter, getTranslations } from 'next-intl/server'
import { getShareWords } from '@/app/staff/_components/share-words'
import { getInvitedWords, listInvitedStates } from '@/app/staff/campaigns/_components/invited-words'
import type { CampaignFunnel } from '@/lib/campaigns/funnel'
import { invitedHref } from '@/lib/campaigns/invited'
import { type Campaign, refusalsLeast } from '@/lib/campaigns/queries'

type Props = {
  campaign: Campaign
  funnel: CampaignFunnel
  /** Null for fewer than ten. */
  refusals: number | null
}

/** How far those who are asked have come, each number with the way to its people. */
export async function FunnelSection({ campaign, funnel: { all, isKept }, refusals }: Props) {
  const toWords = await getInvitedWords(campaign)
  const figures = ['invited', ...listInvitedStates(campaign)] as const
  const t = await getTranslations('staff.campaigns.funnel')
  const format = await getFormatter()
  const say = await getShareWords()
  return (
    <section aria-labelledby="funnel" className="space-y-3">
      <h2 id="funnel">{t('title')}</h2>
      {isKept ? <p className="text-ink-soft">{t('kept')}</p> : null}
      <div className="card">
        <table className="figures">
          <caption className="sr-only">{t('title')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('heads.state')}</th>
              <th scope="col">{t('heads.people')}</th>
              <th scope="col">{t('heads.share')}</th>
            </tr>
          </thead>
          <tbody>
            {figures.map((figure) => (
              <tr key={figure}>
                <th scope="row">{figure === 'invited' ? t('invited') : toWords(figure)}</th>
                <td>
                  <FigureLink
                    href={isKept ? null : invitedHref(campaign.id, { state: figure === 'invited' ? null : figure })}
                    words={format.number(all[figure])}
                  />
                </td>
                <td>{all.invited > 0 ? say({ people: all.invited, connected: all[figure] }) : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="no-print">
        <a href={`/staff/campaigns/${campaign.id}/missing`} className="inline-flex min-h-8 items-center">
          {t('toGroups')}
        </a>
      </p>
      <p className="note max-w-[65ch]">{t('means')}</p>
      <p className="note max-w-[65ch]">
        {refusals === null ? t('fewRefusals', { least: refusalsLeast }) : t('refusals', { count: refusals })}{' '}
        {t('refusalsMean')}
      </p>
    </section>
  )
}

/** A number, with the way to its people while they are known. */
export function FigureLink({ href, words }: { href: string | null; words: string }) {
  return href ? <a href={href}>{words}</a> : words
}
