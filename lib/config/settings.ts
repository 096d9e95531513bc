import { institution } from '@/lib/institution'

/** The variables that administrators may also set on the settings page. The environment comes before these. */
export const settableVariables = [
  'INSTITUTION_NAME',
  'INSTITUTION_SHORT_NAME',
  'INSTITUTION_ACCENT',
  'INSTITUTION_LOGO',
  'INSTITUTION_LOGO_DARK',
  'SUPPORT_EMAIL',
  'PRIVACY_URL',
  'ACCESSIBILITY_URL',
  'INSTITUTION_LANGUAGES',
  'INSTITUTION_TIME_ZONE',
  'CHECK_EVERY_DAYS',
  'RECORD_CACHE_MINUTES',
  'INVITATION_DAYS',
  'MAIL_PER_DAY',
  'LEAVERS_PAUSE_DAYS',
  'COMPARE_DEPARTMENTS',
] as const

export type SettableVariable = (typeof settableVariables)[number]

/** By variable, and by `texts.<language>.…` for the institution's texts. */
export type SettingValues = Readonly<Record<string, string>>

/** `version`: the id of the newest row; 0 for none. */
export type Settings = { version: number; values: SettingValues }

declare module '@/lib/institution' {
  interface Institution {
    settings?: Settings
  }
}

/** What administrators set, as this process last read it. */
export const settings = (): Settings => institution().settings ?? { version: 0, values: {} }

/** From now on this process follows these. */
export function followSettings(current: Settings): void {
  institution().settings = current
  institution().env = undefined
}

/** The variable of the environment that sets this one: itself or its `_FILE`; null for none. */
export function findSetBy(
  variable: SettableVariable,
  source: Record<string, string | undefined> = process.env,
): string | null {
  return [variable, `${variable}_FILE`].find((name) => source[name]) ?? null
}
