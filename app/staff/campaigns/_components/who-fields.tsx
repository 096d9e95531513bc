import { getTranslations } from 'next-intl/server'
import { field, SelectMenu } from '@/app/staff/_components/fields'
import { FieldFault, FieldMissing } from '@/app/staff/_components/form-field'
import { describeAudience } from '@/app/staff/campaigns/_components/campaign-words'
import type { CampaignFault, TypedCampaign } from '@/lib/campaigns/schema'
import { toParameters } from '@/lib/list/search'
import { type SavedView, toKeptFilters } from '@/lib/people/saved-views'

type Props = {
  typed: TypedCampaign
  views: readonly SavedView[]
  fault: CampaignFault | undefined
  missing: string | undefined
  /** Asks people of the roster, never anybody with a link. */
  isStanding: boolean
}

/** Anybody with the link, or people as a saved view or the address of a list finds them. */
export async function WhoFields({ typed, views, fault, missing, isStanding }: Props) {
  const t = await getTranslations('staff.campaigns.form')
  const now = typed.who === 'people' && !fault ? await describeAudience(typed.filters ?? '') : null
  return (
    <fieldset id="who" className="space-y-4" aria-describedby={fault || missing ? 'who-fault' : undefined}>
      <legend className="font-semibold">{t('fields.who')}</legend>
      {fault ? (
        <FieldFault name="who">{t(`faults.${fault.code}`)}</FieldFault>
      ) : missing ? (
        <FieldMissing name="who">{missing}</FieldMissing>
      ) : null}
      {isStanding ? (
        <p className="note">
          {t('who.standing')} {now ? t('who.now', { words: now }) : null}
        </p>
      ) : null}
      {(isStanding ? [] : (['anybody', 'people'] as const)).map((who) => (
        <label key={who} className="flex min-h-6 items-start gap-3">
          <input
            type="radio"
            name="who"
            value={who}
            defaultChecked={(typed.who || 'anybody') === who}
            className="mt-0.5 size-5 shrink-0"
          />
          <span>
            {t(`who.${who}`)}
            {who === 'people' && now ? <span className="note block">{t('who.now', { words: now })}</span> : null}
          </span>
        </label>
      ))}
      <div className="grid gap-4 ps-8 sm:grid-cols-2">
        {views.length > 0 ? (
          <SelectMenu
            name="view"
            label={t('who.views')}
            any={t('who.keep')}
            options={views.map(({ id, name, filters }) => ({
              value: `${id}?${toParameters(toKeptFilters(filters))}`,
              words: name,
            }))}
            value={typed.view ?? ''}
          />
        ) : (
          <p className="note">
            <a href="/staff/people">{t('who.list')}</a>
          </p>
        )}
        <label className="block min-w-0 space-y-1">
          <span className="note block">{t('who.filters')}</span>
          <input
            id="filters"
            name="filters"
            defaultValue={typed.filters ?? ''}
            autoComplete="off"
            dir="ltr"
            aria-describedby="filters-hint"
            className={field}
          />
          <span id="filters-hint" className="note block">
            {t('hints.filters')}
          </span>
        </label>
      </div>
    </fieldset>
  )
}
