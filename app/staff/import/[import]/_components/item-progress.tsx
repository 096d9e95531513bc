import { getTranslations } from 'next-intl/server'
import { AffiliationState } from '@/app/_components/affiliation'
import { Notice } from '@/app/_components/notice'
import type { StaffActor } from '@/lib/actor'
import { countWaiting, type ItemProgress as Progress } from '@/lib/imports/item-queries'

/** How many of the entries of a preview would wait, and for what. */
export async function ItemsWaiting({ actor, id }: { actor: StaffActor; id: string }) {
  const t = await getTranslations('staff.imports.items')
  const { person, permission } = await countWaiting(actor, id)
  return (
    <>
      {person > 0 ? <Notice>{t('waitForPerson', { count: person })}</Notice> : null}
      {permission > 0 ? <Notice tone="warn">{t('waitForPermission', { count: permission })}</Notice> : null}
    </>
  )
}

/** How far the entries of a saved import have got: progress while they are being written, then the result. */
export async function ItemProgress({ progress: { all, open, states } }: { progress: Progress }) {
  const t = await getTranslations('staff.imports')
  if (all === 0) return null
  return (
    <section aria-labelledby="written" className="card space-y-3" role={open > 0 ? 'status' : undefined}>
      <h2 id="written">{t(open > 0 ? 'items.writing' : 'items.result')}</h2>
      {open > 0 ? (
        <>
          <progress value={all - open} max={all} aria-label={t('items.progress')} className="w-full" />
          <p className="note">{t('items.progressOf', { done: all - open, all })}</p>
          <p className="note">{t('mayLeave')}</p>
        </>
      ) : null}
      <ul className="space-y-1">
        {states.map(({ state, count }) => (
          <li key={state} className="flex flex-wrap items-center gap-x-3">
            <AffiliationState state={state} />
            <span className="tabular-nums">{t('items.entries', { count })}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
