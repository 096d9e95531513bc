import type { Section } from '@/lib/settings/setting'

/** The page of some settings; the texts have one for each language. */
export const settingsHref = (section: Section, locale: string): string =>
  `/staff/settings?${new URLSearchParams(section === 'texts' ? { section, locale } : { section })}`
