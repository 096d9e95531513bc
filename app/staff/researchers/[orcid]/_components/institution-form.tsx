import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { Fact, Facts } from '@/app/staff/_components/facts'
import { RestoredInputNotice } from '@/app/staff/_components/restored-input-notice'
import { readSavedForm, type SavedFields } from '@/lib/auth/saved-form'
import { detailCharsMax, type InstitutionDetails } from '@/lib/researchers/details'

export const detailsOutcomes = ['saved', 'bound', 'conflict', 'local-id-taken', 'objected', 'gone'] as const
type DetailsOutcome = (typeof detailsOutcomes)[number]

type Props = {
  orcid: string
  details: InstitutionDetails
  mayChange: boolean
  /** What came of saving. */
  result: DetailsOutcome | null
  /** What they had typed before they were signed out. */
  kept: SavedFields | null
}

const names = ['department', 'localId'] as const
const fields = { department: 'department', localId: 'local_id' } as const

/** What the institution knows of this person, and the form to correct it. */
export async function InstitutionForm({ orcid, details, mayChange, result, kept }: Props) {
  const t = await getTranslations('staff.details')
  return (
    <section aria-labelledby="details-title" id="details" className="card space-y-3">
      <h2 id="details-title">{t('title')}</h2>
      {result ? (
        <Notice tone={result === 'saved' || result === 'bound' ? 'good' : 'warn'}>{t(`results.${result}`)}</Notice>
      ) : null}
      <Facts>
        {names.map((name) => (
          <Fact key={name} name={t(`names.${name}`)}>
            {details[name] ? (
              <bdi translate="no" className="[overflow-wrap:anywhere]">
                {details[name]}
              </bdi>
            ) : (
              <span className="text-ink-soft">{t('unknown')}</span>
            )}
          </Fact>
        ))}
      </Facts>
      <p className="note">{t('hint')}</p>
      {mayChange ? (
        <details className="no-print" open={kept !== null}>
          <summary className="inline-flex min-h-6 items-center text-accent underline">{t('change')}</summary>
          <form method="post" action="/staff/researchers/details" className="mt-3 space-y-3">
            <input type="hidden" name="orcid" value={orcid} />
            {kept ? <RestoredInputNotice /> : null}
            {names.map((name) => (
              <div key={name}>
                <label htmlFor={`details-${name}`} className="font-medium">
                  {t(`names.${name}`)}
                </label>
                <input
                  id={`details-${name}`}
                  name={fields[name]}
                  type="text"
                  maxLength={detailCharsMax}
                  defaultValue={readSavedForm(kept, fields[name]) ?? details[name] ?? ''}
                  dir="auto"
                  autoComplete="off"
                  className="input mt-1 w-full max-w-[24rem]"
                />
              </div>
            ))}
            <p className="note">{t('means')}</p>
            <button type="submit" className="btn btn-quiet">
              {t('save')}
            </button>
          </form>
        </details>
      ) : null}
    </section>
  )
}
