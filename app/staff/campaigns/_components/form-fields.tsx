import { getTranslations } from 'next-intl/server'
import { FormField } from '@/app/staff/_components/form-field'
import type { CampaignFault } from '@/lib/campaigns/schema'

type FaultProps = { faults: readonly CampaignFault[] }

/** What is wrong, above the form, leading to each field. */
export async function FaultSummary({ faults, labels }: FaultProps & { labels: Readonly<Record<string, string>> }) {
  if (faults.length === 0) return null
  const t = await getTranslations('staff.campaigns.form')
  return (
    <div id="wrong" role="alert" tabIndex={-1} className="card space-y-2 border-bad!">
      <h2>{t('wrong')}</h2>
      <ul className="list-disc space-y-1 ps-5">
        {faults.map(({ field: name, code }) => (
          <li key={`${name} ${code}`}>
            <a href={`#${name}`}>
              {labels[name] ?? name}: {t(`faults.${code}`)}
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}

type FieldProps = FaultProps & {
  name: string
  label: string
  hint?: string
  /** What is still missing here before the opening. */
  missing?: string | undefined
  value: string
  isLong?: boolean
  type?: 'text' | 'date' | 'number'
}

/** A field with its hint, what is wrong with it and what is missing in it. */
export async function TextField({ name, label, hint, missing, value, faults, isLong, type = 'text' }: FieldProps) {
  const t = await getTranslations('staff.campaigns.form')
  const fault = faults.find((one) => one.field === name)
  return (
    <FormField
      name={name}
      label={label}
      hint={hint}
      fault={fault && t(`faults.${fault.code}`)}
      missing={missing}
      value={value}
      kind={isLong ? 'long' : type}
    />
  )
}

type CheckProps = { name: string; label: string; hint?: string; code?: string; isChecked: boolean }

/** A box that the form sends as `yes`. */
export function CheckField({ name, label, hint, code, isChecked }: CheckProps) {
  return (
    <label className="flex min-h-6 items-start gap-3">
      <input
        type="checkbox"
        id={name}
        name={name}
        value="yes"
        defaultChecked={isChecked}
        className="mt-0.5 size-5 shrink-0"
      />
      <span>
        <span className="block font-semibold">{label}</span>
        {hint ? <span className="note block">{hint}</span> : null}
        {code ? (
          <span translate="no" className="mono note block">
            {code}
          </span>
        ) : null}
      </span>
    </label>
  )
}
