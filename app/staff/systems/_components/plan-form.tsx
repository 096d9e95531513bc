import { getTranslations } from 'next-intl/server'
import { field } from '@/app/staff/_components/fields'
import { FieldFault, FormField } from '@/app/staff/_components/form-field'
import { getWeekdays, hourWords } from '@/app/staff/systems/_components/plan-words'
import { env } from '@/lib/config/env'
import { planEvery, planFormats, planPlaces } from '@/lib/exports/plan'
import type { PlanFault, PlanField, TypedPlan } from '@/lib/exports/plan-schema'

type Props = { systemId: string; planId: string | null; typed: TypedPlan; faults: readonly PlanFault[] }

/** What a system gets, when, where, and to whose key it is encrypted. */
export async function PlanForm({ systemId, planId, typed, faults }: Props) {
  const t = await getTranslations('staff.systems.files')
  const formats = await getTranslations('staff.exports.formats')
  const weekdays = await getWeekdays()
  const faultOf = (name: PlanField) => {
    const code = faults.find((fault) => fault.field === name)?.code
    return code && t(`formFaults.${code}`)
  }
  const shared = (name: PlanField) => ({
    name,
    label: t(`fields.${name}`),
    fault: faultOf(name),
    value: typed[name] ?? '',
  })
  const text = (name: PlanField, hasHint = true) => (
    <FormField {...shared(name)} hint={hasHint ? t(`hints.${name as 'dn'}`) : undefined} />
  )
  const places = planPlaces.filter((place) => place !== 'folder' || env().exportFolder || typed.place === 'folder')
  const hours = Array.from({ length: 24 }, (_, hour) => ({ value: String(hour), words: hourWords(hour) }))
  return (
    <form method="post" action="/staff/systems/files/entry" className="space-y-8">
      <input type="hidden" name="system" value={systemId} />
      {planId ? <input type="hidden" name="plan" value={planId} /> : null}
      {faults.length > 0 ? (
        <div id="wrong" role="alert" className="card space-y-2">
          <h2>{t('wrong')}</h2>
          <ul className="list-disc ps-5">
            {faults.map(({ field: name, code }) => (
              <li key={name}>
                <a href={`#${name}`}>{t(`fields.${name}`)}</a>: {t(`formFaults.${code}`)}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      <section className="space-y-4">
        <h2>{t('sections.what')}</h2>
        <Choice
          {...shared('format')}
          options={planFormats.map((value) => ({ value, words: formats(`${value}.name`) }))}
        />
        <div className="[form:not(:has([value=ldif]:checked))_&]:hidden">{text('dn')}</div>
      </section>
      <section className="space-y-4">
        <h2>{t('sections.when')}</h2>
        <Choice {...shared('every')} options={planEvery.map((value) => ({ value, words: t(`everyWords.${value}`) }))} />
        <div className="[form:not(:has([value=weekly]:checked))_&]:hidden">
          <Choice {...shared('weekday')} options={weekdays} />
        </div>
        <Choice {...shared('hour')} options={hours} />
      </section>
      <section className="space-y-4">
        <h2>{t('sections.where')}</h2>
        <Choice {...shared('place')} options={places.map((value) => ({ value, words: t(`places.${value}`) }))} />
        <div className="space-y-4 [form:not(:has([value=sftp]:checked))_&]:hidden">
          {text('host')}
          <FormField {...shared('port')} kind="number" />
          {text('username', false)}
          {text('path')}
        </div>
      </section>
      <section className="space-y-4">
        <h2>{t('sections.key')}</h2>
        <FormField {...shared('recipient')} hint={t('hints.recipient')} kind="long" />
      </section>
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
        <button type="submit" className="btn btn-primary">
          {t(planId ? 'save' : 'make')}
        </button>
        <a
          href={`/staff/systems/${systemId}/files${planId ? `/${planId}` : ''}`}
          className="inline-flex min-h-8 items-center"
        >
          {t('cancel')}
        </a>
      </div>
    </form>
  )
}

type ChoiceProps = {
  name: PlanField
  label: string
  fault: string | undefined
  value: string
  options: readonly { value: string; words: string }[]
}

function Choice({ name, label, fault, value, options }: ChoiceProps) {
  return (
    <label htmlFor={name} className="block space-y-1">
      <span className="block font-semibold">{label}</span>
      {fault ? <FieldFault name={name}>{fault}</FieldFault> : null}
      <select
        id={name}
        name={name}
        defaultValue={value}
        className={field}
        aria-invalid={fault ? true : undefined}
        aria-describedby={fault ? `${name}-fault` : undefined}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.words}
          </option>
        ))}
      </select>
    </label>
  )
}
