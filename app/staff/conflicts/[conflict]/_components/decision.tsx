import { getTranslations } from 'next-intl/server'
import { RestoredInputNotice } from '@/app/staff/_components/restored-input-notice'
import { ReasonField } from '@/app/staff/conflicts/_components/reason-field'
import { readSavedForm, type SavedFields } from '@/lib/auth/saved-form'
import type { ShownConflict } from '@/lib/people/conflict-queries'
import { choicesOf } from '@/lib/people/person'
import { detailCharsMax } from '@/lib/researchers/details'

/** Each choice with what it does, and why it is made. `kept`: what they had typed before they were signed out. */
export async function Decision({ conflict, kept }: { conflict: ShownConflict; kept: SavedFields | null }) {
  const t = await getTranslations('staff.conflicts')
  const { id, kind, otherPersonId } = conflict
  return (
    <section aria-labelledby="decision" className="card no-print max-w-[44rem] space-y-4">
      <h2 id="decision">{t('decide')}</h2>
      <form method="post" action="/staff/conflicts/decision" className="space-y-4">
        <input type="hidden" name="conflict" value={id} />
        {kept ? <RestoredInputNotice /> : null}
        {otherPersonId || kind !== 'proposal' ? null : (
          <div className="space-y-1">
            <label htmlFor="local-id" className="block font-medium">
              {t('whose')}
            </label>
            <input
              id="local-id"
              name="local_id"
              type="text"
              required
              maxLength={detailCharsMax}
              defaultValue={readSavedForm(kept, 'local_id')}
              dir="auto"
              autoComplete="off"
              className="input w-full max-w-[24rem]"
            />
          </div>
        )}
        <ReasonField
          id="reason"
          label={t('reason')}
          hint={t('reasonHint')}
          defaultValue={readSavedForm(kept, 'reason')}
        />
        <ul className="divide-y divide-line">
          {choicesOf[kind].map((choice, index) => (
            <li key={choice} className="space-y-2 py-3">
              <p id={`means-${choice}`}>{t(`choices.${kind}.${choice}.means`)}</p>
              <button
                type="submit"
                name="resolution"
                value={choice}
                formNoValidate={choice === 'kept'}
                aria-describedby={`means-${choice}`}
                className={index === 0 ? 'btn btn-primary' : 'btn btn-quiet'}
              >
                {t(`choices.${kind}.${choice}.button`)}
              </button>
            </li>
          ))}
        </ul>
      </form>
    </section>
  )
}
