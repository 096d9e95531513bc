import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { SelectMenu } from '@/app/staff/_components/fields'
import { FieldFault, FieldMissing } from '@/app/staff/_components/form-field'
import { getMailTextWords } from '@/app/staff/campaigns/_components/campaign-words'
import { TextField } from '@/app/staff/campaigns/_components/form-fields'
import { getMissingWords } from '@/app/staff/campaigns/_components/missing-words'
import { stepAudiences, stepsMax } from '@/lib/campaigns/campaign'
import type { Missing } from '@/lib/campaigns/readiness'
import { type CampaignFault, stepField, type TypedCampaign } from '@/lib/campaigns/schema'
import { isBegunFrom } from '@/lib/mail/mail-text'

type Props = { typed: TypedCampaign; faults: readonly CampaignFault[]; missing: readonly Missing[] }

/** What no campaign asks for itself. */
const notForSteps = ['correction', 'new_link', 'expiring', 'check_up']

/** The mails in order, and room for two more, folded. */
export async function StepFields({ typed, faults, missing }: Props) {
  const t = await getTranslations('staff.campaigns.form')
  const [templates, toWords] = [await getMailTextWords(), await getMissingWords()]
  const options = [...templates]
    .filter(([key]) => !notForSteps.some((one) => isBegunFrom(key, one)))
    .map(([value, words]) => ({ value, words }))
  const places = Array.from({ length: stepsMax }, (_, index) => index + 1)
  const used = places.findLast((place) => typed[stepField(place, 'template')]) ?? 0
  return (
    <ol className="space-y-4">
      {places.slice(0, used + 2).map((place) => {
        const at = (what: 'afterDays' | 'times') => {
          const name = stepField(place, what)
          const usual = what === 'times' ? '1' : '7'
          return { name, label: t(`fields.${what}`), value: typed[name] ?? usual, faults, type: 'number' as const }
        }
        const template = stepField(place, 'template')
        const fault = faults.find(({ field }) => field === template)
        const lacking = missing.find(({ field }) => field === template)
        const isFolded = place > Math.max(used, 1) && !faults.some(({ field }) => field.startsWith(`step-${place}-`))
        return (
          <li key={place} className="card">
            <Folded words={isFolded ? t('addMail', { place }) : null}>
              <fieldset
                id={template}
                className="space-y-3"
                aria-describedby={fault || lacking ? `${template}-fault` : undefined}
              >
                <legend className="font-semibold">{t('fields.step', { place })}</legend>
                {fault ? (
                  <FieldFault name={template}>{t(`faults.${fault.code}`)}</FieldFault>
                ) : lacking ? (
                  <FieldMissing name={template}>{toWords(lacking)}</FieldMissing>
                ) : null}
                <div className="grid gap-3 sm:grid-cols-2">
                  <SelectMenu
                    name={template}
                    label={t('fields.template')}
                    any={t('noTemplate')}
                    options={options}
                    value={typed[template] ?? ''}
                  />
                  <SelectMenu
                    name={stepField(place, 'audience')}
                    label={t('fields.audience')}
                    options={stepAudiences.map((value) => ({ value, words: t(`audiences.${value}`) }))}
                    value={typed[stepField(place, 'audience')] ?? 'not_connected'}
                  />
                  <TextField {...at('afterDays')} />
                  <TextField {...at('times')} />
                </div>
              </fieldset>
            </Folded>
          </li>
        )
      })}
    </ol>
  )
}

/** Behind its words where it has any. */
function Folded({ words, children }: { words: string | null; children: ReactNode }) {
  if (words === null) return children
  return (
    <details>
      <summary className="min-h-6 text-accent underline">{words}</summary>
      <div className="mt-3">{children}</div>
    </details>
  )
}
