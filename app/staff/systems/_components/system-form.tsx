import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { FieldFault, FormField } from '@/app/staff/_components/form-field'
import { getLanguageWords, getScopeWords } from '@/app/staff/campaigns/_components/campaign-words'
import { CheckField } from '@/app/staff/campaigns/_components/form-fields'
import { systemRights } from '@/lib/actor'
import { listAskableScopes } from '@/lib/campaigns/readiness'
import { env } from '@/lib/config/env'
import { personKinds } from '@/lib/people/person'
import {
  kindField,
  purposeField,
  rightField,
  type SystemFault,
  scopeField,
  type TypedSystem,
} from '@/lib/systems/schema'
import { operators } from '@/lib/systems/system'
import { rightKey } from '@/lib/texts/text'

type Props = {
  /** Null: a new one. */
  id: string | null
  /** The client id that the system has; it stays. */
  receiver: string | null
  typed: TypedSystem
  faults: readonly SystemFault[]
}

/** Everything that a system is and may do. What is wrong stands at its field. */
export async function SystemForm({ id, receiver, typed, faults }: Props) {
  const t = await getTranslations('staff.systems.form')
  const people = await getTranslations('staff.people.kinds')
  const rights = await getTranslations('staff.systems')
  const [toLanguage, toScope] = [await getLanguageWords(), await getScopeWords()]
  const { languages } = env().institution
  const labelOf = (name: string) => {
    const language = languages.find((locale) => purposeField(locale) === name)
    if (language) return t('fields.purpose', { language: toLanguage(language) })
    const key = `fields.${name}`
    return t.has(key) ? t(key) : name
  }
  const faultOf = (name: string) => {
    const found = faults.find((one) => one.field === name)
    return found && t(`faults.${found.code}`)
  }
  const at = (name: string, hint?: string) => ({
    name,
    label: labelOf(name),
    value: typed[name] ?? '',
    fault: faultOf(name),
    hint,
  })
  const isChecked = (name: string) => typed[name] === 'yes'
  return (
    <form method="post" action="/staff/systems/entry" className="space-y-8">
      {faults.length > 0 ? (
        <div id="wrong" role="alert" tabIndex={-1} className="card space-y-2 border-bad!">
          <h2>{t('wrong')}</h2>
          <ul className="list-disc space-y-1 ps-5">
            {faults.map(({ field, code }) => (
              <li key={`${field} ${code}`}>
                <a href={`#${field}`}>
                  {labelOf(field)}: {t(`faults.${code}`)}
                </a>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      {id ? <input type="hidden" name="system" value={id} /> : null}
      <Section id="what" title={t('sections.what')}>
        <p className="note">{t('lead')}</p>
        <FormField {...at('name', t('hints.name'))} />
        {languages.map((locale) => (
          <FormField key={locale} {...at(purposeField(locale), t('hints.purpose'))} kind="long" />
        ))}
        {id ? (
          <CheckField
            name="samePurpose"
            label={t('fields.samePurpose')}
            hint={t('hints.samePurpose')}
            isChecked={isChecked('samePurpose')}
          />
        ) : null}
        <FormField {...at('contact', t('hints.contact'))} />
      </Section>
      <Section id="who" title={t('sections.who')}>
        {id ? (
          <>
            <input type="hidden" name="operator" value={typed.operator} />
            <input type="hidden" name="processorName" value={typed.processorName} />
            <p>
              {rights(`operators.${operators.find((each) => each === typed.operator) ?? 'institution'}`)}{' '}
              <bdi translate="no">{typed.processorName}</bdi>
            </p>
          </>
        ) : (
          <>
            <fieldset className="space-y-2">
              <legend className="sr-only">{t('fields.operator')}</legend>
              {operators.map((operator) => (
                <label key={operator} className="flex min-h-6 items-center gap-3">
                  <input
                    type="radio"
                    name="operator"
                    value={operator}
                    defaultChecked={(typed.operator ?? 'institution') === operator}
                    className="size-5 shrink-0"
                  />
                  {rights(`operators.${operator}`)}
                </label>
              ))}
              <p className="note">{t('hints.operator')}</p>
            </fieldset>
            <FormField {...at('processorName')} />
          </>
        )}
        {!id || typed.operator === 'processor' ? (
          <FormField {...at('contractOn', t('hints.contractOn'))} kind="date" />
        ) : null}
      </Section>
      <Section id="may" title={t('sections.may')}>
        {id ? <p className="note">{t('newTerm')}</p> : null}
        <Boxes name="rights" label={t('fields.rights')} fault={faultOf('rights')}>
          {systemRights.map((right) => (
            <CheckField
              key={right}
              name={rightField(right)}
              label={rights(`rights.${rightKey(right)}`)}
              hint={rights(`rightHints.${rightKey(right)}`)}
              code={right}
              isChecked={isChecked(rightField(right))}
            />
          ))}
        </Boxes>
        {receiver ? (
          <p>
            {t('fields.receiver')}:{' '}
            <span translate="no" className="mono">
              {receiver}
            </span>
          </p>
        ) : (
          <FormField {...at('receiver', t('hints.receiver'))} />
        )}
        <Boxes name="scopes" label={t('fields.scopes')} hint={t('hints.scopes')} fault={faultOf('scopes')}>
          {listAskableScopes().map((scope) => (
            <CheckField
              key={scope}
              name={scopeField(scope)}
              label={toScope(scope)}
              code={scope}
              isChecked={isChecked(scopeField(scope))}
            />
          ))}
        </Boxes>
      </Section>
      <Section id="whom" title={t('sections.whom')}>
        <FormField {...at('departments', t('hints.departments'))} kind="long" />
        <Boxes name="kinds" label={t('fields.kinds')} hint={t('hints.kinds')}>
          {personKinds.map((kind) => (
            <CheckField key={kind} name={kindField(kind)} label={people(kind)} isChecked={isChecked(kindField(kind))} />
          ))}
        </Boxes>
      </Section>
      <Section id="limits" title={t('sections.limits')}>
        <FormField {...at('networks', t('hints.networks'))} kind="long" />
        <div className="grid gap-5 sm:grid-cols-2">
          <FormField {...at('perMinute')} kind="number" />
          <FormField {...at('expiresOn', t('hints.expiresOn'))} kind="date" />
        </div>
      </Section>
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
        <button type="submit" className="btn btn-primary">
          {t(id ? 'save' : 'make')}
        </button>
        <a href={id ? `/staff/systems/${id}` : '/staff/systems'} className="inline-flex min-h-8 items-center">
          {t('cancel')}
        </a>
      </div>
    </form>
  )
}

function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section aria-labelledby={`${id}-title`} className="space-y-5">
      <h2 id={`${id}-title`}>{title}</h2>
      {children}
    </section>
  )
}

type BoxesProps = { name: string; label: string; hint?: string; fault?: string; children: ReactNode }

function Boxes({ name, label, hint, fault, children }: BoxesProps) {
  return (
    <fieldset id={name} aria-describedby={fault ? `${name}-fault` : undefined} className="space-y-3">
      <legend className="font-semibold">{label}</legend>
      {hint ? <p className="note">{hint}</p> : null}
      {fault ? <FieldFault name={name}>{fault}</FieldFault> : null}
      {children}
    </fieldset>
  )
}
