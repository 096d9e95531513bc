import { getTranslations } from 'next-intl/server'
import { SelectMenu } from '@/app/staff/_components/fields'
import { FieldFault, FormField } from '@/app/staff/_components/form-field'
import { getLanguageWords } from '@/app/staff/campaigns/_components/campaign-words'
import { CheckField } from '@/app/staff/campaigns/_components/form-fields'
import { listTranslations } from '@/lib/config/languages'
import type { Lock } from '@/lib/settings/locks'
import { defaults, findBounds, isVariable } from '@/lib/settings/setting'
import { languageField, offField, type Typed } from '@/lib/settings/typed'
import { parseTextKey } from '@/lib/texts/part'

type Props = {
  name: string
  label: string
  typed: Typed
  fault: string | undefined
  lock: Lock
  /** What holds now, for what is set elsewhere. */
  present: string
  /** Whether administrators have set it here. */
  isSet: boolean
  /** The portal's own words, where nothing is set. */
  ours: string | null
}

/** One setting with its hint and where it comes from; only to read where the environment sets it. */
export async function SettingField(props: Props) {
  const { name, label, typed, fault, lock } = props
  if (lock) return <Locked label={label} present={props.present} lock={lock} name={name} />
  const t = await getTranslations('staff.settings')
  const part = parseTextKey(name)
  const hint = await toHint(props)
  const value = typed[name] ?? ''
  if (name === 'INSTITUTION_LANGUAGES') return <LanguageFields {...props} hint={hint} />
  if (name === 'INSTITUTION_TIME_ZONE' || name === 'COMPARE_DEPARTMENTS') {
    const options =
      name === 'COMPARE_DEPARTMENTS'
        ? ['yes', 'no'].map((one) => ({ value: one, words: t(`choices.${one}`) }))
        : listZones(value).map((zone) => ({ value: zone, words: zone }))
    return (
      <div id={name} className="space-y-1">
        <SelectMenu name={name} label={label} options={options} value={value} />
        <p className="note">{hint}</p>
        {fault ? <FieldFault name={name}>{fault}</FieldFault> : null}
      </div>
    )
  }
  return (
    <div className="space-y-2">
      <FormField
        name={name}
        label={label}
        hint={hint}
        fault={fault}
        value={value}
        kind={part ? 'long' : isVariable(name) && findBounds(name) ? 'number' : 'text'}
      />
      {part && 'scope' in part && part.scope !== 'openid' ? (
        <CheckField name={offField(name)} label={t('off')} isChecked={typed[offField(name)] === 'yes'} />
      ) : null}
    </div>
  )
}

async function toHint({ name, isSet, ours }: Props): Promise<string> {
  const t = await getTranslations('staff.settings')
  const bounds = isVariable(name) ? findBounds(name) : null
  const usual = isVariable(name) ? defaults[name] : undefined
  const sentences = [
    t.has(`hints.${name}`) ? t(`hints.${name}`) : null,
    name.endsWith('.recipients') ? t('recipientsHint') : null,
    bounds ? t('bounds', { min: String(bounds.min), max: String(bounds.max) }) : null,
    ours ? t('ours', { words: ours }) : usual ? t('usual', { value: await sayValue(name, usual) }) : null,
    isSet ? t('setHere') : null,
  ]
  return sentences.filter(Boolean).join(' ')
}

async function sayValue(name: string, value: string): Promise<string> {
  const t = await getTranslations('staff.settings')
  return name === 'COMPARE_DEPARTMENTS' ? t(`choices.${value === 'no' ? 'no' : 'yes'}`) : value
}

async function Locked({ name, label, present, lock }: Pick<Props, 'name' | 'label' | 'present'> & { lock: Lock }) {
  const t = await getTranslations('staff.settings')
  if (!lock) return null
  return (
    <div id={name} className="space-y-1">
      <p className="font-semibold [overflow-wrap:anywhere]">{label}</p>
      <p translate="no" dir="auto" className="whitespace-pre-line [overflow-wrap:anywhere]">
        {present || t('empty')}
      </p>
      <p className="note [overflow-wrap:anywhere]">
        {'variable' in lock ? t('setByVariable', { variable: lock.variable }) : t('setByFile', { file: lock.file })}
      </p>
    </div>
  )
}

async function LanguageFields({ name, label, typed, fault, hint }: Props & { hint: string }) {
  const t = await getTranslations('staff.settings')
  const toLanguage = await getLanguageWords()
  const translations = listTranslations()
  return (
    <fieldset id={name} className="space-y-3" aria-describedby={fault ? `${name}-fault` : undefined}>
      <legend className="font-semibold">{label}</legend>
      <p className="note">{hint}</p>
      {fault ? <FieldFault name={name}>{fault}</FieldFault> : null}
      {translations.map((locale) => (
        <CheckField
          key={locale}
          name={languageField(locale)}
          label={toLanguage(locale)}
          isChecked={typed[languageField(locale)] === 'yes'}
        />
      ))}
      <SelectMenu
        name={name}
        label={t('firstLanguage')}
        options={translations.map((locale) => ({ value: locale, words: toLanguage(locale) }))}
        value={typed[name] ?? null}
      />
    </fieldset>
  )
}

/** The browser's list lacks some older names, and may lack the present one. */
const listZones = (present: string) =>
  [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone'), ...(present ? [present] : [])])].sort()
