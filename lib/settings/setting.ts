import { variables } from '@/lib/config/env-variables'
import type { SettableVariable } from '@/lib/config/settings'
import { reasonKey, sentenceKey, sentenceNames } from '@/lib/texts/part'

/** The pages of the settings. */
export const sections = ['identity', 'contact', 'languages', 'texts', 'defaults'] as const
export type Section = (typeof sections)[number]

const variablesOf: Record<Section, readonly SettableVariable[]> = {
  identity: ['INSTITUTION_NAME', 'INSTITUTION_SHORT_NAME', 'INSTITUTION_ACCENT'],
  contact: ['SUPPORT_EMAIL', 'PRIVACY_URL', 'ACCESSIBILITY_URL'],
  languages: ['INSTITUTION_LANGUAGES', 'INSTITUTION_TIME_ZONE'],
  texts: [],
  defaults: [
    'CHECK_EVERY_DAYS',
    'RECORD_CACHE_MINUTES',
    'INVITATION_DAYS',
    'MAIL_PER_DAY',
    'LEAVERS_PAUSE_DAYS',
    'COMPARE_DEPARTMENTS',
  ],
}

/** Each has a form of its own, as a file is saved at once. */
export const logoVariables = ['INSTITUTION_LOGO', 'INSTITUTION_LOGO_DARK'] as const
export type LogoVariable = (typeof logoVariables)[number]

/** The settings of a page. `scopes`: those that may have a reason. */
export function listKeys(section: Section, locale: string, scopes: readonly string[]): string[] {
  if (section !== 'texts') return [...variablesOf[section]]
  return [...sentenceNames.map((name) => sentenceKey(locale, name)), ...scopes.map((one) => reasonKey(locale, one))]
}

export const isVariable = (key: string): key is SettableVariable => !key.startsWith('texts.')

/** What holds where nothing is set. */
export const defaults: Partial<Record<SettableVariable, string>> = {
  INSTITUTION_ACCENT: '#1d4f91',
  INSTITUTION_TIME_ZONE: 'UTC',
  CHECK_EVERY_DAYS: '7',
  RECORD_CACHE_MINUTES: '1',
  INVITATION_DAYS: '30',
  MAIL_PER_DAY: '2000',
  LEAVERS_PAUSE_DAYS: '180',
  COMPARE_DEPARTMENTS: 'yes',
}

/** From and to which whole number; null for another kind of setting. */
export function findBounds(variable: SettableVariable): { min: number; max: number } | null {
  const inner =
    'unwrap' in variables.shape[variable] ? (variables.shape[variable] as { unwrap(): unknown }).unwrap() : {}
  const { minValue, maxValue } = inner as { minValue?: number; maxValue?: number }
  return typeof minValue === 'number' && typeof maxValue === 'number' ? { min: minValue, max: maxValue } : null
}
