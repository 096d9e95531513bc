import { getFormatter, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { DepartmentFields } from '@/app/staff/_components/department-fields'
import { FieldFault, FormField } from '@/app/staff/_components/form-field'
import { getLanguageWords, getScopeWords } from '@/app/staff/campaigns/_components/campaign-words'
import { CheckField } from '@/app/staff/campaigns/_components/form-fields'
import { getRightWords } from '@/app/staff/systems/_components/system-words'
import { type SystemRight, systemRights } from '@/lib/actor'
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
import { listScopesOf } from '@/lib/texts/system-use'
import { rightKey } from '@/lib/texts/text'

type Props = {
  /** Null: a new one. */
  id: string | null
  /** The client id that the system has; it stays. */
  receiver: string | null
  typed: TypedSystem
  faults: readonly SystemFault[]
  /** Departments that are offered. */
  offered: readonly string[]
}

/** Everything that a system is and may do. What is wrong stands at its field. */
export async function SystemForm({ id, receiver, typed, faults, offered }: Props) {
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
  const sayFault = await getFaultWords()
  const faultOf = (name: string) => {
    const found = faults.find((one) => one.field === name)
    return found && sayFault(found)
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
            {faults.map((fault) => (
              <li key={`${fault.field} ${fault.code}`}>
                <a href={`#${fault.field}`}>
                  {labelOf(fault.field)}: {sayFault(fault)}
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
            <div className="[form:has([name=operator][value=institution]:checked)_&]:hidden">
              <FormField {...at('processorName')} />
            </div>
          </>
        )}
        {!id || typed.operator === 'processor' ? (
          <div className={id ? undefined : '[form:not(:has([name=operator][value=processor]:checked))_&]:hidden'}>
            <FormField {...at('contractOn', t('hints.contractOn'))} kind="date" />
          </div>
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
          <div className="[form:not(:has([name=right-token-delegate]:checked))_&]:hidden">
            <FormField {...at('receiver', t('hints.receiver'))} />
          </div>
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
        <Boxes
          name="departments"
          label={t('fields.departments')}
          hint={t('hints.departments')}
          fault={faultOf('departments')}
        >
          <div className="max-w-[28rem] space-y-2">
            <DepartmentFields
              name="departments"
              given={(typed.departments ?? '').split('\n').filter(Boolean)}
              offered={offered}
              describedBy={faultOf('departments') ? 'departments-fault' : undefined}
            />
          </div>
        </Boxes>
        <Boxes name="kinds" label={t('fields.kinds')} hint={t('hints.kinds')}>
          {personKinds.map((kind) => (
            <CheckField key={kind} name={kindField(kind)} label={people(kind)} isChecked={isChecked(kindField(kind))} />
          ))}
        </Boxes>
      </Section>
      <Section id="limits" title={t('sections.limits')}>
        <FormField {...at('networks', t('hints.networks'))} kind="long" />
        <div className="grid items-end gap-5 sm:grid-cols-2">
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

/** What is wrong with a field, with the rights, scopes and departments by name. */
async function getFaultWords(): Promise<(fault: SystemFault) => string> {
  const t = await getTranslations('staff.systems.form')
  const [toRight, toScope, format] = [await getRightWords(), await getScopeWords(), await getFormatter()]
  const sayNeed = (right: SystemRight) => {
    const scopes = listScopesOf(right, listAskableScopes()).map(toScope)
    return scopes.length > 0
      ? t('faults.scope_needed_by', { right: toRight(right), scopes: format.list(scopes, { type: 'disjunction' }) })
      : t('faults.scope_never', { right: toRight(right) })
  }
  return ({ code, about = [] }) => {
    if (code === 'scope_needed' && about.length > 0)
      return systemRights
        .filter((right) => about.includes(right))
        .map(sayNeed)
        .join(' ')
    if (code === 'unknown_department' && about.length > 0)
      return t('faults.nobody_in', { departments: about.join(' · ') })
    return t(`faults.${code}`)
  }
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
