import { getTranslations } from 'next-intl/server'
import { When } from '@/app/_components/when'
import { ConfirmProposals } from '@/app/staff/_components/confirm-proposals'
import { LeftItems } from '@/app/staff/import/[import]/_components/left-items'
import type { StaffActor } from '@/lib/actor'
import { listMissingSettings } from '@/lib/affiliations/organisation'
import { undoDays } from '@/lib/imports/import'
import type { ShownImport } from '@/lib/imports/queries'
import { may } from '@/lib/staff/abilities'

type Props = { found: ShownImport; counts: Record<string, number>; actor: StaffActor; proposals: number }

/** The next steps that make sense: save, confirm, release, undo, discard. */
export async function ImportActions({ found, counts, actor, proposals }: Props) {
  const t = await getTranslations('staff.imports')
  const { id, kind, state, fault, savedBy, confirmedBy, savedAt, effectiveAt } = found
  const changes = (['added', 'changed', 'leaving', 'removed', 'perhaps'] as const).reduce(
    (sum, verdict) => sum + (counts[verdict] ?? 0),
    0,
  )
  if (state === 'preview') {
    return (
      <div className="flex flex-wrap gap-3">
        {!fault && changes > 0 && (kind === 'people' || listMissingSettings().length === 0) ? (
          <Step id={id} action="saving" isMain>
            {t(`of.${kind}.save`, { count: changes })}
          </Step>
        ) : null}
        <Step id={id} action="discarding">
          {t('discard')}
        </Step>
      </div>
    )
  }
  if (state === 'held') {
    const isSame = savedBy?.id === actor.staffId
    return (
      <section className="card space-y-4">
        <p>{t(isSame ? 'waitsForOther' : 'waitsForYou', { name: savedBy?.name ?? '' })}</p>
        {may(actor, 'confirmImports') ? (
          <form method="post" action="/staff/import/confirmation" className="space-y-3">
            <input type="hidden" name="import" value={id} />
            {isSame ? (
              <div className="flex flex-wrap gap-4">
                {(['added', 'leaving'] as const).map((name) => (
                  <label key={name} className="block">
                    <span className="note block">{t(`of.${kind}.type.${name}`)}</span>
                    <input name={name} inputMode="numeric" autoComplete="off" className="input w-40" />
                  </label>
                ))}
              </div>
            ) : null}
            <button type="submit" className="btn btn-primary">
              {t('confirm')}
            </button>
          </form>
        ) : null}
        <Step id={id} action="discarding">
          {t('discard')}
        </Step>
      </section>
    )
  }
  if (state === 'undone' && kind !== 'people') return <LeftItems actor={actor} id={id} />
  if (state !== 'saved' || !savedAt) return null
  const undoUntil = new Date(savedAt.getTime() + undoDays * 86_400_000)
  const isUndoable = Date.now() < undoUntil.getTime()
  return (
    <section className="card space-y-4">
      <p>
        {t.rich('savedBy', {
          when: () => <When key="when" at={savedAt} show="time" />,
          name: savedBy?.name ?? t('somebody'),
          second: confirmedBy?.name ? t('confirmedBy', { name: confirmedBy.name }) : '',
        })}
      </p>
      {effectiveAt && (counts.leaving ?? 0) > 0 ? (
        <>
          <p>{t.rich('countsFrom', { when: () => <When key="when" at={effectiveAt} show="time" /> })}</p>
          {may(actor, 'confirmImports') ? (
            <Step id={id} action="release">
              {t('release')}
            </Step>
          ) : null}
        </>
      ) : null}
      {proposals > 0 ? <ConfirmProposals count={proposals} of={{ import: id }} /> : null}
      {isUndoable ? (
        <details>
          <summary className="min-h-6 text-accent underline">{t('undo')}</summary>
          <p className="mt-2">{t.rich('undoUntil', { when: () => <When key="when" at={undoUntil} show="time" /> })}</p>
          <p className="mt-2">{t(`of.${kind}.undoMeans`)}</p>
          <div className="mt-3">
            <Step id={id} action="undoing">
              {t('undoNow')}
            </Step>
          </div>
        </details>
      ) : null}
    </section>
  )
}

type StepProps = { id: string; action: string; isMain?: boolean; children: React.ReactNode }

function Step({ id, action, isMain, children }: StepProps) {
  return (
    <form method="post" action={`/staff/import/${action}`} className="no-print">
      <input type="hidden" name="import" value={id} />
      <button type="submit" className={`btn ${isMain ? 'btn-primary' : 'btn-quiet'}`}>
        {children}
      </button>
    </form>
  )
}
