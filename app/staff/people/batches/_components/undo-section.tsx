import { getTranslations } from 'next-intl/server'
import type { StaffActor } from '@/lib/actor'
import type { ShownBatch } from '@/lib/affiliations/batch-queries'
import { planUndo } from '@/lib/affiliations/batches'

/** What undoing would do, and the button that does it. */
export async function UndoSection({ actor, batch: { id, action } }: { actor: StaffActor; batch: ShownBatch }) {
  const t = await getTranslations('staff.people.batch')
  const plan = await planUndo(actor, id)
  if (!plan) return null
  return (
    <section id="undo" aria-labelledby="undo-title" className="card space-y-3">
      <h2 id="undo-title">{t('undoTitle')}</h2>
      <p>{t('undoLead', plan)}</p>
      <p className="note">{t(action === 'mark_leaving' ? 'undoMeansLeaving' : 'undoMeansItems')}</p>
      <div className="no-print flex flex-wrap items-center gap-x-6 gap-y-3">
        {plan.undone > 0 ? (
          <form method="post" action="/staff/people/batches/undo">
            <input type="hidden" name="batch" value={id} />
            <button type="submit" className="btn btn-danger">
              {t('undoButton', { count: plan.undone })}
            </button>
          </form>
        ) : null}
        <a href={`/staff/people/batches/${id}`}>{t('keepButton')}</a>
      </div>
    </section>
  )
}
