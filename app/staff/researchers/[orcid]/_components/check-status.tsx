import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { OrcidId } from '@/app/_components/orcid-id'
import { When } from '@/app/_components/when'
import { orcidUri } from '@/lib/orcid/id'
import type { Merger } from '@/lib/researchers/queries'
import type { ShownResearcher } from '@/lib/researchers/rows'

type Props = {
  researcher: ShownResearcher
  merger: Merger
  asked: 'done' | 'waiting' | null
  /** When ORCID first refused a token, while that is being checked. */
  refusedSince: Date | null
  /** Whether something is permitted whose token is not here. */
  lacksToken: boolean
}

/** What ORCID said last about this person, where there is more to say than a state. */
export async function CheckStatusNotice({ researcher, merger, asked, refusedSince, lacksToken }: Props) {
  const t = await getTranslations('staff.checkStatus')
  const { registry, finding, unansweredSince } = researcher
  return (
    <div className="space-y-3 empty:hidden">
      {asked ? (
        <Notice tone={asked === 'done' && !unansweredSince ? 'good' : 'info'}>{t(`asked.${asked}`)}</Notice>
      ) : null}
      {lacksToken ? <Notice tone="warn">{t('withoutToken')}</Notice> : null}
      {refusedSince ? (
        <Notice>{t.rich('beingChecked', { when: () => <When key="refused" at={refusedSince} show="time" /> })}</Notice>
      ) : null}
      {finding && finding !== 'good' && finding !== 'being_checked' ? (
        <Notice tone="warn">{t(`found.${finding}`)}</Notice>
      ) : null}
      {unansweredSince ? (
        <Notice>{t.rich('unanswered', { when: () => <When key="since" at={unansweredSince} /> })}</Notice>
      ) : null}
      {merger.into ? (
        <Notice>
          <p>{merger.into.isHere ? t('mergedHere') : t('merged')}</p>
          <p className="flex flex-wrap items-center gap-x-4">
            <OrcidId uri={orcidUri(merger.into.orcid, registry)} authenticated={merger.into.isHere} />
            {merger.into.isHere ? <a href={`/staff/researchers/${merger.into.orcid}`}>{t('theirPage')}</a> : null}
          </p>
        </Notice>
      ) : null}
      {merger.from.length > 0 ? (
        <Notice>
          <p>{t('mergedFrom', { count: merger.from.length })}</p>
          <ul>
            {merger.from.map((earlier) => (
              <li key={earlier} className="flex flex-wrap items-center gap-x-4">
                <OrcidId uri={orcidUri(earlier, registry)} authenticated={false} />
                <a href={`/staff/researchers/${earlier}`}>{t('theirPage')}</a>
              </li>
            ))}
          </ul>
        </Notice>
      ) : null}
    </div>
  )
}
