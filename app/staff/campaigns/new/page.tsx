import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { BackTo } from '@/app/staff/_components/back-link'
import { RestoredInputNotice } from '@/app/staff/_components/restored-input-notice'
import { describeAudience } from '@/app/staff/campaigns/_components/campaign-words'
import { FaultSummary, TextField } from '@/app/staff/campaigns/_components/form-fields'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { readSavedForm, takeSavedFields } from '@/lib/auth/saved-form'
import { standingKinds } from '@/lib/campaigns/campaign'
import { findCampaignDraft } from '@/lib/campaigns/form-drafts'
import { readOne, type SearchParams } from '@/lib/list/search'

type Props = { searchParams: Promise<SearchParams> }

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const t = await getTranslations('staff.campaigns')
  const isWrong = readOne(await searchParams, 'draft') !== null
  const title = t('new')
  return { title: isWrong ? t('form.errorTitle', { title }) : title, robots: { index: false } }
}

const fields = ['name', 'purpose'] as const

/** A name and a purpose make a draft, for the people whom a list was narrowed down to; everything else is in its form. */
export default availablePage(async function NewCampaignPage({ searchParams }: Props) {
  const actor = await requireStaff('writeCampaigns')
  const t = await getTranslations('staff.campaigns')
  const query = await searchParams
  const kept = readOne(query, 'kept') ? await takeSavedFields('/staff/campaigns/drafting') : null
  const draft = await findCampaignDraft(actor, null, readOne(query, 'draft'))
  const typed = kept
    ? Object.fromEntries([...fields, 'filters'].map((name) => [name, readSavedForm(kept, name) ?? '']))
    : (draft?.typed ?? { filters: readOne(query, 'filters') ?? '' })
  const faults = kept ? [] : (draft?.faults ?? [])
  return (
    <div className="max-w-[40rem] space-y-6">
      <div>
        <BackTo page="campaigns" />
        <h1>{t('new')}</h1>
      </div>
      <p className="text-ink-soft">{t('form.newLead')}</p>
      {kept ? <RestoredInputNotice /> : null}
      <form method="post" action="/staff/campaigns/drafting" className="space-y-5">
        <FaultSummary
          faults={faults}
          labels={{ name: t('form.fields.name'), purpose: t('form.fields.purpose'), who: t('form.fields.who') }}
        />
        {typed.filters ? (
          <>
            <input type="hidden" name="filters" value={typed.filters} />
            <p>{t('form.newWho', { words: await describeAudience(typed.filters) })}</p>
          </>
        ) : null}
        {fields.map((name) => (
          <TextField
            key={name}
            name={name}
            label={t(`form.fields.${name}`)}
            hint={t(`form.hints.${name}`)}
            value={typed[name] ?? ''}
            faults={faults}
            isLong={name === 'purpose'}
          />
        ))}
        <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
          <button type="submit" className="btn btn-primary">
            {t('form.make')}
          </button>
          <a href="/staff/campaigns" className="inline-flex min-h-8 items-center">
            {t('form.cancel')}
          </a>
        </div>
      </form>
      <section aria-labelledby="start-from" className="space-y-3">
        <h2 id="start-from">{t('form.startFrom')}</h2>
        <ul className="card card-list">
          {standingKinds.map((kind) => (
            <li key={kind} className="space-y-2 py-3">
              <h3>{t(`form.standing.${kind}.title`)}</h3>
              <p className="note">{t(`form.standing.${kind}.means`)}</p>
              <form method="post" action="/staff/campaigns/drafting">
                <button
                  type="submit"
                  name="kind"
                  value={kind}
                  className="btn btn-quiet"
                  aria-label={`${t(`form.standing.${kind}.button`)}: ${t(`form.standing.${kind}.title`)}`}
                >
                  {t(`form.standing.${kind}.button`)}
                </button>
              </form>
            </li>
          ))}
        </ul>
      </section>
    </div>
  )
})
