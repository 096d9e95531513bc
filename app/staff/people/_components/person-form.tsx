import { getTranslations } from 'next-intl/server'
import { field } from '@/app/staff/_components/fields'
import { DepartmentOptions } from '@/app/staff/researchers/_components/department-options'
import { readSavedForm, type SavedFields } from '@/lib/auth/saved-form'
import { env } from '@/lib/config/env'
import { getLanguage } from '@/lib/i18n/request'
import { type PersonFault, personFields, type TypedPerson } from '@/lib/people/form'
import { personKinds } from '@/lib/people/person'

type Props = {
  /** The person who is being edited. */
  personId?: string
  typed: TypedPerson
  faults: readonly PersonFault[]
  departments: readonly string[]
}

const texts = ['local_id', 'given_name', 'family_name', 'email', 'department', 'title', 'start', 'end'] as const

/** What was typed before the session ended, as the form shows it. */
export function toTyped(kept: SavedFields | null): TypedPerson | null {
  return kept && Object.fromEntries(personFields.map((name) => [name, readSavedForm(kept, name) ?? '']))
}

/** The form for one person. What is wrong stands above it and leads to each field, and at each field. */
export async function PersonForm({ personId, typed, faults, departments }: Props) {
  const t = await getTranslations('staff.people.form')
  return (
    <form method="post" action="/staff/people/entry" className="space-y-5">
      <Summary faults={faults} />
      {personId ? <input type="hidden" name="person" value={personId} /> : null}
      {texts.map((name) => (
        <TextField key={name} name={name} typed={typed} fault={faults.find((one) => one.field === name)} />
      ))}
      <DepartmentOptions id="departments" names={departments} />
      <KindMenu typed={typed} fault={faults.find((one) => one.field === 'kind')} />
      <LanguageMenu typed={typed} fault={faults.find((one) => one.field === 'language')} />
      <label className="flex min-h-6 items-start gap-3">
        <input
          type="checkbox"
          id="confidential"
          name="confidential"
          value="yes"
          defaultChecked={typed.confidential === 'yes'}
          className="mt-0.5 size-5 shrink-0"
        />
        <span>
          <span className="block font-semibold">{t('fields.confidential')}</span>
          <span className="note block">{t('confidentialMeans')}</span>
        </span>
      </label>
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
        <button type="submit" className="btn btn-primary">
          {t(personId ? 'save' : 'add')}
        </button>
        <a href={personId ? `/staff/people/${personId}` : '/staff/people'} className="inline-flex min-h-8 items-center">
          {t('cancel')}
        </a>
      </div>
    </form>
  )
}

type FieldProps = { typed: TypedPerson; fault: PersonFault | undefined }

async function TextField({ name, typed, fault }: FieldProps & { name: (typeof texts)[number] }) {
  const t = await getTranslations('staff.people.form')
  return (
    <label className="block space-y-1">
      <span className="block font-semibold">{t(`fields.${name}`)}</span>
      <span className="note block" id={`${name}-hint`}>
        {t(`hints.${name}`)}
      </span>
      <FaultWords fault={fault} />
      <input
        id={name}
        name={name}
        type={name === 'email' ? 'text' : undefined}
        inputMode={name === 'email' ? 'email' : undefined}
        list={name === 'department' ? 'departments' : undefined}
        autoComplete="off"
        dir="auto"
        defaultValue={typed[name] ?? ''}
        aria-invalid={fault ? true : undefined}
        aria-describedby={fault ? `${name}-hint ${name}-fault` : `${name}-hint`}
        className={field}
      />
    </label>
  )
}

async function KindMenu({ typed, fault }: FieldProps) {
  const t = await getTranslations('staff.people')
  return (
    <label className="block space-y-1">
      <span className="block font-semibold">{t('form.fields.kind')}</span>
      <FaultWords fault={fault} />
      <select id="kind" name="kind" defaultValue={typed.kind || 'staff'} className={field}>
        {personKinds.map((kind) => (
          <option key={kind} value={kind}>
            {t(`kinds.${kind}`)}
          </option>
        ))}
      </select>
    </label>
  )
}

async function LanguageMenu({ typed, fault }: FieldProps) {
  const t = await getTranslations('staff.people.form')
  const names = new Intl.DisplayNames([await getLanguage()], { type: 'language' })
  const { languages } = env().institution
  const kept = typed.language && !languages.includes(typed.language) ? [typed.language] : []
  return (
    <label className="block space-y-1">
      <span className="block font-semibold">{t('fields.language')}</span>
      <span className="note block" id="language-hint">
        {t('hints.language')}
      </span>
      <FaultWords fault={fault} />
      <select
        id="language"
        name="language"
        aria-describedby="language-hint"
        defaultValue={typed.language ?? ''}
        className={field}
      >
        <option value="">{t('firstLanguage', { language: names.of(languages[0] ?? 'en') ?? '' })}</option>
        {[...languages, ...kept].map((language) => (
          <option key={language} value={language}>
            {t('languageName', { language: names.of(language) ?? language })}
          </option>
        ))}
      </select>
    </label>
  )
}

async function FaultWords({ fault }: { fault: PersonFault | undefined }) {
  if (!fault) return null
  const t = await getTranslations('staff.people.form')
  return (
    <span className="block font-medium text-bad" id={`${fault.field}-fault`}>
      {t(`faults.${fault.code}`)}
    </span>
  )
}

async function Summary({ faults }: { faults: readonly PersonFault[] }) {
  if (faults.length === 0) return null
  const t = await getTranslations('staff.people.form')
  return (
    <div id="wrong" role="alert" tabIndex={-1} className="card space-y-2 border-bad!">
      <h2>{t('wrong')}</h2>
      <ul className="list-disc space-y-1 ps-5">
        {faults.map(({ field: name, code }) => (
          <li key={`${name} ${code}`}>
            <a href={`#${name}`}>
              {t(`fields.${name}`)}: {t(`faults.${code}`)}
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}
