import { getTranslations } from 'next-intl/server'
import { When } from '@/app/_components/when'
import { Fact, Facts } from '@/app/staff/_components/facts'
import { RestoredInputNotice } from '@/app/staff/_components/restored-input-notice'
import { toOutcome } from '@/app/staff/conflicts/_components/answers'
import { ReasonField } from '@/app/staff/conflicts/_components/reason-field'
import { readSavedForm, type SavedFields } from '@/lib/auth/saved-form'
import type { ShownConflict } from '@/lib/people/conflict-queries'

type Props = { conflict: ShownConflict; mayDecide: boolean; kept: SavedFields | null }

/** What was decided, by whom, when and why, and the way back. */
export async function Outcome({ conflict, mayDecide, kept }: Props) {
  const t = await getTranslations('staff.conflicts')
  const { id, kind, resolution, resolvedAt, resolvedBy, reason } = conflict
  if (!resolution || !resolvedAt) return null
  return (
    <section aria-labelledby="outcome" className="card max-w-[44rem] space-y-3">
      <h2 id="outcome">{t(`resolutions.${toOutcome({ kind, resolution })}`)}</h2>
      <Facts>
        <Fact name={t('decidedAt')}>
          <When at={resolvedAt} show="time" />
        </Fact>
        <Fact name={t('decidedBy')}>
          {resolvedBy ? <bdi translate="no">{resolvedBy.name ?? resolvedBy.orcid}</bdi> : t('decidedAlong')}
        </Fact>
        {reason ? (
          <Fact name={t('why')}>
            <span dir="auto" translate="no" className="whitespace-pre-line [overflow-wrap:anywhere]">
              {reason}
            </span>
          </Fact>
        ) : null}
      </Facts>
      {mayDecide ? (
        <details className="no-print" open={kept !== null}>
          <summary className="inline-flex min-h-6 items-center text-accent underline">{t('reopen.title')}</summary>
          <form method="post" action="/staff/conflicts/reopening" className="mt-3 space-y-3">
            <input type="hidden" name="conflict" value={id} />
            {kept ? <RestoredInputNotice /> : null}
            <p>{t('reopen.means')}</p>
            <ReasonField id="reopen-reason" label={t('reason')} defaultValue={readSavedForm(kept, 'reason')} />
            <button type="submit" className="btn btn-danger">
              {t('reopen.button')}
            </button>
          </form>
        </details>
      ) : null}
    </section>
  )
}
